"""The steps that compare whole names."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harvest.matching import keys
from harvest.matching.keys import best_of_each, exact_pairs, expand, n_of_each, plain_pairs

groups = st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=4), max_size=5)


def pairs_of(pairs):
    return list(
        zip(pairs.tracks.tolist(), pairs.songs.tolist(), pairs.scores.tolist(), strict=True)
    )


def test_every_song_of_the_same_clean_names_is_found(form):
    made = form([("A", "x"), ("B", "x"), ("a", "X!")], [("A", "x"), ("C", "x"), ("b", "x")])
    assert pairs_of(exact_pairs(made.songs, made.tracks)) == [(0, 0, 1.0), (0, 2, 1.0), (2, 1, 1.0)]


def test_exact_pairs_are_the_same_seen_from_either_side(form):
    made = form([("A", "x"), ("B", "x"), ("a", "X!")], [("A", "x"), ("C", "x"), ("b", "x")])
    there = {(t, s) for t, s, _ in pairs_of(exact_pairs(made.songs, made.tracks))}
    back = {(s, t) for t, s, _ in pairs_of(exact_pairs(made.tracks, made.songs))}
    assert there == back


def test_without_suffixes_on_either_side_songs_are_found(form):
    made = form(
        [("A", "x"), ("A", "y - Mono"), ("A feat. B", "z")],
        [("A", "x - Remastered 2011"), ("A", "y (Radio Edit)"), ("A", "z"), ("A", "x - Acoustic")],
    )
    found = pairs_of(plain_pairs(made.songs, made.tracks, np.arange(4)))
    assert found == [(0, 0, 0.95), (1, 1, 0.95), (2, 2, 0.95)]


def test_tracks_that_are_not_asked_for_are_left_out(form):
    made = form([("A", "x")], [("A", "x - Mono"), ("A", "x - Live"), ("A", "x - Stereo")])
    found = plain_pairs(made.songs, made.tracks, np.array([1, 2]))
    assert found.tracks.tolist() == [1, 2]


def test_concert_prefers_a_concert_and_studio_the_studio(form):
    songs = [("A", "x"), ("A", "x - Live")]
    tracks = [("A", "x - Live at Home"), ("A", "x - Remastered")]
    made = form(songs, tracks)
    found = pairs_of(plain_pairs(made.songs, made.tracks, np.arange(2)))
    assert found == [(0, 1, 0.95), (1, 0, 0.95)]


def test_concert_alone_is_found_for_a_studio_recording_with_a_lower_score(form):
    made = form([("A", "x - Live")], [("A", "x - Mono")])
    assert pairs_of(plain_pairs(made.songs, made.tracks, np.arange(1))) == [(0, 0, 0.9)]


def test_unadorned_song_comes_before_others_of_its_kind(form):
    made = form([("A", "x - Mono"), ("A", "x")], [("A", "x - Remastered")])
    assert pairs_of(plain_pairs(made.songs, made.tracks, np.arange(1))) == [(0, 1, 0.95)]


def test_songs_of_one_name_are_bounded(form, monkeypatch):
    monkeypatch.setattr(keys, "MAX_SONGS", 2)
    made = form([("A", "x")] * 5, [("A", "x")])
    assert exact_pairs(made.songs, made.tracks).songs.tolist() == [0, 1]


def test_of_nothing_there_are_no_pairs(form):
    made = form([], [])
    assert pairs_of(exact_pairs(made.songs, made.tracks)) == []
    assert pairs_of(plain_pairs(made.songs, made.tracks, np.arange(0))) == []


@given(groups)
def test_best_and_number_of_each_stand_beside_every_pair(some):
    tracks = np.array([3 * at for at, group in enumerate(some) for _ in group], np.int64)
    values = np.array([value for group in some for value in group], np.int64)
    best = [max(group) for group in some for _ in group]
    assert best_of_each(tracks, values).tolist() == best
    assert n_of_each(tracks).tolist() == [len(group) for group in some for _ in group]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), max_size=6))
def test_ranges_are_laid_end_to_end(ranges):
    firsts, counts = (np.array([each[at] for each in ranges], np.int64) for at in (0, 1))
    expected = [number for first, n in ranges for number in range(first, first + n)]
    assert expand(firsts, counts).tolist() == expected
