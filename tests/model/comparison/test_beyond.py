import numpy as np
import pytest

from model.comparison.beyond import artist_diversity, ceiling, coverage, popularity_lift
from model.ragged import Ragged

COUNTS = np.array([8, 4, 2, 1, 0])


def test_coverage_counts_each_song_once_and_none_that_training_lacks() -> None:
    # 0 and 1 of the four songs in training; 4 is in none.
    assert coverage(Ragged.of([[0, 1], [1, 4], []]), COUNTS) == 0.5


def test_artists_are_counted_among_the_first_songs_of_each_list() -> None:
    artists = np.array([7, 7, 8, 9, 9])
    # First three: {7, 8} of 3 and {9} of 2; the empty list is passed over.
    lists = Ragged.of([[0, 1, 2, 3], [3, 4], []])
    assert artist_diversity(lists, artists, n=3) == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_lift_compares_means_of_lists_with_means_of_hidden_songs() -> None:
    # Recommended: (8 + 4) / 2 = 6 and 2, mean 4. Hidden: 2 and 1, mean 1.5.
    lift = popularity_lift(Ragged.of([[0, 1], [2]]), Ragged.of([[2], [3]]), COUNTS)
    assert lift == pytest.approx(4 / 1.5 - 1)


def test_lift_is_unknown_where_no_hidden_song_is_in_training() -> None:
    assert np.isnan(popularity_lift(Ragged.of([[0]]), Ragged.of([[4]]), COUNTS))


def test_the_ceiling_is_the_share_of_hidden_entries_that_training_holds() -> None:
    assert ceiling(Ragged.of([[0, 4], [4, 3]]), COUNTS) == 0.5
