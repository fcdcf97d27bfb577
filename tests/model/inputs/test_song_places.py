import numpy as np
import pandas as pd

from model.inputs.song_places import SongPlaces

IDS = pd.Series(["a", "b", None, "a", "c"], dtype=object)


def test_all_tracks_are_songs_unless_some_are_asked_for() -> None:
    places = SongPlaces.of(IDS)
    assert places.n_songs == 5
    found = places.of_ids(["c", "x", "a"])
    # The id "a" stands for rows 0 and 3.
    assert [one.tolist() for one in found] == [[0, 2, 2], [4, 0, 3]]


def test_songs_go_by_their_place_among_those_asked_for() -> None:
    places = SongPlaces.of(IDS, np.array([4, 2, 0]))
    assert places.numbers.tolist() == [2, -1, 1, -1, 0]
    assert [one.tolist() for one in places.of_ids(["a", "b", "c"])] == [[0, 2], [2, 0]]


def test_no_id_finds_a_track_without_one() -> None:
    places = SongPlaces.of(pd.Series([None, None], dtype=object))
    assert [one.tolist() for one in places.of_ids(["", "a"])] == [[], []]
