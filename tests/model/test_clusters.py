import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from model.clusters import LARGE, Clusters
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


@pytest.mark.parametrize("n_rows", [600, LARGE + 1000])
def test_where_any_order_will_do_the_order_of_playlists_changes_nothing(n_rows: int) -> None:
    X = np.random.default_rng(1).random((n_rows, 4))
    order = np.random.default_rng(2).permutation(n_rows)
    one = Clusters(10, any_order=True).fit(X)
    other = Clusters(10, any_order=True).fit(X[order])
    assert one.centers_.tobytes() == other.centers_.tobytes()
    assert one.labels_[order].tolist() == other.labels_.tolist()


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


def test_inertia_is_the_sum_of_squared_distances_to_the_centres() -> None:
    # Each of the four lies .5 from its centre: 4 * .25.
    assert Clusters(2).fit(TWO_HEAPS).inertia_ == pytest.approx(1.0)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_playlists_with_unknown_features_are_refused(value: float) -> None:
    X = TWO_HEAPS.copy()
    X[1, 0] = value
    with pytest.raises(InputError, match="1 of 4 playlists"):
        Clusters(2).fit(X)


@pytest.fixture(scope="module")
def many() -> np.ndarray:
    """More playlists than are fitted at once, in five heaps around the corners of a pentagon."""
    rng = np.random.default_rng(0)
    turns = 2 * np.pi * np.arange(5) / 5
    corners = np.column_stack([np.cos(turns), np.sin(turns)])
    return np.asarray(corners[rng.integers(5, size=LARGE + 1)] + rng.normal(0, 0.1, (LARGE + 1, 2)))


def test_very_many_playlists_are_grouped_as_well(many: np.ndarray) -> None:
    clusters = Clusters(5).fit(many)
    # Two columns of variance .01 each.
    assert clusters.inertia_ == pytest.approx(0.02 * len(many), rel=0.02)
    assert np.hypot(*clusters.centers_.T) == pytest.approx(np.ones(5), abs=0.05)


def test_labels_of_very_many_playlists_are_those_of_the_nearest_centres(many: np.ndarray) -> None:
    clusters = Clusters(5).fit(many)
    assert clusters.labels_.shape == (len(many),)
    assert np.array_equal(clusters.predict(many), clusters.labels_)
    # The last row stands alone in the second slice of the prediction.
    assert clusters.predict(many[-1:]).tolist() == clusters.labels_[-1:].tolist()


def test_very_many_playlists_give_the_same_bytes_on_any_number_of_cores(many: np.ndarray) -> None:
    with threadpool_limits(2):
        first = Clusters(7, random_state=3).fit(many)
    with threadpool_limits(1):
        again = Clusters(7, random_state=3).fit(many)
    assert first.centers_.tobytes() == again.centers_.tobytes()
    assert first.labels_.tobytes() == again.labels_.tobytes()


def test_very_many_playlists_that_are_alike_make_no_more_clusters_than_differ(
    many: np.ndarray,
) -> None:
    clusters = Clusters(10).fit(np.round(many * 0).repeat(3, axis=1))
    assert clusters.n_clusters_ == 1
    # 0 until the last row: only a look at all rows finds the second.
    late = np.zeros((LARGE + 1, 2))
    late[-1] = 1.0
    assert Clusters(10).fit(late).n_clusters_ == 2
