import numpy as np
import pytest

from model.clusters import Clusters
from model.errors import InputError

TWO_HEAPS = np.array([[0.0, 0.0], [0.0, 1.0], [10.0, 10.0], [10.0, 11.0]])


def test_playlists_that_lie_together_share_a_cluster() -> None:
    clusters = Clusters(2).fit(TWO_HEAPS)
    assert clusters.labels_[0] == clusters.labels_[1] != clusters.labels_[2]
    assert clusters.labels_[2] == clusters.labels_[3]
    # Centres are the means of the heaps: (0, 0.5) and (10, 10.5).
    assert sorted(clusters.centers_.tolist()) == [[0.0, 0.5], [10.0, 10.5]]


def test_prediction_agrees_with_the_labels_of_the_fit() -> None:
    X = np.random.default_rng(0).random((400, 12))
    clusters = Clusters(10).fit(X)
    assert clusters.predict(X).tolist() == clusters.labels_.tolist()


def test_the_same_data_and_seed_give_the_same_centres() -> None:
    X = np.random.default_rng(1).random((600, 12))
    first, again = Clusters(10).fit(X), Clusters(10).fit(X)
    assert first.centers_.tobytes() == again.centers_.tobytes()


def test_no_more_clusters_are_made_than_there_are_different_playlists() -> None:
    clusters = Clusters(10).fit(np.repeat(TWO_HEAPS, 5, axis=0))
    assert clusters.n_clusters_ == 4
    assert Clusters(10).fit(np.ones((20, 12))).n_clusters_ == 1


def test_rows_that_differ_by_rounding_alone_leave_no_cluster_empty() -> None:
    X = np.ones((6, 12)) + np.arange(6)[:, None] * 1e-16 * np.array([[1.0, 9.0] * 6])
    clusters = Clusters(6).fit(X)
    assert set(clusters.labels_.tolist()) == set(range(clusters.n_clusters_))


def test_no_playlists_are_refused() -> None:
    with pytest.raises(InputError, match="no playlists"):
        Clusters(2).fit(np.empty((0, 12)))


def test_nothing_to_predict_gives_nothing() -> None:
    assert Clusters(2).fit(TWO_HEAPS).predict(np.empty((0, 2))).tolist() == []
