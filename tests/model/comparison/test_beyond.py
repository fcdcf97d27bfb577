import numpy as np
import pytest

from model.comparison.beyond import artist_diversity, coverage, popularity_lift, recall_ceiling
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


def test_the_ceiling_of_recall_counts_each_playlist_alike() -> None:
    # 1 of 1, 1 of 3 and, passed over, none of none: (1 + 1 / 3) / 2, where 2 of 4 tracks are held.
    truth = Ragged.of([[0], [4, 3, 5], []])
    assert recall_ceiling(truth, np.append(COUNTS, 0)) == pytest.approx(2 / 3)


def test_no_mean_recall_is_above_its_ceiling() -> None:
    # Everything that training holds is found: a long list that nobody knows weighs no more.
    truth = Ragged.of([[0, 1], [4, 5, 6, 7, 8, 9]])
    counts = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    recalls = np.array([2 / 2, 0 / 6])
    assert recalls.mean() == recall_ceiling(truth, counts)
