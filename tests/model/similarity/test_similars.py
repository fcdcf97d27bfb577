import numpy as np

from model.ragged import Ragged
from model.similarity.similars import find_by_similars


def test_only_songs_of_training_playlists_are_found_the_most_popular_of_equals_first() -> None:
    lists = Ragged.of([[1, 2, 3, 4], [0], [], [4, 1], []])
    matches = np.float32([0.9, 0.7, 0.7, 0.6, 1.0, 0.8, 0.5])
    found = find_by_similars(lists, matches, np.array([1, 0, 2, 5, 1]), k=3)
    # Song 1 is in no training playlist; 3 is in more of them than 2.
    assert [found.lists[song].tolist() for song in range(5)] == [[3, 2, 4], [0], [], [4], []]
    np.testing.assert_allclose(found.scores, [0.7, 0.7, 0.6, 1.0, 0.8], rtol=1e-6)


def test_no_more_than_k_are_kept() -> None:
    lists, matches = Ragged.of([[1, 2], [0, 2], []]), np.float32([0.9, 0.8, 1.0, 0.6])
    found = find_by_similars(lists, matches, np.ones(3, np.int64), k=1)
    assert found.songs.tolist() == [1, 0]
    assert not find_by_similars(lists, matches, np.zeros(3, np.int64), k=1).songs.size
