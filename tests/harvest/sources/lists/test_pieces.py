import json
import tracemalloc
from unicodedata import normalize

import pytest

from harvest.sources.lists.entries import Listed
from harvest.sources.lists.finding import find_files
from harvest.sources.lists.pieces import (
    FIRST_PID,
    MAX_FILE_BYTES,
    Piece,
    keys_of,
    part_path,
    parts,
    piece_tables,
)
from harvest.sources.mpd_slice import Track


def track(uri, title="T", artist="A"):
    return Track(uri, title, "a", artist, "b", "B")


def piece(lists):
    return Piece(find_files([lists.root]).files)


def test_what_cannot_be_read_has_its_reason(lists):
    lists.write("a.json", "{")
    lists.write("b.json", "[]")
    lists.uris("c.m3u", 1)
    files = piece_tables(piece(lists))["files"].to_pylist()
    assert [bool(row["problem"]) for row in files] == [True, True, False]
    assert [row["is_broken"] for row in files] == [True, False, False]


def test_a_piece_holds_playlists_with_numbers_far_from_the_datasets(lists):
    lists.uris("a.m3u", 1, 2)
    tables = piece_tables(piece(lists))
    (row,) = tables["playlists"].to_pylist()
    assert FIRST_PID <= row["pid"] < 2**53
    assert (row["name"], row["num_tracks"], row["num_followers"]) == ("a", 2, 0)


def test_a_track_is_kept_with_the_row_that_says_most(lists):
    lists.uris("a.m3u", 1)
    lists.table("b.csv", 1)
    assert piece_tables(piece(lists))["tracks"]["track_name"].to_pylist() == ["Track 1"]


def test_empty_playlists_are_counted(lists):
    lists.write("a.m3u", "#EXTM3U\n")
    (row,) = piece_tables(piece(lists))["files"].to_pylist()
    assert json.loads(row["tallies"]) == {"empty": 1}


def test_of_music_the_beginning_alone_is_read(lists):
    sizes = {"a.flac": 2**26, "b.flac": MAX_FILE_BYTES + 1}
    for name, size in sizes.items():
        with lists.write(name, b"fLaC").open("r+b") as file:
            file.truncate(size)  # of which the disk holds nothing
    tracemalloc.start()
    files = piece_tables(piece(lists))["files"].to_pylist()
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [row["problem"] for row in files] == ["it is no text"] * 2
    assert most_bytes < 2**24


def test_a_text_that_is_too_long_is_said(lists):
    with lists.write("a.csv", b"x" * 10_000).open("r+b") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    (row,) = piece_tables(piece(lists))["files"].to_pylist()
    assert row["problem"] == "it has 268,435,457 bytes; 268,435,456 are the most"


def test_an_encrypted_member_is_said(lists):
    lists.root.mkdir()
    path = lists.zip("x.zip", {"a.m3u": "spotify:track:1"})
    content = bytearray(path.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1  # the flag of the zip's directory
    path.write_bytes(content)
    (row,) = piece_tables(piece(lists))["files"].to_pylist()
    assert row["problem"] == "it is encrypted"


def test_a_part_that_is_there_is_read_and_a_damaged_one_made_again(lists, tmp_path):
    lists.uris("a.m3u", 1)
    one, path = piece(lists), part_path(tmp_path, piece(lists))
    (first,) = parts([one], tmp_path, workers=1)
    stamp = path.stat().st_mtime_ns
    (second,) = parts([one], tmp_path, workers=1)
    assert second["playlists"].equals(first["playlists"])
    assert path.stat().st_mtime_ns == stamp
    path.write_bytes(b"damaged")
    (third,) = parts([one], tmp_path, workers=1)
    assert third["entries"].equals(first["entries"])


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({"name": "MINE "}, True),
        ({"name": "other"}, False),
        ({"tracks": [track("2"), track("1")]}, False),
        ({"tracks": [track("1"), track("2"), track("2")]}, False),
        ({"num_followers": 3}, True),
    ],
)
def test_a_playlist_is_known_by_name_and_tracks(changes, is_same):
    one = {"name": "mine", "tracks": [track("1"), track("2")]}
    assert (keys_of(Listed(**one))[0] == keys_of(Listed(**one | changes))[0]) is is_same


def test_accents_that_stand_apart_are_the_same_as_others():
    apart, one = (
        Listed(name=normalize(form, "Café"), tracks=[track("1", normalize(form, "Jóga"), "Björk")])
        for form in ("NFD", "NFC")
    )
    assert keys_of(apart) == keys_of(one)


def test_names_alone_tell_a_playlist_too():
    with_ids = Listed(name="x", tracks=[track("1", "Song", "Band")])
    by_name = Listed(name="x", tracks=[track("name:1", "song", "BAND")])
    assert keys_of(with_ids)[0] != keys_of(by_name)[0]
    assert keys_of(with_ids)[1] == keys_of(by_name)[1] is not None
    assert keys_of(Listed(name="x", tracks=[track("1", "")]))[1] is None
