import os
import sqlite3
import time
from contextlib import closing

import pytest

from harvest.asking.health import WELL_KNOWN
from harvest.database.runs import RunLog
from harvest.doctoring import services
from harvest.doctoring.job import Means, conclude, diagnose
from harvest.errors import CredentialsRefused, InputError, Postponed, StorageError
from harvest.jobs.running import add_tasks
from harvest.machine.surroundings import Mark, Sign
from harvest.own_playlists.collecting import collect
from harvest.store import Store
from harvest.worklist import Embargo, Tally
from tests.end_to_end.conftest import CREDENTIALS, running_emulator, stats
from tests.harvest.sources.lists.conftest import Lists

MEANS = Means({"spotify": 3.0, "lastfm": 4.0})
NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    with running_emulator(tmp_path_factory.mktemp("emulator")) as urls:
        yield urls


@pytest.fixture
def set_up(urls, monkeypatch, tmp_path):
    """All services at the emulator, with made-up credentials, in a folder of our own."""
    for name in ("SPOTIFY_API_KEY", "LASTFM_API_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    for name, value in {**CREDENTIALS, **urls}.items():
        monkeypatch.setenv(name, value)


def signs(state, means=MEANS, **options):
    return {sign.subject: sign for sign in diagnose(state, means, **options)}


def n_requests(urls):
    return sum(n for answers in stats(urls)["requests"].values() for n in answers.values())


def test_where_all_is_well_nothing_is_raised(set_up, gathered):
    found = signs(gathered)
    assert {sign.mark for sign in found.values()} == {Mark.GOOD}
    assert {"Spotify", "last.fm", "ReccoBeats", "clock", "disk", "versions"} < set(found)
    conclude(list(found.values()))


def test_looking_changes_nothing_and_makes_nothing(set_up, gathered, tmp_path):
    before = {path: path.read_bytes() for path in gathered.iterdir()}
    diagnose(gathered, MEANS)
    assert {path: path.read_bytes() for path in before} == before
    diagnose(tmp_path / "nowhere", MEANS)
    assert not (tmp_path / "nowhere").exists()


def test_each_service_gets_one_question(set_up, urls, gathered):
    before = n_requests(urls)
    diagnose(gathered, MEANS)
    # A token and a batch of Spotify, one of ReccoBeats, one of last.fm.
    assert n_requests(urls) - before == 4


def test_what_finishing_takes_is_reckoned(set_up, gathered):
    found = signs(gathered, Means({"spotify": 3.0, "lastfm": 0.5}, daily_budget=4))
    # 2 tracks in one batch; and 2 tracks that lack 2 and 3 parts, of which 4 may be sent today and
    # 1 tomorrow: 86,400 s and 1 / 0.5 s.
    assert found["spotify, to finish"].text == (
        "tracks: 2; requests: about 1; time: 1 s at 3 a second and 4 a day"
    )
    assert found["lastfm, to finish"].text == (
        "tracks: 2; requests: about 5; time: 24 h at 0.5 a second and 4 a day"
    )


def test_tracks_that_the_tables_have_got_since_are_reckoned_in(set_up, tmp_path):
    lists, state = Lists(tmp_path / "lists"), tmp_path / "own"
    collect(state, [lists.uris("a.txt", 1, 2)], workers=1)
    with Store.open(state) as store:
        add_tasks(store, "spotify", state)
        with store.transaction() as db:
            db.execute("UPDATE task SET state = 'done'")
    assert signs(state)["spotify, to finish"].text == "nothing is pending"
    collect(state, [lists.uris("b.txt", 3, 4, 5)], workers=1)
    sign = signs(state, Means({"spotify": 3.0, "lastfm": 0.5}))["spotify, to finish"]
    assert sign.mark is Mark.NOTE
    assert sign.text == (
        "tracks: 3; requests: about 1; time: 1 s at 3 a second; "
        "the tables have got 3 tracks since it was last started, counted as pending"
    )


def test_a_service_without_credentials_is_a_note(set_up, gathered, monkeypatch):
    monkeypatch.delenv("LASTFM_API_KEY")
    found = signs(gathered)
    assert (found["last.fm"].mark, found["last.fm"].exit_code) == (Mark.NOTE, 0)
    conclude(list(found.values()))


def test_an_unreachable_service_ends_in_75(set_up, gathered, monkeypatch):
    monkeypatch.setenv("LASTFM_API_URL", NOBODY)
    with pytest.raises(Postponed, match=r"last\.fm: no reply from http://127\.0\.0\.1:9"):
        conclude(list(signs(gathered).values()))


def test_the_keyless_service_is_a_fault_only_where_it_is_the_only_one(
    set_up, gathered, monkeypatch
):
    monkeypatch.setenv("RECCOBEATS_API_URL", NOBODY)
    assert signs(gathered)["ReccoBeats"].mark is Mark.NOTE
    monkeypatch.delenv("SPOTIFY_CLIENT_ID")
    monkeypatch.delenv("SPOTIFY_CLIENT_SECRET")
    assert signs(gathered)["ReccoBeats"].exit_code == 75


def test_a_service_that_wants_to_be_left_alone_is_not_asked(set_up, urls, gathered):
    with Store.open(gathered) as store:
        embargo = Embargo(time.time() + 86400, "Spotify's daily quota is used up", "spotify")
        RunLog(store).set_embargo("spotify", embargo)
    before = n_requests(urls)
    found = signs(gathered)
    assert n_requests(urls) - before == 2
    assert found["Spotify"].exit_code == 75
    assert "quota is used up; nothing is sent before 20" in found["Spotify"].text


def hear(state, job, asked, **waits):
    """As a run of `job` that was told so by a service."""
    with Store.open(state) as store:
        runs = RunLog(store)
        store.add_tasks(job, [[(WELL_KNOWN.spotify_id, "A", "T")]], fingerprint="f")
        runs.hand_over(job, asked)
        tally = Tally(**waits, shut_because="the quota is used up")
        store.commit(job, [], provider=asked.provider, run_id=runs.begin(job), tally=tally)


@pytest.mark.parametrize("wait", ["shut_until", "paused_until"])
@pytest.mark.parametrize(
    "told",
    # Spotify takes a token and a batch, the others a request each.
    [("names", "Spotify", 2), ("ids", "Spotify", 2), ("lastfm", "last.fm", 3)],
)
def test_nor_is_one_that_said_so_to_any_job_in_the_same_name(told, wait, set_up, urls, gathered):
    job, service, n_asked = told
    (asked,) = (each.asked for each in services.set_up()[0] if each.name == service)
    hear(gathered, job, asked, **{wait: time.time() + 3600})
    before = n_requests(urls)
    found = signs(gathered)
    assert n_requests(urls) - before == n_asked
    assert (found[service].mark, found[service].exit_code) == (Mark.BAD, 75)
    assert "nothing is sent before 20" in found[service].text


def test_one_that_said_so_to_another_app_is_asked(set_up, gathered, monkeypatch):
    (asked,) = (each.asked for each in services.set_up()[0] if each.name == "Spotify")
    hear(gathered, "spotify", asked, shut_until=time.time() + 3600)
    monkeypatch.setenv("SPOTIFY_CLIENT_ID", "another app")
    assert "nothing is sent" not in signs(gathered)["Spotify"].text


def test_the_keyless_service_may_wait_where_it_is_not_needed(set_up, gathered):
    (asked,) = (each.asked for each in services.set_up()[0] if each.name == "ReccoBeats")
    hear(gathered, "spotify", asked, shut_until=time.time() + 3600)
    found = signs(gathered)
    assert (found["ReccoBeats"].mark, found["Spotify"].mark) == (Mark.NOTE, Mark.GOOD)


def test_a_harvester_at_work_is_named(set_up, gathered):
    with Store.open(gathered) as store:
        RunLog(store).begin("spotify")
        assert f"process {os.getpid()} is at work" in signs(gathered)["spotify"].text


def test_a_damaged_state_is_told_and_the_services_are_asked_all_the_same(set_up, gathered):
    (gathered / "harvest.db").write_bytes(b"no database" * 1000)
    found = signs(gathered)
    assert (found["state"].mark, found["state"].exit_code) == (Mark.BAD, 74)
    assert found["Spotify"].mark is Mark.GOOD


def test_an_older_version_of_the_database_is_told(set_up, gathered):
    with closing(sqlite3.connect(gathered / "harvest.db")) as db, db:
        db.execute("PRAGMA user_version = 1")
    found = signs(gathered)
    assert "start a job once" in found["state"].text
    assert found["Spotify"].mark is Mark.GOOD


def test_a_clock_that_is_wrong_is_a_note(set_up, gathered):
    ahead = signs(gathered, clock=lambda: time.time() + 600)["clock"]
    assert ahead.text.startswith("10 min ahead of the services'; set it")
    behind = signs(gathered, clock=lambda: time.time() - 300)["clock"]
    assert behind.text.startswith("5 min behind the services'")
    assert ahead.mark is behind.mark is Mark.NOTE


@pytest.mark.parametrize(
    ("exit_codes", "error"),
    [
        ([75, 77, 74, 2], InputError),
        ([75, 77, 74], StorageError),
        ([75, 77], CredentialsRefused),
        ([75], Postponed),
    ],
)
def test_the_worst_sign_decides_the_exit_code(exit_codes, error):
    bad = [Sign(Mark.BAD, str(code), "is bad", code) for code in exit_codes]
    with pytest.raises(error, match=f"^{exit_codes[-1]}: is bad") as why:
        conclude([Sign(Mark.NOTE, "x", "y"), *bad])
    assert ("more)" in str(why.value)) == (len(bad) > 1)


def test_last_fm_s_terms_are_said_once_with_what_is_stored(set_up, gathered):
    said = [sign for sign in diagnose(gathered, MEANS) if "non-commercial" in sign.text]
    (sign,) = said
    assert (sign.subject, sign.mark) == ("last.fm's terms", Mark.GOOD)
    assert "at most 100 MB of its data stored; 0.1 MB are." in sign.text
    with closing(sqlite3.connect(gathered / "harvest.db")) as db, db:
        db.execute("UPDATE job SET bytes = 100000001 WHERE job = 'lastfm'")
    assert signs(gathered)["last.fm's terms"].mark is Mark.NOTE
