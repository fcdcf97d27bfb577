from dataclasses import replace

import numpy as np
import pytest

from model.ragged import Ragged
from model.recommenders.groups import Groups
from model.recommenders.holdings import counted, held_songs, indicator, songs_of_groups


def test_a_song_that_a_list_names_twice_is_held_once(handful):
    lists = [[0, 1, 2, 1], [0, 1, 3], [4, 5], [5, 6, 0, 5, 5]]
    held = held_songs(replace(handful, playlists=Ragged.of(lists))).toarray()
    assert held.shape == (4, 8)
    assert held[3].tolist() == [1, 0, 0, 0, 0, 1, 1, 0]
    assert held.sum() == 11


def test_numbers_ascend_within_a_row_and_an_empty_list_has_none():
    made = indicator(Ragged.of([[3, 0], [], [1]]), 4)
    assert made.indptr.tolist() == [0, 2, 2, 3]
    assert made.indices.tolist() == [0, 3, 1]


def test_songs_of_unknown_artists_are_not_counted():
    counts = counted(Ragged.of([[0, 1, 2, 0], [2], [3]]), Groups.of(np.array([1, 1, -1, 0])))
    assert counts.lists[0].tolist() == [1]
    assert counts.lists[1].tolist() == []
    assert counts.lists[2].tolist() == [0]
    assert counts.weights.tolist() == [3, 1]
    assert counts.n_numbers == 2


@pytest.mark.parametrize(
    ("power", "weights"),
    [
        (0.0, [3 / 5, 2 / 5, 1 / 2, 1 / 2, 2 / 3, 1 / 3, 1]),
        (1.0, [3 / 5, 2 / 5, 1 / 5, 1 / 5, 2 / 5, 1 / 5, 1 / 5]),
    ],
)
def test_songs_weigh_their_share_times_a_power_of_what_their_artist_has(handful, power, weights):
    # Entries of songs 3, 2 | 1, 1 | 1, 2 | 1, 0; of artists 5, 2, 3 and 1. Song 7 has none.
    made = songs_of_groups(handful, Groups.of(handful.artists), power=power)
    assert made.lists.lengths.tolist() == [2, 2, 2, 1]
    assert made.numbers.tolist() == [0, 1, 2, 3, 5, 4, 6]
    assert made.weights == pytest.approx(weights, rel=1e-6)


def test_songs_without_a_group_are_in_none(handful):
    made = songs_of_groups(handful, Groups.of(np.full(8, -1)), power=1.0)
    assert len(made) == 0
