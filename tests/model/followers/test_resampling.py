import numpy as np
import pytest

from model.figures.intervals import summarise
from model.followers.resampling import weighted_intervals
from model.ragged import FloatArray


def test_intervals_of_means_are_those_of_the_metrics() -> None:
    values = np.random.default_rng(0).random((60, 2))

    def means(weights: FloatArray) -> FloatArray:
        return np.asarray(weights @ values / weights.sum())

    found = weighted_intervals(means, 60, random_state=3)
    expected = summarise(values, 3)
    assert found == pytest.approx(np.array([expected.low, expected.high]))


def test_the_ends_are_quantiles_of_the_resamples() -> None:
    # Of two rows 0 and 1 the mean is 0, 1/2 or 1, at chances 1/4, 1/2 and 1/4.
    values = np.array([0.0, 1.0])
    ends = weighted_intervals(lambda w: np.array([w @ values / 2]), 2)
    assert ends.ravel().tolist() == [0.0, 1.0]


def test_a_figure_of_few_rows_has_the_interval_of_so_few() -> None:
    values = np.random.default_rng(1).random(200)

    def first_ten_twice(weights: FloatArray) -> FloatArray:
        return np.repeat(weights[:10] @ values[:10] / max(weights[:10].sum(), 1), 2)

    (low, too_high), (high, too_low) = weighted_intervals(
        first_ten_twice, 200, sizes=np.array([10, 200])
    )
    assert low < too_high < too_low < high


def test_every_resample_has_as_many_rows_as_there_are() -> None:
    sizes = weighted_intervals(lambda w: np.array([w.sum()]), 7)
    assert sizes.ravel().tolist() == [7.0, 7.0]


def test_figures_that_are_never_known_have_no_interval() -> None:
    ends = weighted_intervals(lambda w: np.array([np.nan, w[0] * 0]), 3)
    assert np.isnan(ends[:, 0]).all()
    assert ends[:, 1].tolist() == [0.0, 0.0]


def test_unknown_resamples_are_passed_over() -> None:
    # Known only where row 0 was drawn, and then 1.
    def figures(weights: FloatArray) -> FloatArray:
        return np.array([1.0 if weights[0] else np.nan])

    assert weighted_intervals(figures, 3).ravel().tolist() == [1.0, 1.0]


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.arange(9.0)
    first, again, other = (
        weighted_intervals(lambda w: np.array([w @ values]), 9, random_state=seed)
        for seed in (1, 1, 2)
    )
    assert first.tobytes() == again.tobytes() != other.tobytes()


def test_one_row_gives_no_interval() -> None:
    ends = weighted_intervals(lambda weights: weights * 3.0, 1)
    assert np.isnan(ends).all()
