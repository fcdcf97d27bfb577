import shutil

import pyarrow.parquet as pq
import pytest

from harvest.errors import InputError
from harvest.own_playlists.collecting import collect
from harvest.sources.lists.combining import combine
from harvest.sources.lists.entries import made_up_uri
from harvest.store import Store
from tests.harvest.sources.lists.conftest import track_id

SINNERMAN = made_up_uri("track", "Nina Simone", "Sinnerman")


@pytest.fixture
def state(lists, tmp_path):
    """Track 1 by its id, and `Sinnerman` by its names."""
    named = lists.write("b.m3u", "#EXTM3U\n#EXTINF:1,Nina Simone - Sinnerman\nx.mp3\n")
    collect(tmp_path / "state", [lists.uris("a.txt", 1), named], workers=1)
    return tmp_path / "state"


def resolve(state, asked, found):
    names = ("Sinnerman", "Nina Simone", "spotify:artist:x", "Pastel Blues", "spotify:album:y", 9)
    with Store.open(state) as store, store.transaction() as db:
        row = (asked, found, *names)
        db.execute("INSERT INTO spotify_track VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)


def tracks(state):
    rows = pq.read_table(state / "tables" / "tracks.parquet").to_pylist()
    return [(row["spotify_id"], row["track_name"]) for row in rows]


def test_without_tables_and_own_playlists_there_is_nothing_to_combine(tmp_path):
    assert combine(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_what_has_not_changed_is_left_as_it_is(state):
    before = (state / "tables" / "tracks.parquet").stat().st_mtime_ns
    manifest = combine(state)
    assert manifest.counts["own_playlists"] == 2
    assert (manifest.counts["without_id"], manifest.counts["without_name"]) == (1, 1)
    assert (state / "tables" / "tracks.parquet").stat().st_mtime_ns == before


def test_an_id_that_was_found_stands_in_the_tables(state):
    resolve(state, SINNERMAN, track_id(2))
    assert combine(state).counts["without_id"] == 0
    assert tracks(state) == [(track_id(1), ""), (track_id(2), "Sinnerman")]


def test_a_track_that_gets_the_id_of_another_becomes_that_one(state):
    resolve(state, SINNERMAN, track_id(1))
    manifest = combine(state)
    assert tracks(state) == [(track_id(1), "Sinnerman")]
    assert (manifest.counts["tracks"], manifest.counts["entries"]) == (1, 2)


def test_playlists_that_prove_to_be_the_same_count_once(lists, tmp_path):
    named = lists.write("a/mine.m3u", "#EXTM3U\n#EXTINF:1,Nina Simone - Sinnerman\nx.mp3\n")
    state = tmp_path / "state"
    assert collect(state, [lists.uris("b/mine.txt", 2), named]).n_playlists == 2
    resolve(state, SINNERMAN, track_id(2))
    assert combine(state).counts["own_playlists"] == 1
    assert tracks(state) == [(track_id(2), "Sinnerman")]


def test_tables_whose_manifest_is_lost_keep_their_rows(state):
    (state / "tables" / "manifest.json").unlink()
    before = (state / "tables" / "tracks.parquet").read_bytes()
    resolve(state, SINNERMAN, track_id(2))
    with pytest.raises(InputError, match=r"manifest.json is missing .*; run `harvest mpd PATH`"):
        combine(state)
    assert (state / "tables" / "tracks.parquet").read_bytes() == before


@pytest.mark.parametrize("spoil", ["manifest.json", "", "beside a lost table"])
def test_own_playlists_that_are_kept_nowhere_else_stay_in_the_tables(state, spoil):
    path = state / "playlists" / ("" if spoil.startswith("beside") else spoil)
    path.unlink() if path.is_file() else shutil.rmtree(path)
    if spoil.startswith("beside"):
        (state / "tables" / "tracks.parquet").unlink()
    before = {path: path.read_bytes() for path in (state / "tables").iterdir()}
    with pytest.raises(InputError, match=r"manifest.json is missing, while .* 2 playlists of your"):
        combine(state)
    assert {path: path.read_bytes() for path in (state / "tables").iterdir()} == before


def test_lost_own_playlists_are_read_again_or_given_up_as_the_message_says(lists, state):
    shutil.rmtree(state / "playlists")
    files = [lists.root / "a.txt", lists.root / "b.m3u"]
    with pytest.raises(InputError, match=r"is missing, while"):
        collect(state, files, workers=1)
    assert collect(state, files, replaces=True, workers=1).n_playlists == 2
    shutil.rmtree(state / "playlists")
    (state / "tables").rename(state / "away")
    assert collect(state, files[:1], workers=1).n_playlists == 1


def test_damaged_own_playlists_are_read_again_as_the_message_says(lists, state):
    (state / "playlists" / "tracks.parquet").write_bytes(b"")
    with pytest.raises(InputError, match=r"is not whole, .*`harvest playlists --replace` all"):
        combine(state)
    files = [lists.root / "a.txt", lists.root / "b.m3u"]
    assert collect(state, files, replaces=True, workers=1).n_playlists == 2


def test_a_lost_table_of_own_playlists_alone_is_made_again(state):
    (state / "tables" / "tracks.parquet").unlink()
    assert combine(state).counts["tracks"] == 2
    assert tracks(state) == [(track_id(1), ""), (None, "Sinnerman")]
