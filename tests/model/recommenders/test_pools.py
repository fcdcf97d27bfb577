import numpy as np

from model.clusters import Clusters
from model.ragged import Ragged
from model.recommenders.base import Training
from model.recommenders.pools import pool_entries, top_playlists


def test_the_most_followed_come_first_and_ties_go_by_their_id() -> None:
    lists = Ragged.of([[0]] * 4)
    train = Training(
        np.array([8, 3, 5, 1]), [""] * 4, np.array([2, 9, 9, 1]), lists, np.zeros((1, 12))
    )
    tops = top_playlists(train, Clusters(1).fit(np.zeros((4, 12))), n=3)
    assert tops[0].tolist() == [1, 2, 0]


def test_each_cluster_has_its_own() -> None:
    places = np.repeat([[0.0], [1.0]], 2, axis=0) * np.ones(12)
    train = Training(
        np.arange(4), [""] * 4, np.array([1, 2, 4, 3]), Ragged.of([[0]] * 4), np.zeros((1, 12))
    )
    tops = top_playlists(train, Clusters(2).fit(places), n=5)
    assert sorted(tops[cluster].tolist() for cluster in range(2)) == [[1, 0], [2, 3]]


def test_entries_stand_end_to_end_with_their_repeats() -> None:
    pools = pool_entries(Ragged.of([[5], [6, 7], [5, 5]]), Ragged.of([[2, 0], [], [1]]))
    assert [pools[cluster].tolist() for cluster in range(3)] == [[5, 5, 5], [], [6, 7]]
