import numpy as np
import pytest

from model.figures.intervals import N_RESAMPLES, ends, mean_of_known, resampled, summarise


def test_means_pass_over_what_is_unknown() -> None:
    assert mean_of_known(np.array([np.nan, 2.0, 4.0])) == 3
    assert np.isnan(mean_of_known(np.array([np.nan])))


def test_intervals_are_as_wide_as_theory_says() -> None:
    values = np.random.default_rng(0).normal(10, 2, size=(400, 1))
    means = summarise(values)
    # Standard error 2 / sqrt(400) = 0.1, so 95 % lie within 1.96 * 0.1 on either side.
    assert means.low[0] < means.mean[0] < means.high[0]
    assert means.mean[0] == pytest.approx(values.mean())
    assert means.high[0] - means.low[0] == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.15)


def test_a_summary_passes_over_nan_and_repeats_with_its_seed() -> None:
    values = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]])
    first = summarise(values)
    assert (first.mean[0], first.n.tolist()) == (2.0, [2, 0])
    assert 1 <= first.low[0] <= first.high[0] <= 3
    assert np.isnan([first.mean[1], first.low[1], first.high[1]]).all()
    assert first.low.tobytes() == summarise(values).low.tobytes()
    spread = np.arange(99.0)[:, None]
    assert summarise(spread, 1).low != summarise(spread, 2).low


def test_all_columns_are_resampled_by_the_same_rows() -> None:
    values = np.random.default_rng(0).random(50)
    means = summarise(np.column_stack([values, values + 1.0]))
    assert means.low[1] - means.low[0] == pytest.approx(1.0)
    assert means.high[1] - means.high[0] == pytest.approx(1.0)


def test_the_summary_of_no_playlists_is_unknown() -> None:
    means = summarise(np.empty((0, 2)))
    assert np.isnan(list(means.columns().values())).all()
    assert means.n.tolist() == [0, 0]


def test_as_many_rows_are_drawn_as_there_are() -> None:
    sizes = resampled(lambda rows: np.array([len(rows), rows.min(), rows.max()]), 7)
    assert sizes.shape == (N_RESAMPLES, 3)
    assert (sizes[:, 0] == 7).all()
    assert (sizes[:, 1].min(), sizes[:, 2].max()) == (0, 6)


def test_ends_of_many_rows_leave_a_fortieth_on_either_side() -> None:
    made = np.column_stack([np.arange(1001.0), np.full(1001, np.nan), np.arange(1001.0)])
    made[501:, 2] = np.nan
    # 0.025 of 1,000 steps is 25; of the 500 that are known, 12.5.
    expected = np.array([[25, 12.5], [975, 487.5]])
    assert ends(made, 10**8)[:, [0, 2]] == pytest.approx(expected, abs=1e-3)
    assert np.isnan(ends(made, 10**8)[:, 1]).all()


def test_ends_of_few_rows_are_further_out_by_column() -> None:
    made = np.column_stack([np.arange(100_001.0)] * 4)
    low, high = ends(made, np.array([5, 10, 35, 1]))
    # sqrt(n / (n - 1)) t_{.975; n - 1} is 1.1180 * 2.7764 = 3.1041, 1.0541 * 2.2622 = 2.3845 and
    # 1.0146 * 2.0322 = 2.0618: Phi of its negative .00095, .00855 and .01961.
    assert low[:3] / 100_000 == pytest.approx([0.00095, 0.00855, 0.01961], abs=1e-5)
    assert high[:3] == pytest.approx(100_000 - low[:3])
    assert np.isnan([low[3], high[3]]).all()


@pytest.mark.parametrize(("n", "least"), [(5, 0.86), (10, 0.91), (35, 0.93)])
def test_intervals_of_few_playlists_cover_the_mean_about_as_often_as_they_say(
    n: int, least: float
) -> None:
    rng = np.random.default_rng(n)
    made = summarise(rng.normal(size=(n, 2_000)))
    covered = np.mean((made.low <= 0) & (made.high >= 0))
    # Resamples of five cannot leave the five, which leave the mean out at times, 1 in 16.
    # Plain percentiles cover .82, .90 and .92.
    assert least <= covered <= 0.985


def test_one_playlist_gives_no_interval() -> None:
    means = summarise(np.array([[1.0, 1.0], [np.nan, 3.0]]))
    assert np.isnan([means.low[0], means.high[0]]).all()
    assert (means.low[1], means.high[1]) == (1.0, 3.0)
    alone = summarise(np.ones((1, 1)))
    assert alone.mean.tolist() == [1.0]
    assert np.isnan([alone.low, alone.high]).all()
