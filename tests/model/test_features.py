import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.features import MinMax, aggregate, explained_variance
from model.ragged import Ragged

SONGS = np.array(
    [
        [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 100.0, -1.0, -5.0, 90.0, 3.0],
        [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 300.0, 11.0, -9.0, 120.0, 4.0],
    ]
)


def test_eight_columns_are_means_and_four_are_maxima() -> None:
    # (0.1 + 0.3) / 2 = 0.2, ..., (100 + 300) / 2 = 200; max(-1, 11), max(-5, -9), ...
    expected = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 200.0, 11.0, -5.0, 120.0, 4.0]
    assert aggregate(Ragged.of([[0, 1]]), SONGS)[0] == pytest.approx(expected)


def test_a_song_that_stands_twice_counts_twice() -> None:
    # Twice 100 s and once 300 s, over three.
    assert aggregate(Ragged.of([[0, 0, 1]]), SONGS)[0, 7] == pytest.approx(500 / 3)


def test_an_empty_list_has_no_features_wherever_it_stands() -> None:
    features = aggregate(Ragged.of([[], [0], [], [1], []]), SONGS)
    assert np.isnan(features[[0, 2, 4]]).all()
    assert features[[1, 3]].tolist() == SONGS.tolist()


@given(st.permutations([0, 1, 1, 0, 1]))
def test_the_order_of_songs_does_not_matter(order: list[int]) -> None:
    expected = aggregate(Ragged.of([[0, 0, 1, 1, 1]]), SONGS)
    assert aggregate(Ragged.of([order]), SONGS) == pytest.approx(expected)


def test_scaling_uses_the_fitted_range_and_clips() -> None:
    scaler = MinMax().fit(np.array([[0.0, 5.0], [10.0, 5.0]]))
    # (2.5 - 0) / 10; the second column is constant: 0 throughout, 1 above it by clipping.
    assert scaler.transform(np.array([[2.5, 5.0], [-1.0, 99.0]])).tolist() == [[0.25, 0], [0, 1]]


def test_one_unscaled_column_of_followers_explains_nearly_all_variance() -> None:
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.random((500, 3)), rng.pareto(1.0, 500) * 1000])
    assert explained_variance(X)[0] > 0.999
    assert explained_variance(MinMax().fit(X).transform(X))[0] < 0.9


def test_explained_variance_is_a_share_in_descending_order() -> None:
    # Variances 8 and 2 along the axes: shares 0.8 and 0.2.
    X = np.array([[2.0, 0.0], [-2.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    assert explained_variance(X).tolist() == pytest.approx([0.8, 0.2])


def test_constant_columns_explain_nothing() -> None:
    assert explained_variance(np.ones((4, 2))).tolist() == [0.0, 0.0]
