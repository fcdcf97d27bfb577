import json
import sqlite3
from contextlib import closing

import pytest

from harvest.database.runs import RunLog
from harvest.errors import InputError, StorageError
from harvest.store import Store
from harvest.verifying.job import as_json, as_table, conclude, verify
from tests.harvest.fakes import ID
from tests.harvest.verifying.test_checks import DAMAGE

WHOLE = "harvest.db is whole: 20 tasks, 38 rows"  # 6 features, 8 tracks, 12 tags, 12 similars

ROW = "'t', 'a', '', '', '', 0"
NAMED_TASK = "'done', 0, 0, NULL, 1, -1, 'spotify', 'raw', NULL"


def damage(state, *statements):
    with closing(sqlite3.connect(state / "harvest.db")) as db, db:
        for statement in statements:
            db.execute(statement)


def failed(state):
    """What is wrong with a state: offenders and examples by check."""
    return {each.check: (each.offenders, each.examples) for each in verify(state).failed}


def test_what_the_jobs_wrote_is_whole(gathered):
    assert conclude(verify(gathered)).endswith(WHOLE)


def test_a_state_is_read_while_it_is_written(gathered):
    with Store.open(gathered) as store, store.transaction() as db:
        db.execute("DELETE FROM audio_features")
        assert conclude(verify(gathered)).endswith(WHOLE)


def test_verifying_changes_nothing(gathered):
    before = {path: path.read_bytes() for path in gathered.iterdir()}
    verify(gathered)
    after = {path: path.read_bytes() for path in before}
    assert after == before


def test_without_a_database_there_is_nothing_to_verify(tmp_path):
    with pytest.raises(InputError, match=r"harvest\.db does not exist"):
        verify(tmp_path)
    (tmp_path / "harvest.db").touch()
    with pytest.raises(InputError, match=r"harvest\.db is empty"):
        verify(tmp_path)


@pytest.mark.parametrize("beside", ["tables", "playlists", "msd", "export", "unresolved.csv"])
def test_an_empty_database_beside_anything_of_a_harvest_is_a_finding(beside, tmp_path):
    (tmp_path / "harvest.db").touch()
    (tmp_path / beside).touch()
    assert failed(tmp_path) == {"file: harvest.db has its tables": (1, ("none, in 0 bytes",))}
    with pytest.raises(StorageError) as raised:
        conclude(verify(tmp_path))
    # It fits both: lost, and killed before anything was stored.
    assert str(raised.value).endswith(
        "; if nothing was gathered yet, as where a first run was killed at once, nothing is lost "
        "and any job goes on; else bring back a copy before one is started"
    )


def test_an_empty_database_does_not_keep_the_tables_from_being_looked_at(with_tables):
    (with_tables / "harvest.db").write_bytes(b"")
    (with_tables / "tables" / "manifest.json").write_text("{")
    assert list(failed(with_tables)) == [
        "file: harvest.db has its tables",
        "tables: files as in manifest.json",
    ]


def test_a_database_that_was_emptied_is_a_finding_while_its_log_stands_beside_it(gathered):
    with Store.open(gathered):
        (gathered / "harvest.db").write_bytes(b"")
        assert list(failed(gathered)) == ["file: harvest.db has its tables"]


def test_an_older_version_is_no_damage(gathered):
    damage(gathered, "PRAGMA user_version = 1")
    with pytest.raises(InputError, match=r"of version 1; start a job once"):
        verify(gathered)


def test_a_lost_row_is_found_and_named(gathered):
    damage(gathered, f"DELETE FROM audio_features WHERE spotify_id = '{ID(3)}'")
    assert failed(gathered) == {"spotify: every done task has its row": (1, (ID(3),))}


def test_at_most_five_examples_are_given_in_the_order_of_the_ids(gathered):
    damage(gathered, "DELETE FROM audio_features")
    examples = tuple(ID(i) for i in range(5))
    assert failed(gathered) == {"spotify: every done task has its row": (6, examples)}


