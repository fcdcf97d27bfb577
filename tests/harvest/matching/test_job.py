"""`harvest match` as a whole: its files, whatever the order of names and the number of workers."""

import csv
import json
import os

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvest.errors import StateInUse
from harvest.matching.job import match
from harvest.table_writer import writing
from tests.harvest.msd_files import everything, song_id

WRITTEN = ("matches.parquet", "ambiguous.csv")
SONGS = [("A", "Heartbreak Hotel"), ("A", "Twice"), ("A", "Twice"), (None, None)]
TRACKS = [
    ("A", "Hartbreak Hotel"),
    ("A", "Twice"),
    ("B", "Nothing"),
    ("a", "heartbreak hotel!"),
    ("A", "Heartbreak Hotel - Live"),
]


def test_matches_are_written_with_step_and_score_ordered_by_track(write_state):
    state = write_state(SONGS, TRACKS)
    match(state, workers=1)
    found = pq.read_table(state / "msd" / "matches.parquet").to_pylist()
    # similarity of the titles: 30 of 31 letters are in both, 2 * 15 / 31
    assert [tuple(row.values()) for row in found] == [
        (0, 0, f"{0:022d}", "fuzzy", pytest.approx(30 / 31)),
        (0, 3, f"{3:022d}", "exact", 1.0),
        (0, 4, f"{4:022d}", "plain", pytest.approx(0.9)),
    ]


def test_a_state_whose_name_is_no_utf_8_is_matched_like_others(write_state):
    state = write_state(SONGS, TRACKS)
    other = state.rename(os.fsdecode(os.fsencode(state) + b"\xff"))
    match(other, workers=1)
    found = [(other / "msd" / name).read_bytes() for name in WRITTEN]
    match(other.rename(state), workers=1)
    assert found == [(state / "msd" / name).read_bytes() for name in WRITTEN]


def test_ambiguous_ones_are_listed_and_not_matched(write_state):
    state = write_state(SONGS, TRACKS)
    match(state, workers=1)
    with (state / "msd" / "ambiguous.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert [(row["track_id"], row["msd_track_id"], row["msd_id"]) for row in found] == [
        ("1", "1", song_id(1)),
        ("1", "2", song_id(2)),
    ]
    assert {row["why"] for row in found} == {"several songs have these names"}


def test_manifest_counts_by_step_and_names_what_was_matched(write_state):
    state = write_state(SONGS, TRACKS)
    manifest = match(state, workers=1)
    written = json.loads((state / "msd" / "match_manifest.json").read_text())
    assert (manifest.songs, manifest.tracks, manifest.matched_songs) == (3, 5, 1)
    assert {name: step.tracks for name, step in manifest.steps.items()} == {
        "exact": 1,
        "plain": 1,
        "fuzzy": 1,
    }
    msd = json.loads((state / "msd" / "manifest.json").read_text())
    assert written["made_from"]["lastfm_track"] == msd["files"]["lastfm_track"]["sha256"]
    assert written["threshold"] == manifest.threshold


def test_running_again_gives_the_same_bytes_and_leaves_nothing_else(write_state):
    state = write_state(SONGS, TRACKS)
    match(state, workers=1)
    before = everything(state / "msd")
    (state / "msd" / ".match").mkdir()
    (state / "msd" / ".match" / "left").touch()  # by a run that was killed
    match(state, workers=2)
    assert everything(state / "msd") == before
    assert not (state / "msd" / ".match").exists()


def test_second_match_at_the_same_time_is_refused(write_state):
    state = write_state(SONGS, TRACKS)
    with writing(state / "msd"), pytest.raises(StateInUse, match="another `harvest match` or"):
        match(state, workers=1)


def test_without_tracks_or_songs_nothing_matches(write_state):
    manifest = match(write_state([], []), workers=1)
    assert (manifest.songs, manifest.tracks, manifest.matched_songs) == (0, 0, 0)


words = st.sampled_from(["heartbreak", "hartbreak", "hotel", "live", "2", "girls", "- Mono", "é"])
names = st.tuples(
    st.sampled_from(["Metallica", "Metalica", "The Metallica", "X"]),
    st.lists(words, min_size=1, max_size=3).map(" ".join),
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(names, max_size=6), st.lists(names, max_size=5), st.randoms())
def test_order_of_songs_and_tracks_changes_no_match(write_state, songs, tracks, rng):
    def by_names(some_songs, some_tracks):
        state = write_state(some_songs, some_tracks)
        match(state, workers=1)
        return sorted(
            (some_tracks[row["track_id"]], some_songs[row["msd_track_id"]], row["step"])
            for row in pq.read_table(state / "msd" / "matches.parquet").to_pylist()
        )

    shuffled = [rng.sample(each, len(each)) for each in (songs, tracks)]
    assert by_names(songs, tracks) == by_names(*shuffled)
