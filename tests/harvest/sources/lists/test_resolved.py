import sqlite3

import pyarrow as pa
import pytest

from harvest.sources.lists.resolved import Resolved, key_of_track, read_resolved
from harvest.store import Store
from tests.harvest.sources.lists.conftest import track_id

NAMED = f"name:track:{'a' * 22}"
FOUND = ("Sinnerman", "Nina Simone", "spotify:artist:x", "Pastel Blues", "spotify:album:y", 620_000)


def tracks(*uris):
    return pa.table({"track_uri": list(uris)})


@pytest.fixture
def state(tmp_path):
    """Spotify has found names of track 1, and the id of a song that was known by names."""
    with Store.open(tmp_path) as store, store.transaction() as db:
        for asked, found in ((track_id(1), track_id(1)), (NAMED, track_id(2))):
            values = (asked, found, *FOUND)
            db.execute("INSERT INTO spotify_track VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    return tmp_path


def test_what_was_found_is_told_of_the_tracks_that_are_asked_for(state):
    found = read_resolved(state, tracks(NAMED, f"spotify:track:{track_id(3)}"))
    assert found == {NAMED: Resolved(track_id(2), *FOUND)}
    by_id = read_resolved(state, tracks(f"spotify:track:{track_id(1)}"))
    assert list(by_id) == [track_id(1)]


def test_a_row_gets_all_that_was_found():
    changes = Resolved(track_id(2), *FOUND[:-1], 2**40).changes()
    assert changes["track_uri"] == f"spotify:track:{track_id(2)}"
    assert (changes["track_name"], changes["artist_name"]) == ("Sinnerman", "Nina Simone")
    assert changes["duration_ms"] == 2**31 - 1  # the largest that the tables hold


@pytest.mark.parametrize("odd", ["garbage", "", f"{track_id(2)}0"])
def test_what_was_found_under_an_id_that_cannot_be_one_is_not_taken(odd, state):
    with sqlite3.connect(state / "harvest.db") as db:
        db.execute("UPDATE spotify_track SET found_id = ? WHERE spotify_id = ?", (odd, NAMED))
    db.close()
    uris = tracks(NAMED, f"spotify:track:{track_id(1)}")
    assert list(read_resolved(state, uris)) == [track_id(1)]


def test_before_any_job_nothing_was_found(tmp_path):
    assert read_resolved(tmp_path, tracks(NAMED)) == {}


def test_a_database_of_an_older_version_has_found_nothing(state):
    with sqlite3.connect(state / "harvest.db") as db:
        db.execute("PRAGMA user_version = 1")
    db.close()
    assert read_resolved(state, tracks(NAMED)) == {}


def test_a_track_without_an_id_is_called_by_its_uri():
    assert key_of_track(NAMED) == NAMED
    assert key_of_track(f"spotify:track:{track_id(1)}") == track_id(1)