@pytest.mark.parametrize(
    ("check", "statement"), [(check, each) for check, kinds in DAMAGE.items() for each in kinds]
)
def test_whatever_does_not_hold_between_tables_is_told_with_an_example(check, statement, gathered):
    damage(gathered, statement)
    offenders, examples = failed(gathered)[check]
    assert (offenders, len(examples)) == (1, 1)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("audio_features", "valence", "1.25"),
        ("audio_features", "tempo", "9e999"),
        ("audio_features", "loudness", "'loud'"),
        ("audio_features", "key", "12"),
        ("audio_features", "time_signature", "4.5"),
        ("audio_features", "fetched_at", "0"),
        ("audio_features", "provider", "''"),
        ("lastfm_track", "playcount", "-1"),
        ("lastfm_track", "mbid", "x''"),
    ],
)
def test_a_value_out_of_its_range_is_named_with_its_column(table, column, value, gathered):
    damage(gathered, f"UPDATE {table} SET {column} = {value} WHERE spotify_id = '{ID(2)}'")
    assert failed(gathered) == {f"{table}: {column} in its range": (1, (ID(2),))}


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("track", "title", "CAST(x'ff' AS TEXT)"),
        ("audio_features", "provider", "CAST(x'ff' AS TEXT)"),
        ("audio_features", "fetched_at", "1e300"),
        ("lastfm_track", "title", "CAST(x'ff' AS TEXT)"),
        ("task", "error", "CAST(x'ff' AS TEXT)"),
        ("task", "next_at", "1e300"),
        ("task", "form", "'x'"),
    ],
)
def test_a_value_that_other_commands_would_stumble_over_is_named(table, column, value, gathered):
    damage(gathered, f"UPDATE {table} SET {column} = {value} WHERE spotify_id = '{ID(2)}'")
    _, examples = failed(gathered)[f"{table}: {column} in its range"]
    assert set(examples) == {ID(2)}


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        *(("job", "not_before", value) for value in ("9e999", "1e300", "-1", "'x'")),
        ("job", "paused_until", "9e999"),
        ("job", "wanted", "8"),
        ("job", "reason", "CAST(x'ff' AS TEXT)"),
        ("job", "provider", "x'00'"),
        ("day", "requests", "-1"),
        ("day", "requests", "1.5"),
        *(("run", name, "'x'") for name in ("pid", "started_at", "seen_at", "requests")),
        *(("run", name, "-1") for name in ("settled", "limited", "failed", "rejected")),
        ("run", "outcome", "CAST(x'ff' AS TEXT)"),
    ],
)
def test_what_is_noted_of_jobs_days_and_runs_has_its_range_too(table, column, value, gathered):
    with Store.open(gathered) as store:
        RunLog(store).begin("lastfm", reserved=1)
    assert failed(gathered) == {}
    damage(gathered, f"UPDATE {table} SET {column} = {value} WHERE job = 'lastfm'")
    assert failed(gathered)[f"{table}: {column} in its range"][0] == 1


def test_an_id_that_is_no_text_is_a_finding_among_others(gathered):
    for table in ("audio_features", "lastfm_tag", "task"):
        damage(
            gathered,
            f"UPDATE {table} SET spotify_id = CAST(x'ff' AS TEXT) WHERE spotify_id = '{ID(2)}'",
        )
    found, shown = failed(gathered), "\N{REPLACEMENT CHARACTER}"
    assert found["audio_features: of a known track"] == (1, (shown,))
    assert found["lastfm_tag: no row without a task"] == (1, (shown,))
    assert found["task: of a known track"] == (2, (shown, shown))


