import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.cluster_evidence import best_k, cluster_evidence
from model.clusters import Clusters
from model.errors import InputError

TWO_HEAPS = np.array([[0.0], [2.0], [10.0], [12.0]])


def heaps(n_heaps: int, n_rows: int, *, seed: int = 0) -> np.ndarray:
    """Draw rows close around as many corners as wanted, far from each other."""
    rng = np.random.default_rng(seed)
    corners = 10.0 * np.eye(n_heaps)
    return np.asarray(corners[np.arange(n_rows) % n_heaps] + rng.normal(0, 0.1, (n_rows, n_heaps)))


def test_figures_of_two_heaps_are_those_by_hand() -> None:
    row = cluster_evidence(TWO_HEAPS, candidates=(2,), n_seeds=3).iloc[0]
    # Centres 1 and 11, each point 1 from its own: 4. Mean 6: 36 + 16 + 16 + 36 = 104.
    assert row["inertia"] == pytest.approx(4.0)
    assert row["inertia_share"] == pytest.approx(4 / 104)
    # Of 0: 2 to its own, (10 + 12) / 2 to the others: 1 - 2 / 11. Of 2: 1 - 2 / 9. Mirrored.
    assert row["silhouette"] == pytest.approx((9 / 11 + 7 / 9) / 2)
    assert row["stability"] == 1.0
    assert (row["smallest"], row["made"], row["n_rows"]) == (2, 2, 4)
    assert row[["inertia_share_sd", "silhouette_sd", "stability_sd", "smallest_sd"]].eq(0).all()


def test_a_row_for_each_candidate_once_ascending() -> None:
    evidence = cluster_evidence(heaps(3, 60), candidates=(5, 2, 5, 3), n_seeds=2)
    assert evidence["k"].tolist() == [2, 3, 5]


def test_the_number_of_heaps_is_found() -> None:
    evidence = cluster_evidence(heaps(4, 200), candidates=(2, 3, 4, 5, 8))
    assert best_k(evidence) == 4
    four = evidence.set_index("k").loc[4]
    assert four["stability"] == pytest.approx(1.0)
    assert four["smallest"] == 50


def test_inertia_falls_as_clusters_are_added() -> None:
    X = np.random.default_rng(0).random((300, 4))
    assert cluster_evidence(X, candidates=(1, 2, 5, 10, 50))["inertia"].is_monotonic_decreasing


def test_without_groups_seeds_disagree_and_no_number_is_advised() -> None:
    X = np.random.default_rng(0).random((2000, 8))
    evidence = cluster_evidence(X, candidates=(20, 50))
    assert (evidence["stability"] < 0.8).all()
    assert best_k(evidence) is None


def test_the_same_data_and_seed_give_the_same_evidence() -> None:
    X = np.random.default_rng(1).random((500, 12))
    first, again = (cluster_evidence(X, candidates=(2, 10)) for _ in range(2))
    pd.testing.assert_frame_equal(first, again, check_exact=True)


def test_the_first_fit_is_the_one_that_a_user_gets() -> None:
    X = np.random.default_rng(1).random((300, 3))
    evidence = cluster_evidence(X, candidates=(7,), n_seeds=1, random_state=4)
    assert evidence["inertia"].iloc[0] == Clusters(7, random_state=4).fit(X).inertia_


def test_with_one_seed_stability_and_spreads_are_unknown() -> None:
    row = cluster_evidence(TWO_HEAPS, candidates=(2,), n_seeds=1).iloc[0]
    assert row[["stability", "stability_sd", "silhouette_sd"]].isna().all()
    assert best_k(row.to_frame().T) is None


def test_one_cluster_has_no_silhouette() -> None:
    row = cluster_evidence(TWO_HEAPS, candidates=(1,)).iloc[0]
    assert np.isnan(row["silhouette"])
    assert row["inertia_share"] == pytest.approx(1.0)


def test_more_clusters_than_playlists_are_stated_and_never_advised() -> None:
    evidence = cluster_evidence(TWO_HEAPS, candidates=(2, 10))
    assert evidence["made"].tolist() == [2, 4]
    assert np.isnan(evidence["silhouette"].iloc[1])
    assert best_k(evidence) == 2


