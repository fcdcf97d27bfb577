import numpy as np
import pytest
from scipy.stats import ttest_1samp

from model.comparison.pairs import compare_pairs


def test_a_sure_difference_has_the_smallest_p_value_that_the_resamples_allow() -> None:
    pairs = compare_pairs(np.full((30, 1), -2.0), n_resamples=199)
    assert (pairs.mean[0], pairs.low[0], pairs.high[0]) == (-2.0, -2.0, -2.0)
    assert pairs.p_value[0] == 2 / 200  # 2 (1 + 0) / (1 + 199)


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


def test_one_playlist_gives_no_interval() -> None:
    pairs = compare_pairs(np.array([[3.0, 0.0]]))
    assert np.isnan([pairs.low, pairs.high]).all()
    assert pairs.p_value.tolist() == [1.0, 1.0]
