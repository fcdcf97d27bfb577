"""Bytes of one slice -> tables: what is tolerated, and what is refused in which words."""

import json
from functools import partial

import pytest

from harvest.sources.mpd_slice import slice_tables
from tests.harvest.sources.refusing import refused


def tables_of(*playlists, known_pids=()):
    content = json.dumps({"playlists": playlists}).encode()
    return slice_tables(content, name="mpd.slice.0-9.json", known_pids=known_pids)


refusal = partial(refused, slice_tables, name="mpd.slice.0-9.json")


def test_missing_numbers_are_taken_from_the_tracks(mpd):
    tracks = [mpd.track(number) for number in (1, 4, 1)]
    (row,) = tables_of({"pid": 3, "name": "n", "tracks": tracks}).playlists.to_pylist()
    assert row == {
        "pid": 3,
        "name": "n",
        "description": None,
        "collaborative": False,
        "modified_at": 0,
        "num_tracks": 3,
        "num_albums": 2,  # 1 % 5 and 4 % 5
        "num_artists": 1,  # 1 % 3 == 4 % 3
        "num_followers": 0,
        "num_edits": 0,
        "duration_ms": 6000,  # 1000 + 4000 + 1000
    }


@pytest.mark.parametrize(
    ("said", "meant"), [("true", True), ("false", False), (True, True), (False, False)]
)
def test_collaborative_may_be_text_or_bool(mpd, said, meant):
    tables = tables_of(mpd.playlist(0, [], collaborative=said))
    assert tables.playlists["collaborative"].to_pylist() == [meant]


def test_empty_slice_has_empty_tables():
    tables = tables_of()
    assert (tables.playlists.num_rows, tables.tracks.num_rows, tables.entries.num_rows) == (0, 0, 0)


def test_playlist_without_tracks_is_kept(mpd):
    assert tables_of(mpd.playlist(0, [])).playlists.num_rows == 1


def test_playlist_of_one_track_is_kept(mpd):
    tables = tables_of(mpd.playlist(0, [7]))
    assert tables.playlists["num_tracks"].to_pylist() == [1]
    assert tables.entries.to_pylist() == [{"playlist": 0, "pos": 0, "track": 0}]


def test_other_version_is_read_and_counted(mpd):
    content = mpd.slice([mpd.playlist(0, [1])], version="v2")
    tables = slice_tables(content, name="mpd.slice.0-9.json")
    assert (tables.entries.num_rows, tables.tallies["other_version_slices"]) == (1, 1)


def test_entries_are_ordered_by_pos_and_ties_by_the_file(mpd):
    tracks = [mpd.track(number, pos=pos) for number, pos in ((1, 5), (2, 0), (3, 5))]
    tables = tables_of(mpd.playlist(0, [9]), mpd.playlist(1, [], tracks=tracks))
    assert tables.entries["playlist"].to_pylist() == [0, 1, 1, 1]
    assert tables.entries["pos"].to_pylist() == [0, 0, 5, 5]
    uris = tables.tracks["track_name"].take(tables.entries["track"]).to_pylist()
    assert uris == ["Track 9", "Track 2", "Track 1", "Track 3"]


def test_missing_pos_is_the_place_in_the_file(mpd):
    tracks = [mpd.track(number) for number in (1, 2)]
    for track in tracks:
        del track["pos"]
    tables = tables_of(mpd.playlist(0, [9]), mpd.playlist(1, [], tracks=tracks))
    assert tables.entries["pos"].to_pylist() == [0, 0, 1]


def test_repeated_track_stays_two_entries_and_one_track(mpd):
    tables = tables_of(mpd.playlist(0, [1, 1]))
    assert tables.entries["track"].to_pylist() == [0, 0]
    assert tables.tracks.num_rows == 1


def test_values_of_a_track_are_those_first_seen(mpd):
    tracks = [mpd.track(1, track_name="first"), mpd.track(1, track_name="second")]
    assert tables_of(mpd.playlist(0, [], tracks=tracks)).tracks["track_name"].to_pylist() == [
        "first"
    ]


