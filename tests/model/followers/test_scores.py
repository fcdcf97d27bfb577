from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import d2_absolute_error_score, r2_score

from model.followers.scores import SCORES, RankedPair, Reference, Scorer, log_followers

# 1 + followers are 1, 2, 4, 16 and 1 + predictions 2, 2, 8, 4: so many doublings.
TRUE = np.array([0.0, 1.0, 3.0, 15.0])
PREDICTED = np.array([1.0, 1.0, 7.0, 3.0])
DOUBLING = np.log(2.0)

counts = st.integers(0, 5) | st.integers(0, 80_000)
pairs = st.lists(st.tuples(counts, counts), min_size=2, max_size=30).map(
    lambda rows: np.array(rows, dtype=np.float64).T
)


def score(
    name: str, true: np.ndarray, predicted: np.ndarray, *, median: float = 0.0, mean: float = 0.0
) -> float:
    """One score of predictions, each row counted once."""
    scorer = Scorer.of(true, predicted, Reference(median=median, mean=mean))
    return float(scorer.scores(np.ones(len(true)))[SCORES.index(name)])


def test_the_reference_is_the_middle_of_training_on_the_log_scale() -> None:
    # The median of 0, 1, 3, 15 is 2; doublings 0, 1, 2, 4 have the mean 1.75.
    reference = Reference.of(TRUE)
    assert reference.median == pytest.approx(np.log(3.0))
    assert reference.mean == pytest.approx(1.75 * DOUBLING)


def test_followers_below_none_count_as_none() -> None:
    assert log_followers(np.array([-1e9, -1.0, 0.0])).tolist() == [0.0, 0.0, 0.0]


def test_mean_absolute_log_error_is_that_by_hand() -> None:
    # Off by 1, 0, 1 and 2 doublings: 4 / 4.
    assert score("male", TRUE, PREDICTED) == pytest.approx(DOUBLING)


def test_a_prediction_below_none_is_as_wrong_as_none() -> None:
    below, none = np.full(4, -100.0), np.zeros(4)
    assert score("male", TRUE, below) == score("male", TRUE, none)


def test_the_share_of_absolute_error_saved_is_that_by_hand() -> None:
    # Of a median of 1 doubling: 1 + 0 + 1 + 3 = 5; 4 are left: 1 - 4 / 5.
    assert score("d2_absolute", TRUE, PREDICTED, median=DOUBLING) == pytest.approx(0.2)


def test_the_share_of_squared_error_saved_is_that_by_hand() -> None:
    # Of a mean of 2 doublings: 4 + 1 + 0 + 4 = 9; 1 + 0 + 1 + 4 = 6 are left: 1 - 6 / 9.
    assert score("d2_squared", TRUE, PREDICTED, mean=2 * DOUBLING) == pytest.approx(1 / 3)


def test_shares_are_unknown_where_the_middle_is_right_throughout() -> None:
    same = np.full(3, 9.0)
    assert np.isnan(score("d2_absolute", same, TRUE[:3], median=float(np.log1p(9.0))))
    assert np.isnan(score("d2_squared", same, TRUE[:3], mean=float(np.log1p(9.0))))


def test_shares_are_those_of_the_library_where_its_middle_is_taken() -> None:
    rng = np.random.default_rng(0)
    true, predicted = np.floor(rng.pareto(1, (2, 101)) * 9)
    y, made = np.log1p(true), np.log1p(predicted)
    assert score("d2_absolute", true, predicted, median=float(np.median(y))) == pytest.approx(
        d2_absolute_error_score(y, made)
    )
    assert score("d2_squared", true, predicted, mean=float(y.mean())) == pytest.approx(
        r2_score(y, made)
    )


def test_spearman_shares_ranks_among_ties() -> None:
    # Ranks 1, 2, 3, 4 and 1.5, 1.5, 4, 3: (1.5 * 1 + .5 * 1 + .5 * 1.5 + 1.5 * .5) = 3.5, over
    # sqrt(5 * (1 + 1 + 2.25 + .25)).
    assert score("spearman", TRUE, PREDICTED) == pytest.approx(3.5 / np.sqrt(5 * 4.5))


def test_spearman_knows_order_alone() -> None:
    assert score("spearman", TRUE, TRUE**3) == pytest.approx(1.0)
    assert score("spearman", TRUE, -TRUE) == pytest.approx(-1.0)


@pytest.mark.parametrize("n_rows", [1, 3])
def test_spearman_of_a_constant_is_unknown(n_rows: int) -> None:
    assert np.isnan(score("spearman", TRUE[:n_rows], np.ones(n_rows)))


@given(pairs, st.data())
def test_a_row_that_counts_twice_is_a_row_that_stands_twice(
    pair: np.ndarray, data: st.DataObject
) -> None:
    weights = data.draw(st.lists(st.integers(0, 3), min_size=pair.shape[1], max_size=pair.shape[1]))
    repeated = np.repeat(pair, weights, axis=1)
    if not repeated.size:
        return
    reference = Reference(median=1.0, mean=2.0)
    weighted = Scorer.of(*pair, reference).scores(np.array(weights, dtype=np.float64))
    written_out = Scorer.of(*repeated, reference).scores(np.ones(repeated.shape[1]))
    assert weighted == pytest.approx(written_out, nan_ok=True)


@given(pairs)
def test_spearman_is_that_of_the_library_and_within_its_bounds(pair: np.ndarray) -> None:
    found = score("spearman", *pair)
    if min(np.ptp(pair, axis=1)) == 0:
        assert np.isnan(found)
        return
    assert -1 <= found <= 1
    assert found == pytest.approx(spearmanr(*pair).statistic)


@given(pairs, st.randoms(use_true_random=False))
def test_the_order_of_playlists_changes_no_score(pair: np.ndarray, random: Random) -> None:
    order = list(range(pair.shape[1]))
    random.shuffle(order)
    reference, weights = Reference(median=1.0, mean=2.0), np.ones(len(order))
    first = Scorer.of(*pair, reference).scores(weights)
    shuffled = Scorer.of(*pair[:, order], reference).scores(weights)
    assert shuffled == pytest.approx(first, nan_ok=True)


@given(pairs)
def test_a_perfect_prediction_has_no_error(pair: np.ndarray) -> None:
    scores = Scorer.of(pair[0], pair[0], Reference(median=1.0, mean=2.0)).scores(
        np.ones(len(pair[0]))
    )
    assert scores[:3].tolist() == [1.0, 1.0, 0.0]


@given(pairs)
def test_errors_and_shares_stay_within_their_bounds(pair: np.ndarray) -> None:
    shares = Scorer.of(*pair, Reference(median=1.0, mean=2.0)).scores(np.ones(pair.shape[1]))
    assert max(shares[0], shares[1]) <= 1
    assert shares[2] >= 0


def test_ranks_are_compared_whichever_comes_first() -> None:
    ones = np.ones(4)
    assert RankedPair.of(TRUE, PREDICTED).correlation(ones) == pytest.approx(
        RankedPair.of(PREDICTED, TRUE).correlation(ones)
    )
