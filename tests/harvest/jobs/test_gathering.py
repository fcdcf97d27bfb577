import time

import pytest

from harvest import tables, terms
from harvest.config import LastfmSettings, Secret, SpotifySettings
from harvest.database.runs import RunLog
from harvest.errors import InputError, Postponed
from harvest.jobs.gathering import run_lastfm, run_resolve, run_spotify
from harvest.jobs.running import JobOptions, add_tasks
from harvest.own_playlists.collecting import collect
from harvest.store import Store
from harvest.tables import Choice
from harvest.verifying.job import verify
from harvest.worklist import Embargo
from tests.harvest.fakes import ID
from tests.harvest.named_state import write_state
from tests.harvest.sources.lists.conftest import Lists

SETTINGS = SpotifySettings("http://127.0.0.1:9/v1", "http://127.0.0.1:9/t", "id", Secret("s"))
OPTIONS = JobOptions(rate=10, concurrency=1, limit=None, max_wait_s=1)


def names_asked_for(state):
    pages = tables.iter_tracks(state / "tables", which=Choice.WITHOUT_ID)
    return [row[0] for page in pages for row in page]


def test_without_tables_a_job_does_not_start(tmp_path, progress):
    with pytest.raises(InputError, match="harvest mpd PATH"):
        run_spotify(tmp_path, SETTINGS, OPTIONS, batch=100, progress=progress)


def test_pylast_is_not_begun_with_for_an_address_that_it_cannot_ask(tmp_path, progress):
    settings = LastfmSettings("http://127.0.0.1:9/2.0/", Secret("k"), Secret(""))
    with pytest.raises(InputError, match="pylast speaks https alone"):
        run_lastfm(tmp_path / "state", settings, OPTIONS, progress=progress, with_pylast=True)
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("attempt", range(3))
def test_before_the_time_that_a_service_named_nothing_is_sent(attempt, tmp_path, progress):
    write_state(tmp_path, songs=[], tracks=[("Cher", "Believe")])
    with Store.open(tmp_path) as store:
        add_tasks(store, "spotify", tmp_path)
        RunLog(store).set_embargo(
            "spotify", Embargo(time.time() + 3600, "Spotify's quota is used up")
        )
    # Nobody listens on that port: a request would fail otherwise than so.
    for _ in range(attempt + 1):
        with pytest.raises(Postponed, match="quota is used up; nothing is sent before 20") as why:
            run_spotify(tmp_path, SETTINGS, OPTIONS, batch=100, progress=progress)
    assert why.value.not_before.timestamp() > time.time()


def test_what_was_found_under_an_impossible_id_is_asked_for_again(tmp_path, progress):
    text = "#EXTM3U\n#EXTINF:1,Cher - Believe\na.mp3\n#EXTINF:1,Cher - Strong Enough\nb.mp3\n"
    collect(tmp_path, [Lists(tmp_path / "lists").write("a.m3u", text)], workers=1)
    (asked, other), found = names_asked_for(tmp_path), ("T", "A", "", "", "", 0)
    with Store.open(tmp_path) as store:
        add_tasks(store, "ids", tmp_path)
        with store.transaction() as db:
            for name, found_id in ((asked, "garbage"), (other, ID(7))):
                values = (name, found_id, *found)
                db.execute("INSERT INTO spotify_track VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
            db.execute("UPDATE task SET state = 'done', parts = 1, provider = 'spotify'")
        RunLog(store).set_embargo("ids", Embargo(time.time() + 3600, "Spotify's quota is used up"))
    with pytest.raises(Postponed):
        list(run_resolve(tmp_path, SETTINGS, OPTIONS, progress=progress))
    told = "resolve: 1 track found under ids that are none of Spotify's, asked again"
    assert progress.said[0] == told
    with Store.open(tmp_path) as store:
        assert [task.spotify_id for task in store.due("ids", before=1e12, limit=9)] == [asked]
        assert list(store.rows("SELECT spotify_id FROM spotify_track")) == [(other,)]
    assert verify(tmp_path).failed == ()


def test_above_what_last_fm_s_terms_allow_each_start_says_so(tmp_path, progress):
    write_state(tmp_path, songs=[], tracks=[])
    with Store.open(tmp_path) as store:
        add_tasks(store, "lastfm", tmp_path)
        with store.transaction() as db:
            db.execute("UPDATE job SET bytes = 123456789")
    settings = LastfmSettings("http://127.0.0.1:9/2.0/", Secret("k"), Secret(""))
    run_lastfm(tmp_path, settings, OPTIONS, progress=progress)
    assert progress.said[0] == f"lastfm: 123.5 MB are stored; {terms.LASTFM}"