def test_each_column_that_is_wrong_is_named(gathered):
    damage(
        gathered,
        f"UPDATE lastfm_tag SET weight = 101 WHERE spotify_id = '{ID(1)}'",
        "UPDATE lastfm_similar SET match = -0.5",
        "UPDATE task SET attempts = 6 WHERE job = 'lastfm' AND seq = 7",
        "UPDATE task SET next_at = -1 WHERE job = 'spotify' AND seq = 7",
    )
    assert failed(gathered) == {
        "task: attempts in its range": (1, (ID(7),)),
        "task: next_at in its range": (1, (ID(7),)),
        "lastfm_tag: weight in its range": (2, (ID(1), ID(1))),
        "lastfm_similar: match in its range": (12, (ID(0), ID(0), ID(1), ID(1), ID(2))),
    }


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("DROP INDEX task_due", "task_due"),
        ("ALTER TABLE run DROP COLUMN limited", "run"),
        ("CREATE TABLE extra (x)", "extra"),
    ],
)
def test_tables_that_are_not_ours_are_named(statement, name, gathered):
    damage(gathered, statement)
    assert failed(gathered) == {"file: tables as in schema.sql": (1, (name,))}


def test_an_index_that_lacks_an_entry_is_found(gathered):
    damage(
        gathered,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = replace(sql, '''pending''', '''done''') "
        "WHERE name = 'task_due'",
    )
    assert "file: every page and index is sound" in failed(gathered)


def test_bytes_overwritten_in_the_middle_of_the_file_are_found(gathered):
    path = gathered / "harvest.db"
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle - 4096 : middle + 4096] = b"x" * 8192
    path.write_bytes(content)
    verdict = verify(gathered)
    assert [each.check for each in verdict.failed] == ["file: every page and index is sound"]
    with pytest.raises(StorageError, match="bring back a copy") as why:
        conclude(verdict)
    assert "\n" not in str(why.value)


def test_what_is_wrong_ends_in_one_line_that_says_what_to_do(gathered):
    damage(gathered, "DELETE FROM audio_features", "DELETE FROM lastfm_track")
    with pytest.raises(StorageError) as why:
        conclude(verify(gathered))
    assert str(why.value) == (
        f"{gathered} is not whole: 3 of 35 checks failed, first “spotify: every done task has its "
        "row” (6); bring back a copy, or take what is sound to a new state: "
        "`harvest export --format csv`, then `harvest import` with another --state"
    )


@pytest.fixture
def with_tables(gathered, tmp_path):
    """The gathered state with the tables of a tiny dataset beside it."""
    from harvest.sources.mpd import ingest
    from tests.harvest.sources.conftest import MpdFactory

    mpd = MpdFactory(tmp_path)
    ingest(mpd.zip(mpd.slices(1)), gathered / "tables", workers=1)
    return gathered


def test_the_table_has_a_line_and_the_json_an_entry_for_each_check(gathered):
    damage(gathered, f"DELETE FROM audio_features WHERE spotify_id = '{ID(3)}'")
    verdict = verify(gathered)
    assert as_table(verdict).row_count == len(verdict.findings)
    shown = json.loads(json.dumps(as_json(verdict)))
    assert (shown["is_whole"], shown["tasks"], shown["rows"]) == (False, 20, 37)
    (bad,) = [each for each in shown["checks"] if each["offenders"]]
    assert (bad["check"], bad["examples"]) == ("spotify: every done task has its row", [ID(3)])


def test_songs_and_matches_are_whole_without_a_database_too(matched):
    assert [finding.check for finding in verify(matched).findings] == [
        "tables: files as in manifest.json",
        "msd: files as in manifest.json",
        "msd: files as in match_manifest.json",
        "msd: matches are of the tables that are there",
    ]
    assert conclude(verify(matched)).endswith("songs are whole; there is no harvest.db yet")


def test_impossible_ids_of_older_runs_are_told_of_with_what_to_do(gathered):
    damage(gathered, f"INSERT INTO spotify_track VALUES ('{ID(3)}', 'garbage', {ROW})")
    damage(gathered, f"INSERT INTO task VALUES ('names', 4, '{ID(3)}', {NAMED_TASK})")
    assert failed(gathered) == {"spotify_track: found under an id of Spotify's": (1, (ID(3),))}
    with pytest.raises(StorageError, match="run `harvest resolve`, which forgets them and asks"):
        conclude(verify(gathered))