def test_one_playlist_makes_one_cluster() -> None:
    row = cluster_evidence(np.ones((1, 12)), candidates=(2,)).iloc[0]
    assert (row["made"], row["smallest"]) == (1, 1)
    assert np.isnan(row["inertia_share"])


def test_playlists_all_alike_make_one_cluster_without_inertia_to_share() -> None:
    evidence = cluster_evidence(np.full((30, 12), 0.1), candidates=(2, 5))
    assert evidence["made"].tolist() == [1, 1]
    assert evidence["inertia_share"].isna().all()
    assert best_k(evidence) is None


def test_duplicates_are_grouped_as_often_as_they_differ() -> None:
    evidence = cluster_evidence(np.repeat(TWO_HEAPS, 5, axis=0), candidates=(2, 4, 10))
    assert evidence["made"].tolist() == [2, 4, 4]
    # Each of the four different rows is its own cluster, of five playlists at no distance.
    assert evidence["silhouette"].iloc[1] == pytest.approx(1.0)


def test_constant_columns_change_nothing() -> None:
    X = np.random.default_rng(2).random((100, 3))
    wide = np.column_stack([X, np.full(100, 0.25)])
    columns = ["k", "made", "inertia", "silhouette", "stability", "smallest"]
    for candidates in ((2,), (5,)):
        plain = cluster_evidence(X, candidates=candidates)[columns]
        padded = cluster_evidence(wide, candidates=candidates)[columns]
        assert padded.to_numpy() == pytest.approx(plain.to_numpy())


def test_of_very_many_playlists_a_sample_is_fitted() -> None:
    evidence = cluster_evidence(heaps(3, 500), candidates=(3,), max_rows=100)
    assert evidence["n_rows"].tolist() == [100]
    assert evidence["stability"].tolist() == [1.0]


def test_the_silhouette_is_taken_of_a_sample_too() -> None:
    evidence = cluster_evidence(heaps(3, 6000), candidates=(3,), n_seeds=2)
    assert evidence["n_rows"].tolist() == [6000]
    assert evidence["silhouette"].iloc[0] > 0.9


@pytest.mark.parametrize("value", [np.nan, -np.inf])
def test_unknown_features_are_refused(value: float) -> None:
    X = TWO_HEAPS.copy()
    X[2] = value
    with pytest.raises(InputError, match="1 of 4 playlists"):
        cluster_evidence(X)


def test_no_playlists_are_refused() -> None:
    with pytest.raises(InputError, match="no playlists"):
        cluster_evidence(np.empty((0, 12)))


@pytest.mark.parametrize("candidates", [(), (0,), (5, -1)])
def test_candidates_below_one_are_refused(candidates: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="candidates"):
        cluster_evidence(TWO_HEAPS, candidates=candidates)


def test_no_seeds_are_refused() -> None:
    with pytest.raises(InputError, match="seeds"):
        cluster_evidence(TWO_HEAPS, n_seeds=0)
    with pytest.raises(InputError, match="1 or more"):
        cluster_evidence(TWO_HEAPS, max_rows=0)


def test_of_equal_silhouettes_the_fewer_clusters_are_advised() -> None:
    evidence = pd.DataFrame(
        {"k": [9, 3], "made": [9, 3], "silhouette": [0.5, 0.5], "stability": [0.9, 0.8]}
    )
    assert best_k(evidence) == 3


@settings(max_examples=25)
@given(
    st.integers(1, 25),
    st.integers(1, 3),
    st.lists(st.integers(1, 12), min_size=1, max_size=3),
    st.integers(0, 99),
)
def test_figures_stay_within_their_bounds(
    n_rows: int, n_features: int, candidates: list[int], seed: int
) -> None:
    X = np.random.default_rng(seed).integers(3, size=(n_rows, n_features)).astype(float)
    evidence = cluster_evidence(X, candidates=candidates, n_seeds=2, random_state=seed)
    assert evidence["inertia_share"].dropna().between(0, 1 + 1e-9).all()
    assert evidence["silhouette"].dropna().between(-1, 1).all()
    assert evidence["stability"].between(-1, 1).all()
    assert (evidence["smallest"] * evidence["made"] <= n_rows).all()
    assert (evidence["made"] <= evidence["k"]).all()
