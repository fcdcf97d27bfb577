import numpy as np

from model.ragged import Ragged
from model.recommenders.base import Training, rank_scores, wanted


def test_popularity_counts_playlists_not_entries() -> None:
    train = Training(
        playlist_ids=np.arange(2),
        names=["a", "b"],
        num_followers=np.ones(2, dtype=np.int64),
        playlists=Ragged.of([[0, 0, 1], [1]]),
        songs=np.zeros((3, 12)),
    )
    assert train.popularity().tolist() == [1, 2, 0]


def test_one_length_is_spread_over_all_playlists() -> None:
    assert wanted(Ragged.of([[0], [1]]), 7).tolist() == [7, 7]


def test_rank_scores_fall_evenly_within_each_list() -> None:
    assert rank_scores(Ragged.of([[9, 8, 7, 6], [], [5]])).tolist() == [1, 0.75, 0.5, 0.25, 1]
