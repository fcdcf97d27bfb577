import sqlite3
from contextlib import closing

import pytest

from harvest.verifying.checks import COLUMNS, RELATIONS
from harvest.verifying.ranges import conditions
from tests.harvest.fakes import ID


def offenders(state, query):
    with closing(sqlite3.connect(state / "harvest.db")) as db:
        return [row[0] for row in db.execute(query)]


@pytest.mark.parametrize("check", RELATIONS)
def test_what_the_jobs_write_offends_against_nothing(check, gathered):
    assert offenders(gathered, RELATIONS[check]) == []


def test_every_column_has_a_range(gathered):
    free = {  # relations, a constraint, a key see to these
        "track": {"track_id"},
        "task": {"job", "state", "track_id", "twin_of"},
        "run": {"run_id"},
        "audio_features": {"track_id"},
    }
    tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    assert set(COLUMNS) == set(offenders(gathered, tables))
    for table, kinds in COLUMNS.items():
        columns = set(offenders(gathered, f"SELECT name FROM pragma_table_info('{table}')"))
        ranges = {name for kind in kinds for name in conditions(kind)}
        assert columns - free.get(table, set()) == ranges


DAMAGE = {
    "task: of a known job": [
        "UPDATE task SET job = 'tidal' WHERE job = 'spotify' AND track_id = 10"
    ],
    "task: of a known track": ["UPDATE task SET track_id = 99 WHERE job = 'spotify' AND seq = 9"],
    "task: parts agree with state": [
        "UPDATE task SET parts = 7 WHERE job = 'lastfm' AND seq = 9",
        "UPDATE task SET parts = 3 WHERE job = 'lastfm' AND seq = 0",
        "UPDATE task SET parts = 8 WHERE job = 'spotify' AND seq = 8",
        "UPDATE task SET parts = 1 WHERE job = 'spotify' AND seq = 7",
    ],
    "task: missing and dead say why": [
        "UPDATE task SET error = NULL WHERE job = 'spotify' AND seq = 6",
        "UPDATE task SET error = '' WHERE job = 'lastfm' AND seq = 7",
    ],
    "task: settled ones name who settled them": [
        "UPDATE task SET provider = NULL WHERE job = 'spotify' AND seq = 0",
        "UPDATE task SET provider = 'spotify' WHERE job = 'spotify' AND seq = 9",
    ],
    "spotify: every done task has its row": [
        f"DELETE FROM audio_features WHERE spotify_id = '{ID(3)}'"
    ],
    "spotify: no missing or dead task has a row": [
        "UPDATE task SET state = 'dead', error = 'x', parts = 0 WHERE job = 'spotify' AND seq = 3"
    ],
    "task: twins are one recording and stand alike": [
        "UPDATE task SET twin_of = 1 WHERE job = 'lastfm' AND track_id = 2",  # other names
        "UPDATE task SET twin_of = 77 WHERE job = 'lastfm' AND track_id = 2",
    ],
    "lastfm: every done task has its row": [
        f"DELETE FROM lastfm_track WHERE spotify_id = '{ID(3)}'",
        f"DELETE FROM lastfm_track WHERE spotify_id = '{ID(8)}'",  # pending, its first part stored
    ],
    "audio_features: of a known track": [
        f"UPDATE audio_features SET spotify_id = '{ID(77)}' WHERE spotify_id = '{ID(3)}'"
    ],
    "audio_features: no row without a task": ["DELETE FROM task WHERE job = 'spotify' AND seq = 3"],
    "lastfm_track: no row without a task": [
        f"UPDATE lastfm_track SET spotify_id = '{ID(9)}' WHERE spotify_id = '{ID(8)}'",
    ],
    "lastfm_track: matched as its task says": [
        f"UPDATE lastfm_track SET matched = 'plain' WHERE spotify_id = '{ID(3)}'",
        "UPDATE task SET form = 'plain' WHERE job = 'lastfm' AND seq = 3",
    ],
    "lastfm_tag: no row without a task": [f"INSERT INTO lastfm_tag VALUES ('{ID(8)}', 'x', 1)"],
    "lastfm_similar: no row without a task": [
        f"INSERT INTO lastfm_similar VALUES ('{ID(77)}', 'a', 't', 1)"
    ],
    "names, ids: every done task has its row": [
        f"INSERT INTO task (job, track_id, spotify_id, state, seq, provider) "
        f"VALUES ('{job}', 4, '{ID(3)}', 'done', 0, 'spotify')"
        for job in ("names", "ids")
    ],
    "spotify_track: no row without a task": [
        f"INSERT INTO spotify_track VALUES ('{ID(3)}', '{ID(3)}', 't', 'a', '', '', '', 0)"
    ],
    "lastfm: what is stored is counted": ["UPDATE job SET bytes = bytes + 1 WHERE job = 'lastfm'"],
    "spotify_track: found under an id of Spotify's": [
        f"INSERT INTO spotify_track VALUES ('{ID(3)}', '{found}', 't', 'a', '', '', '', 0)"
        for found in ("garbage", ID(3) + "0", ID(3)[1:] + "é")
    ],
    "spotify, names: asked for by ids of Spotify's": [
        "UPDATE task SET spotify_id = 'garbage' WHERE job = 'spotify' AND seq = 9"
    ],
    "job, day, run: of a known job": [
        "INSERT INTO job (job, fingerprint) VALUES ('tidal', 'x')",
        "INSERT INTO day VALUES ('', '2026-11-23', 1)",
        "INSERT INTO run (job, pid, started_at, seen_at) VALUES (x'ff', 1, 1, 1)",
    ],
    "job: has its row where it has tasks": [
        f"DELETE FROM job WHERE job = '{job}'" for job in ("spotify", "lastfm")
    ],
    "day: a date": [
        f"INSERT INTO day VALUES ('lastfm', {day}, 1)" for day in ("'x'", "'2026-13-01'", "5", "''")
    ],
}


def test_features_from_a_file_need_no_job(gathered):
    with closing(sqlite3.connect(gathered / "harvest.db")) as db, db:
        db.execute("DELETE FROM job WHERE job = 'spotify'")
        db.execute("UPDATE task SET seq = -1 WHERE job = 'spotify'")  # as `harvest import` has them
    check = "job: has its row where it has tasks"
    assert offenders(gathered, RELATIONS[check]) == []


def test_there_is_damage_of_every_kind():
    assert list(DAMAGE) == list(RELATIONS)


@pytest.mark.parametrize(
    ("check", "damage"), [(check, each) for check, kinds in DAMAGE.items() for each in kinds]
)
def test_damage_offends_against_the_check_that_is_for_it(check, damage, gathered):
    with closing(sqlite3.connect(gathered / "harvest.db")) as db, db:
        assert db.execute(damage).rowcount == 1
    assert len(offenders(gathered, RELATIONS[check])) == 1


def test_what_an_earlier_provider_gave_needs_no_part(gathered):
    # So `harvest spotify` leaves a track that had its features before it had its task.
    with closing(sqlite3.connect(gathered / "harvest.db")) as db, db:
        db.execute("UPDATE task SET parts = 0 WHERE job = 'spotify' AND state = 'done'")
    assert offenders(gathered, RELATIONS["task: parts agree with state"]) == []
