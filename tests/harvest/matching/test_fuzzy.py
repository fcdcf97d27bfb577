"""The fuzzy step: nearly the same names, bounded, and never a guess between two."""

import numpy as np
import pytest

from harvest.matching import fuzzy
from harvest.matching.fuzzy import near_pairs


@pytest.fixture
def near(form):
    def of(songs, tracks, *, threshold=0.9, rows=None):
        made = form(songs, tracks)
        chosen = np.arange(made.tracks.rows) if rows is None else np.array(rows)
        return near_pairs(made, chosen, threshold=threshold, workers=1)

    return of


def pairs_of(found):
    pairs = found.pairs
    return list(zip(pairs.tracks.tolist(), pairs.songs.tolist(), strict=True))


@pytest.mark.parametrize(
    ("song", "track"),
    [
        (("Elvis Presley", "Heartbreak Hotel"), ("Elvis Presley", "Hartbreak Hotel")),
        (("Elvis Presley", "The Heartbreak Hotel"), ("Elvis Presley", "Heartbreak Hotel")),
        (("The Metallics", "Some Long Title"), ("Metallics", "Some Long Title")),
        (("Metallica", "Some Long Title"), ("Metallica & Lulu", "Some Long Title")),
        (("A", "Flash Light"), ("A", "Flashlight")),
        (("A", "Lovin' U"), ("A", "Loving You")),
        (("A", "Song, Pt. II"), ("A", "Song (Part 2)")),
    ],
)
def test_nearly_the_same_names_are_found(near, song, track):
    assert pairs_of(near([song, ("A", "Something Else")], [track])) == [(0, 0)]


@pytest.mark.parametrize(
    ("song", "track"),
    [
        (("A", "Song Part 1"), ("A", "Song Part 2")),
        (("A", "Some Long Title"), ("Nobody", "Some Long Title")),
        (("A", "Some Long Title - Live"), ("A", "Some Long Titel")),
        (("A", "Some Long Title"), ("A", "Some Long Title - Acoustic")),
        (("Metallica", "One"), ("Metalica", "One")),  # too little to be sure by
    ],
)
def test_other_songs_are_not(near, song, track):
    assert pairs_of(near([song], [track])) == []


def test_score_is_the_product_of_both_similarities_and_has_to_reach_the_threshold(near):
    songs, tracks = [("Metallica", "Some Long Title")], [("Metalica", "Some Long Title")]
    (score,) = near(songs, tracks, threshold=0.88).pairs.scores
    assert score == pytest.approx(1 - 1 / 9)
    assert pairs_of(near(songs, tracks, threshold=0.89)) == []


def test_songs_that_are_nearly_equally_good_are_all_listed_best_first(near):
    songs = [("A", "Heartbreak Hotel"), ("A", "Heartbreak Hottel"), ("A", "The Heartbreak Hotel")]
    found = near(songs, [("A", "Hartbreak Hotel")])
    assert pairs_of(found)[0] == (0, 0)
    assert {song for _, song in pairs_of(found)} >= {0, 2}


def test_clearly_worse_songs_are_left_out(near):
    found = near([("A", "Loving You"), ("A", "Lovving You")], [("A", "Lovin' U")], threshold=0.8)
    assert pairs_of(found) == [(0, 0)]


def test_tracks_of_one_name_get_the_same_and_those_not_asked_for_nothing(near):
    tracks = [("A", "Hartbreak Hotel")] * 3
    found = near([("A", "Heartbreak Hotel")], tracks, rows=[0, 2])
    assert pairs_of(found) == [(0, 0), (2, 0)]


def test_artists_of_too_many_titles_are_counted_and_passed_over(near, monkeypatch):
    monkeypatch.setattr(fuzzy, "MAX_COMPARED", 3)
    songs = [("A", "Heartbreak Hotel"), ("A", "Something")]
    found = near(songs, [("A", "Hartbreak Hotel"), ("A", "Other"), ("A", "Other")])
    assert (pairs_of(found), found.passed_over) == ([], 3)


def test_of_nothing_there_are_no_pairs(near):
    assert pairs_of(near([], [("A", "x")])) == pairs_of(near([("A", "x")], [])) == []
