from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from model.errors import InputError
from model.followers.comparison import FollowerComparison, compare_follower_models
from model.followers.models import BASELINE, follower_models
from model.followers.scores import SCORES, Reference, Scorer

Parts = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def make(n_rows: int, n_features: int = 4, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw followers that the first feature moves by a factor of twenty."""
    rng = np.random.default_rng(seed)
    X = rng.random((n_rows, n_features))
    return X, np.floor(2 + np.exp(3 * X[:, 0] + rng.normal(0, 0.5, n_rows)))


@pytest.fixture(scope="module")
def parts() -> Parts:
    return (*make(1200), *make(300, seed=1))


@pytest.fixture(scope="module")
def compared(parts: Parts) -> FollowerComparison:
    return compare_follower_models(*parts, random_state=0)


def value(compared: FollowerComparison, model: str, score: str) -> float:
    rows = compared.scores
    return float(rows[(rows["model"] == model) & (rows["score"] == score)]["value"].iloc[0])


def test_every_model_has_every_score_the_baseline_first(compared: FollowerComparison) -> None:
    expected = [(model, score) for model in follower_models(0) for score in SCORES]
    assert list(compared.scores[["model", "score"]].itertuples(index=False, name=None)) == expected
    assert compared.scores["model"].iloc[0] == BASELINE


def test_scores_are_those_of_each_model_by_itself(
    compared: FollowerComparison, parts: Parts
) -> None:
    train_X, train_followers, X, followers = parts
    reference = Reference.of(train_followers)
    for name, model in follower_models(0).items():
        predicted = model.fit(train_X, train_followers).predict(X)
        expected = Scorer.of(followers, predicted, reference).scores(np.ones(len(X)))
        found = [value(compared, name, score) for score in SCORES]
        assert found == pytest.approx(expected, nan_ok=True)


def test_the_median_saves_nothing_of_its_own_error(compared: FollowerComparison) -> None:
    assert value(compared, BASELINE, "d2_absolute") == 0.0
    assert np.isnan(value(compared, BASELINE, "spearman"))


def test_models_of_the_logarithm_beat_the_median_where_there_is_something_to_learn(
    compared: FollowerComparison,
) -> None:
    for model in ("linear_log", "poisson_log", "boosting_log", "boosting_median"):
        assert value(compared, model, "d2_absolute") > 0.2
        assert value(compared, model, "spearman") > 0.7


def test_intervals_hold_the_scores(compared: FollowerComparison) -> None:
    known = compared.scores.dropna()
    assert (known["low"] <= known["value"]).all()
    assert (known["value"] <= known["high"]).all()
    spearman = compared.scores[compared.scores["score"] == "spearman"].dropna()
    assert spearman[["low", "value", "high"]].abs().le(1).all(axis=None)


def test_tenths_hold_every_playlist_once_for_each_model(compared: FollowerComparison) -> None:
    table = compared.calibration
    assert table.groupby("model")["n"].sum().eq(300).all()
    assert table[table["model"] == BASELINE]["decile"].tolist() == [6]
    assert table[table["model"] == "linear_log"]["n"].tolist() == [30] * 10


def test_observed_tenths_lie_within_their_intervals(compared: FollowerComparison) -> None:
    table = compared.calibration
    for figure in ("observed_mean", "observed_median"):
        assert (table[f"{figure}_low"] <= table[figure]).all()
        assert (table[figure] <= table[f"{figure}_high"]).all()


def test_tenths_of_one_playlist_have_no_interval() -> None:
    tables = compare_follower_models(*make(40), *make(10, seed=1), random_state=0).calibration
    alone, more = (tables[tables["n"].eq(1) == is_alone] for is_alone in (True, False))
    assert len(alone)
    assert alone[["observed_mean_low", "observed_median_high"]].isna().all(axis=None)
    assert more[["observed_mean_low", "observed_median_high"]].notna().all(axis=None)


def test_tenths_of_a_right_model_are_calibrated(compared: FollowerComparison) -> None:
    table = compared.calibration[compared.calibration["model"] == "linear_log"]
    # 30 playlists each, with a spread of .5 in the logarithm: 3 * .5 / sqrt(30) = .27; small
    # counts are rounded down from 2 + x, which bends the line besides.
    assert np.abs(table["observed_mean"] - table["predicted_mean"]).max() < 0.45


def test_the_same_data_and_seed_give_the_same_figures_on_any_number_of_cores(parts: Parts) -> None:
    with threadpool_limits(2):
        first = compare_follower_models(*parts, random_state=5)
    with threadpool_limits(1):
        again = compare_follower_models(*parts, random_state=5)
    pd.testing.assert_frame_equal(first.scores, again.scores, check_exact=True)
    pd.testing.assert_frame_equal(first.calibration, again.calibration, check_exact=True)


def test_the_order_of_the_scored_playlists_changes_nothing(
    compared: FollowerComparison, parts: Parts
) -> None:
    train_X, train_followers, X, followers = parts
    order = np.random.default_rng(0).permutation(len(X))
    shuffled = compare_follower_models(
        train_X, train_followers, X[order], followers[order], random_state=0
    )
    pd.testing.assert_frame_equal(shuffled.scores, compared.scores)
    pd.testing.assert_frame_equal(shuffled.calibration, compared.calibration)


def test_nothing_is_learnt_from_the_scored_part(compared: FollowerComparison, parts: Parts) -> None:
    train_X, train_followers, X, followers = parts
    louder = compare_follower_models(train_X, train_followers, X, followers * 9, random_state=0)
    assert (
        louder.calibration["predicted_mean"].tolist()
        == compared.calibration["predicted_mean"].tolist()
    )


@pytest.mark.parametrize("n_features", [1, 15])
def test_any_number_of_features_will_do(n_features: int) -> None:
    compared = compare_follower_models(
        *make(60, n_features), *make(30, n_features, seed=1), random_state=0
    )
    assert compared.scores["low"].notna().sum() >= 26


def test_constant_features_leave_every_model_without_order() -> None:
    _, followers = make(50)
    compared = compare_follower_models(
        np.ones((50, 3)), followers, np.ones((50, 3)), followers, random_state=0
    )
    spearman = compared.scores[compared.scores["score"] == "spearman"]
    assert spearman["value"].isna().all()
    assert compared.calibration["decile"].tolist() == [6] * len(follower_models(0))


def test_equal_followers_leave_nothing_to_save() -> None:
    X, _ = make(40)
    sevens = np.full(40, 7.0)
    scores = compare_follower_models(X, sevens, X, sevens, random_state=0).scores
    errors = scores[scores["score"] == "male"]["value"]
    assert errors.to_numpy() == pytest.approx(np.zeros(len(errors)), abs=1e-12)
    assert scores[scores["score"] == "d2_absolute"]["value"].isna().all()


def test_one_playlist_on_either_side_is_compared() -> None:
    compared = compare_follower_models(*make(1), *make(1, seed=1), random_state=0)
    assert compared.calibration["n"].eq(1).all()
    male = compared.scores[compared.scores["score"] == "male"]
    # Every resample is that playlist.
    assert male["value"].notna().all()
    assert male[["low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("part", "change", "complaint"),
    [
        (0, lambda X: X[:0], "training part has no playlists"),
        (2, lambda X: X[:0], "scored part has no playlists"),
        (3, lambda followers: followers[1:], "features of 20 playlists and followers of 19"),
        (2, lambda X: X[:, 1:], "scored part has 3 features and the training part 4"),
        (0, lambda X: np.where(X[0, 0] == X, np.nan, X), "training part has 1 playlist with"),
        (2, lambda X: np.where(X[0, 0] == X, np.inf, X), "scored part has 1 playlist with"),
        (3, lambda followers: np.r_[np.nan, followers[1:]], "scored part has 1 playlist with"),
        (1, lambda followers: np.r_[-3.0, followers[1:]], "a playlist with -3 followers"),
    ],
)
def test_what_cannot_be_compared_is_refused(part: int, change: Callable, complaint: str) -> None:
    parts = [*make(40), *make(20, seed=1)]
    parts[part] = change(parts[part])
    if part == 0 and not len(parts[0]):
        parts[1] = parts[1][:0]
    with pytest.raises(InputError, match=complaint):
        compare_follower_models(*parts, random_state=0)
