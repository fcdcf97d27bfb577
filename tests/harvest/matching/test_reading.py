"""The two sides' names; what is missing or damaged is said with the command to run."""

import pytest

from harvest.errors import InputError
from harvest.matching.reading import read_inputs

SONGS = [("A", "x"), (None, None), ("", "y"), ("B", " "), ("C", "z")]
TRACKS = [("A", "x"), ("B", ""), ("\u3000", "y"), ("A", "w")]


def test_rows_with_both_names_are_kept_with_their_ids(write_state):
    found = read_inputs(write_state(SONGS, TRACKS))
    assert found.songs["id"].to_pylist() == [0, 4]
    assert found.tracks["id"].to_pylist() == [0, 3]
    assert found.tracks["artist"].to_pylist() == ["A", "A"]
    assert found.tracks["outer_id"].to_pylist() == [f"{0:022d}", f"{3:022d}"]


def test_inputs_are_named_by_their_content(write_state):
    before = read_inputs(write_state(SONGS, TRACKS)).made_from
    assert (
        read_inputs(write_state(SONGS, TRACKS)).made_from["lastfm_track"]
        == (before["lastfm_track"])
    )
    assert (
        read_inputs(write_state(SONGS[1:], TRACKS)).made_from["lastfm_track"]
        != (before["lastfm_track"])
    )


@pytest.mark.parametrize(
    ("lost", "remedy"),
    [
        ("tables/tracks.parquet", "run `harvest mpd PATH` first"),
        ("msd/lastfm_track.parquet", "run `harvest msd PATH` first"),
        ("msd/manifest.json", "run `harvest msd PATH` first"),
    ],
)
def test_what_is_missing_is_said_with_the_command_to_run(write_state, lost, remedy):
    state = write_state(SONGS, TRACKS)
    (state / lost).unlink()
    with pytest.raises(InputError, match=remedy):
        read_inputs(state)


@pytest.mark.parametrize("name", ["tables/tracks", "tables/artists", "msd/lastfm_track"])
def test_damaged_table_is_named(write_state, name):
    path = write_state(SONGS, TRACKS) / f"{name}.parquet"
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(InputError, match=r"parquet is damaged: .*run `harvest"):
        read_inputs(path.parents[1])
