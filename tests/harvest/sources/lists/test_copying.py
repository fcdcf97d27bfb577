import pyarrow as pa
import pytest

from harvest.sources.lists.collection import Gatherer
from harvest.sources.lists.copying import Copy
from harvest.sources.lists.finding import find_files
from harvest.sources.lists.pieces import Piece, names_of, piece_tables
from tests.harvest.sources.lists.conftest import track_id

URIS = [f"spotify:track:{track_id(n)}" for n in range(4)]


@pytest.fixture
def own(lists):
    """`Mine` of tracks 1 and 2 by their ids, then of 1 and 3 by their names."""
    named = "#EXTM3U\n#EXTINF:1,Artist 1 - Track 1\nx.mp3\n#EXTINF:1,Artist 3 - Track 3\ny.mp3\n"
    paths = [lists.uris("a/Mine.txt", 1, 2), lists.write("b/Mine.m3u", named)]
    gatherer = Gatherer()
    gatherer.add(piece_tables(Piece(find_files(paths).files)))
    return gatherer.gathered()


def there(own, name, tracks):
    """Say of own playlists whether a dataset of this one playlist has them."""
    copy = Copy(own)
    playlist = {"playlist_id": 5, "name": name, "num_tracks": len(tracks)}
    copy.see_playlists(pa.Table.from_pylist([playlist]))
    schema = pa.schema([("playlist_id", pa.int32()), ("track_id", pa.int32())])
    entries = [{"playlist_id": 5, "track_id": track} for track in tracks]
    copy.see_entries(pa.Table.from_pylist(entries, schema))
    names = {n: (URIS[n], names_of(f"artist {n}", f"track {n}")) for n in copy.wanted_tracks}
    copy.see_tracks(names)
    return copy.are_there().tolist()


def test_a_playlist_is_told_by_its_ids_or_by_its_names(own):
    assert there(own, " mine", [1, 2]) == [True, False]
    assert there(own, "MINE", [1, 3]) == [False, True]


@pytest.mark.parametrize(
    ("name", "tracks"), [("Mine too", [1, 2]), ("Mine", [2, 1]), ("Mine", [1]), ("Mine", [1, 2, 3])]
)
def test_another_name_order_or_length_is_another_playlist(own, name, tracks):
    assert there(own, name, tracks) == [False, False]


def test_tracks_of_playlists_that_cannot_be_own_ones_are_not_looked_at(own):
    copy = Copy(own)
    copy.see_playlists(pa.table({"playlist_id": [1], "name": ["Other"], "num_tracks": [2]}))
    copy.see_entries(pa.table({"playlist_id": [1], "track_id": [1]}))
    assert copy.wanted_tracks == set()