def test_first_playlist_of_a_pid_wins(mpd):
    tables = tables_of(mpd.playlist(1, [1]), mpd.playlist(2, [2]), mpd.playlist(1, [3, 4]))
    assert tables.playlists["pid"].to_pylist() == [1, 2]
    assert tables.tracks["track_name"].to_pylist() == ["Track 1", "Track 2"]
    assert tables.tallies["duplicate_playlists"] == 1


def test_known_pids_leave_no_trace(mpd):
    tables = tables_of(mpd.playlist(1, [1]), mpd.playlist(2, [2]), known_pids={1})
    assert tables.tracks["track_name"].to_pylist() == ["Track 2"]
    assert tables.tallies["duplicate_playlists"] == 1


@pytest.mark.parametrize("name", ["\x00", "\u202e", "😀", "é", "", "a\nb", "\ufeff"])
def test_odd_characters_are_kept(mpd, name):
    tables = tables_of(mpd.playlist(0, [], name=name))
    assert tables.playlists["name"].to_pylist() == [name]


@pytest.mark.parametrize("half", [0xD83D, 0xDE00])
def test_half_a_surrogate_pair_becomes_the_replacement_character(mpd, half):
    tables = tables_of(mpd.playlist(0, [], name=f"a{chr(half)}b", description="\\ud83d 😀"))
    assert tables.playlists["name"].to_pylist() == ["a\ufffdb"]
    assert tables.playlists["description"].to_pylist() == ["\\ud83d 😀"]
    assert tables.tallies["mended_slices"] == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "whole JSON text in UTF-8: Input data was truncated"),
        (b'{"playlists": [', "whole JSON text in UTF-8: Input data was truncated"),
        (b"<html>", "whole JSON text in UTF-8: JSON is malformed: invalid character (byte 0)"),
        (b'{"playlists": [{"name": "\xff"}]}', "'utf-8' codec can't decode byte 0xff"),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "Object missing required field `playlists`"),
        (b'{"playlists": {}}', "Expected `array`, got `object` - at `$.playlists`"),
        (b'{"playlists": [{"pid": 0}]}', "missing required field `name` - at `$.playlists[0]`"),
        (b'{"unknown": ' + b"[" * 100_000, "recursion"),
    ],
)
def test_other_content_is_refused_by_name_and_reason(content, words):
    message = refusal(content)
    assert message.startswith("mpd.slice.0-9.json is not ")
    assert message.endswith("; get the file again")
    assert words in message


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"num_tracks": -1}, "Expected `int` >= 0 - at `$.playlists[0].num_tracks`"),
        ({"num_followers": 2**31}, "Expected `int` <= 2147483647"),
        ({"modified_at": 10**30}, "$.playlists[0].modified_at"),
        ({"num_edits": "5"}, "Expected `int`, got `str` - at `$.playlists[0].num_edits`"),
        ({"pid": None}, "Expected `int`, got `null` - at `$.playlists[0].pid`"),
        ({"collaborative": "maybe"}, "$.playlists[0].collaborative"),
        ({"name": None}, "Expected `str`, got `null` - at `$.playlists[0].name`"),
    ],
)
def test_number_out_of_range_or_wrong_type_is_refused_with_its_key(mpd, changes, words):
    assert words in refusal(mpd.slice([mpd.playlist(0, []) | changes]))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"track_uri": 5}, "Expected `str`, got `int` - at `$.playlists[0].tracks[0].track_uri`"),
        ({"artist_name": None}, "got `null` - at `$.playlists[0].tracks[0].artist_name`"),
        ({"pos": -3}, "Expected `int` >= 0 - at `$.playlists[0].tracks[0].pos`"),
        ({"duration_ms": -2}, "Expected `int` >= -1"),
    ],
)
def test_track_of_another_shape_is_refused_with_its_place(mpd, changes, words):
    tracks = [mpd.track(1) | changes]
    assert words in refusal(mpd.slice([mpd.playlist(0, [], tracks=tracks)]))
