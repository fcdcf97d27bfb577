import numpy as np
import pytest

from harvest.errors import InputError
from harvest.sources.lists import collection
from harvest.sources.lists.collection import Gatherer
from harvest.sources.lists.finding import find_files
from harvest.sources.lists.pieces import Piece, piece_tables
from tests.harvest.sources.lists.conftest import track_id


def read(*paths):
    return piece_tables(Piece(find_files(paths).files))


def gather(*parts, without=()):
    gatherer = Gatherer()
    for part in parts:
        gatherer.add(part, without=without)
    return gatherer.gathered()


def songs(own):
    """Numbers of the tracks' ids of each playlist, by its name."""
    uris = own.tracks["track_uri"].to_pylist()
    found = {name: [] for name in own.playlists["name"].to_pylist()}
    names = list(found)
    for row in own.entries.to_pylist():
        found[names[row["playlist"]]].append(int(uris[row["track"]][-22:]))
    return found


def test_playlists_of_several_parts_share_their_tracks(lists):
    own = gather(read(lists.uris("a.txt", 2, 1)), read(lists.uris("b.txt", 1, 3)))
    assert songs(own) == {"a": [2, 1], "b": [1, 3]}
    assert own.tracks.num_rows == 3
    assert own.playlists["file"].to_pylist() == [0, 1]


def test_files_that_are_passed_over_take_their_playlists_along(lists):
    paths = [lists.uris("a.txt", 1), lists.uris("b.txt", 2)]
    own = gather(read(*paths), without={str(paths[0].resolve())})
    assert songs(own) == {"b": [2]}
    assert own.playlists["file"].to_pylist() == [0]


def test_the_row_that_says_most_of_a_track_stays(lists):
    own = gather(read(lists.uris("a.txt", 1)), read(lists.table("b.csv", 1)))
    assert own.tracks["track_name"].to_pylist() == ["Track 1"]


def test_tracks_go_with_their_last_playlist(lists):
    own = gather(read(lists.uris("a.txt", 1, 2), lists.uris("b.txt", 2, 3)))
    left = collection.without(own, np.array([True, False]))
    assert songs(left) == {"b": [2, 3]}
    assert left.tracks["track_uri"].to_pylist() == [f"spotify:track:{track_id(n)}" for n in (2, 3)]


def test_what_is_written_is_read_again_and_named_by_its_content(lists, tmp_path):
    folder, scratch = tmp_path / "playlists", tmp_path / "playlists" / collection.SCRATCH_NAME
    assert collection.read_own(folder).files.num_rows == 0
    assert collection.own_fingerprint(folder) == ""
    own = gather(read(lists.uris("a.txt", 1, 2)))
    scratch.mkdir(parents=True)
    collection.write_own(own, folder, scratch)
    again = collection.read_own(folder)
    assert again.playlists.equals(own.playlists)
    assert again.entries.to_pylist() == own.entries.to_pylist()
    assert list(collection.known_files(again)) == [str((lists.root / "a.txt").resolve())]
    assert len(collection.own_fingerprint(folder)) == 64
    assert not collection.is_half_replaced(folder)


def test_what_is_not_whole_is_said(lists, tmp_path):
    folder, scratch = tmp_path / "playlists", tmp_path / "playlists" / collection.SCRATCH_NAME
    scratch.mkdir(parents=True)
    collection.write_own(gather(read(lists.uris("a.txt", 1))), folder, scratch)
    (folder / "tracks.parquet").unlink()
    with pytest.raises(InputError, match="playlists --replace` all the files again"):
        collection.read_own(folder)


@pytest.fixture
def kept(lists, tmp_path):
    """A folder with one own playlist."""
    folder, scratch = tmp_path / "playlists", tmp_path / "playlists" / collection.SCRATCH_NAME
    scratch.mkdir(parents=True)
    collection.write_own(gather(read(lists.uris("a.txt", 1))), folder, scratch)
    return folder


def test_playlists_that_the_tables_beside_them_still_hold_are_not_taken_for_none(kept, tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "manifest.json").write_text('{"counts": {"own_playlists": 1}}')
    (kept / "manifest.json").unlink()
    with pytest.raises(
        InputError, match=r"holds 1 playlist of your own; bring back a copy of `playlists`"
    ):
        collection.read_own(kept)
    (tmp_path / "tables" / "manifest.json").write_text('{"counts": {"own_playlists": 0}}')
    assert collection.read_own(kept).files.num_rows == 0


def test_files_that_are_not_what_was_written_are_named(kept):
    assert collection.odd_files(kept) == ()
    (kept / "playlists.parquet").write_bytes(b"")
    assert collection.odd_files(kept) == ("playlists",)


@pytest.mark.parametrize("n_moved", range(5))
def test_files_that_are_half_replaced_are_whole_wherever_they_lie(kept, n_moved):
    scratch = kept / collection.SCRATCH_NAME
    scratch.mkdir(exist_ok=True)
    files = [f"{name}.parquet" for name in list(collection.SCHEMAS)[n_moved:]]
    for name in [*files, "manifest.json"]:
        (kept / name).replace(scratch / name)
    assert collection.odd_files(kept) == ()
    (kept / "files.parquet" if n_moved == 4 else scratch / "files.parquet").write_bytes(b"")
    assert collection.odd_files(kept) == ("files",)


def test_another_version_is_named_by_its_manifest(kept):
    manifest = kept / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"version": 1', '"version": 2'))
    assert collection.odd_files(kept) == ("manifest.json",)
