import numpy as np

from model.similarity.ranks import rank_candidates


def test_songs_of_no_training_playlist_are_no_candidates_and_ties_go_by_number() -> None:
    assert rank_candidates(np.array([0, 2, 7, 2, 0])).tolist() == [2, 1, 3]
    assert not rank_candidates(np.zeros(3, np.int64)).size
