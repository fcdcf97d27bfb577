from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.followers.calibration import ObservedDeciles, calibration, deciles

counts = st.integers(0, 4) | st.integers(0, 80_000)
pairs = st.lists(st.tuples(counts, counts), min_size=1, max_size=40).map(
    lambda rows: np.array(rows, dtype=np.float64).T
)


def test_twenty_playlists_stand_two_by_two() -> None:
    assert deciles(np.arange(20.0)[::-1]).tolist() == [n for n in range(10, 0, -1) for _ in "ab"]


def test_equal_predictions_stay_together() -> None:
    # Ranks of the first eight are 4.5 each: 4 / 10 is the fifth tenth; then 9 and 10.
    assert deciles(np.r_[np.zeros(8), 1.0, 2.0]).tolist() == [5] * 8 + [9, 10]


def test_a_constant_prediction_makes_one_tenth() -> None:
    assert deciles(np.full(7, 3.0)).tolist() == [6] * 7
    assert deciles(np.array([3.0])).tolist() == [6]
    assert deciles(np.empty(0)).tolist() == []


def test_the_table_is_that_by_hand() -> None:
    # The first three rows have rank 2 of 4: (2 - .5) / 4 = .375, the fourth tenth. The last,
    # rank 4: .875, the ninth.
    table = calibration(np.array([0.0, 1.0, 7.0, 15.0]), np.array([3.0, 3.0, 3.0, 7.0]))
    assert table["decile"].tolist() == [4, 9]
    assert table["n"].tolist() == [3, 1]
    # log2 of 1 + followers: 0, 1, 3 and 4; of the predictions 2 and 3.
    assert (table["observed_mean"] / np.log(2)).tolist() == pytest.approx([4 / 3, 4.0])
    assert (table["predicted_mean"] / np.log(2)).tolist() == pytest.approx([2.0, 3.0])
    assert table["observed_median"].tolist() == [1.0, 15.0]
    assert table["predicted_median"].tolist() == [3.0, 7.0]


def test_a_prediction_below_none_counts_as_none() -> None:
    table = calibration(np.array([2.0]), np.array([-4.0]))
    assert table["predicted_mean"].tolist() == [0.0]
    assert table["predicted_median"].tolist() == [0.0]


@given(pairs)
def test_the_truth_as_prediction_is_calibrated(pair: np.ndarray) -> None:
    table = calibration(pair[0], pair[0])
    assert table["observed_mean"].tolist() == table["predicted_mean"].tolist()
    assert table["observed_median"].tolist() == table["predicted_median"].tolist()
    assert table["predicted_mean"].is_monotonic_increasing


@given(pairs, st.randoms(use_true_random=False))
def test_the_order_of_playlists_changes_no_tenth(pair: np.ndarray, random: Random) -> None:
    order = list(range(pair.shape[1]))
    random.shuffle(order)
    table, shuffled = calibration(*pair), calibration(*pair[:, order])
    assert shuffled.to_numpy() == pytest.approx(table.to_numpy())


@given(pairs)
def test_each_playlist_is_in_one_tenth(pair: np.ndarray) -> None:
    table = calibration(*pair)
    assert table["n"].sum() == pair.shape[1]
    assert table["decile"].between(1, 10).all()


@given(pairs)
def test_what_is_observed_is_that_of_the_table(pair: np.ndarray) -> None:
    table = calibration(*pair)
    observed = ObservedDeciles.of(*pair).observed(np.ones(pair.shape[1]))
    expected = np.r_[table["observed_mean"], table["observed_median"]]
    assert observed == pytest.approx(expected)


def test_rows_count_as_often_as_they_are_drawn() -> None:
    # Tenths 4 (followers 0, 1, 7) and 9 (15), as above.
    deciles_of = ObservedDeciles.of(np.array([7.0, 0.0, 1.0, 15.0]), np.array([3.0, 3.0, 3.0, 7.0]))
    mean, none, median, nothing = deciles_of.observed(np.array([2.0, 1.0, 1.0, 0.0]))
    # 0, 1, 7, 7: doublings (0 + 1 + 3 + 3) / 4, median (1 + 7) / 2; the other tenth is not drawn.
    assert mean / np.log(2) == pytest.approx(7 / 4)
    assert median == 4.0
    assert np.isnan([none, nothing]).all()


@given(pairs, st.data())
def test_a_median_of_drawn_rows_is_that_of_the_rows_written_out(
    pair: np.ndarray, data: st.DataObject
) -> None:
    weights = np.array(
        data.draw(st.lists(st.integers(0, 3), min_size=pair.shape[1], max_size=pair.shape[1]))
    )
    followers, predicted = pair
    observed = ObservedDeciles.of(followers, predicted).observed(weights.astype(np.float64))
    tenth = deciles(predicted)
    expected = [
        np.median(rows) if rows.size else np.nan
        for one in np.unique(tenth)
        for rows in [np.repeat(followers[tenth == one], weights[tenth == one])]
    ]
    assert observed[len(observed) // 2 :] == pytest.approx(expected, nan_ok=True)
