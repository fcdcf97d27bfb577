import numpy as np
import pytest
from scipy.stats import t, ttest_1samp

from model.comparison.pairs import adjust, compare_pairs
from model.figures.intervals import two_sided


def test_a_sure_difference_has_the_smallest_p_value_that_the_resamples_allow() -> None:
    pairs = compare_pairs(np.full((30, 1), -2.0), n_resamples=199)
    assert (pairs.mean[0], pairs.low[0], pairs.high[0]) == (-2.0, -2.0, -2.0)
    # 2 (1 + 0) / (1 + 199) = .01, z = -2.5758, t = z sqrt(29 / 30) = -2.5325, of 29 degrees.
    assert pairs.p_value[0] == pytest.approx(2 * t.cdf(-2.5325, 29), rel=1e-4)


@pytest.mark.parametrize(("n", "least"), [(1, 1.0), (2, 0.5), (6, 2**-5)])
def test_few_playlists_say_little_however_alike_they_are(n: int, least: float) -> None:
    assert compare_pairs(np.full((n, 1), 3.0)).p_value.tolist() == [least]


def test_no_difference_at_all_has_p_value_one() -> None:
    assert compare_pairs(np.zeros((5, 1))).p_value.tolist() == [1.0]


def test_swapping_the_two_turns_the_signs_and_keeps_the_p_value() -> None:
    differences = np.random.default_rng(0).normal(0.2, 1, (80, 1))
    one, other = compare_pairs(differences), compare_pairs(-differences)
    assert one.mean == pytest.approx(-other.mean)
    assert one.low == pytest.approx(-other.high)
    assert one.p_value.tolist() == other.p_value.tolist()


def test_p_values_are_close_to_those_of_a_paired_t_test() -> None:
    differences = np.random.default_rng(1).normal(0.2, 1, (200, 1))
    expected = ttest_1samp(differences[:, 0], 0).pvalue
    assert 0.005 < expected < 0.2
    assert compare_pairs(differences, n_resamples=4000).p_value[0] == pytest.approx(
        expected, abs=0.02
    )


@pytest.mark.parametrize("n", [7, 10, 35])
def test_few_playlists_without_a_difference_are_told_apart_about_as_often_as_said(n: int) -> None:
    rng = np.random.default_rng(n)
    pairs = [compare_pairs(rng.normal(size=(n, 20)), n_resamples=500) for _ in range(100)]
    # Standard error of a share of .05 in 2,000: .005. Without widening: .13, .10 and .06.
    assert np.mean([pair.p_value < 0.05 for pair in pairs]) <= 0.075


@pytest.mark.parametrize("n", [10, 35, 350])
def test_p_values_and_intervals_agree(n: int) -> None:
    differences = np.random.default_rng(n).normal(2.1 / np.sqrt(n), 1, (n, 200))
    pairs = compare_pairs(differences)
    leaves_out = (pairs.low > 0) | (pairs.high < 0)
    assert 20 < leaves_out.sum() < 180
    # Within half a resample or so of the end they may differ.
    is_clear = np.abs(pairs.p_value - 0.05) > 0.004
    assert (leaves_out == (pairs.p_value < 0.05))[is_clear].all()


def test_of_many_playlists_p_values_stay_what_they_were() -> None:
    # 40 of 2,000 resamples: z = -2.0438; t(-2.0409) of 349 degrees: .0420 for .0410.
    assert two_sided(np.array([2 * 41 / 2001]), 350)[0] == pytest.approx(0.0420, abs=1e-4)


def test_one_playlist_gives_no_interval() -> None:
    pairs = compare_pairs(np.array([[3.0, 0.0]]))
    assert np.isnan([pairs.low, pairs.high]).all()
    assert pairs.p_value.tolist() == [1.0, 1.0]


def test_several_p_values_are_adjusted_by_holm_each_column_by_itself() -> None:
    p = np.array([[0.01, 0.5], [0.04, 0.5], [0.03, 0.001], [0.005, 0.9]])
    # Ascending .005, .01, .03, .04 times 4, 3, 2, 1: .02, .03, .06 and .04, which is .06 then.
    # Of the other: .001 times 4; .5 times 3 is 1 at most, as are those behind it.
    expected = [[0.03, 1.0], [0.06, 1.0], [0.06, 0.004], [0.02, 1.0]]
    assert adjust(p) == pytest.approx(np.array(expected))
    assert adjust(p[:, 0]) == pytest.approx(np.array(expected)[:, 0])
    assert adjust(p[:1]).tolist() == p[:1].tolist()
