import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import PoissonRegressor
from threadpoolctl import threadpool_limits

from model.errors import InputError
from model.followers.models import (
    BASELINE,
    BoostedFollowers,
    FollowerModel,
    MedianFollowers,
    PoissonFollowers,
    follower_models,
)
from model.followers.scores import log_followers

NAMES = list(follower_models(0))


@pytest.fixture
def playlists() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.random((1500, 5)) * [1, 10, 1000, 1, 1]
    return X, np.floor(2 + np.exp(3 * X[:, 0]) * rng.exponential(2, 1500))


@pytest.fixture(params=NAMES)
def model(request: pytest.FixtureRequest) -> FollowerModel:
    return follower_models(0)[request.param]


def test_the_baseline_stands_first() -> None:
    assert NAMES[0] == BASELINE


def test_the_baseline_is_the_middle_of_the_training_part() -> None:
    # 2, 3, 5, 1000: (3 + 5) / 2.
    model = MedianFollowers().fit(np.zeros((4, 1)), np.array([1000.0, 2.0, 5.0, 3.0]))
    assert model.predict(np.array([[7.0], [np.nan]])).tolist() == [4.0, 4.0]


def test_two_kinds_of_playlist_get_the_mean_of_their_kind() -> None:
    X = np.array([[0.0], [0.0], [1.0], [1.0]])
    followers = np.array([1.0, 3.0, 10.0, 30.0])
    # A mean for each value of the only column: (1 + 3) / 2 and (10 + 30) / 2.
    fitted = PoissonFollowers().fit(X, followers).predict(X)
    assert fitted == pytest.approx([2, 2, 20, 20], rel=1e-3)


def test_on_the_log_target_the_mean_is_that_of_the_logarithms() -> None:
    X = np.array([[0.0], [0.0], [1.0], [1.0]])
    followers = np.array([0.0, 3.0, 8.0, 31.0])
    # log 1 and log 4 have the mean log 2, log 9 and log 32 the mean log sqrt(288) = log 16.97.
    fitted = PoissonFollowers(log_target=True).fit(X, followers).predict(X)
    assert fitted == pytest.approx([1, 1, 15.97, 15.97], rel=5e-3)


def test_poisson_is_that_of_the_library_where_nothing_is_bounded(playlists: tuple) -> None:
    X, followers = playlists
    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    expected = PoissonRegressor(alpha=1e-4, max_iter=10_000, tol=1e-8).fit(scaled, followers)
    fitted = PoissonFollowers().fit(X, followers)
    assert fitted.predict(X) == pytest.approx(expected.predict(scaled), rel=1e-3)


def test_poisson_predicts_as_many_followers_in_all_as_training_has(playlists: tuple) -> None:
    X, followers = playlists
    # The score equation of the intercept; the ridge leaves the intercept alone.
    assert PoissonFollowers().fit(X, followers).predict(X).sum() == pytest.approx(followers.sum())


def test_boosting_learns_what_no_line_can() -> None:
    X = np.linspace(-1, 1, 2000)[:, None]
    followers = np.where(np.abs(X[:, 0]) < 0.5, 10.0, 1000.0)
    predicted = BoostedFollowers().fit(X, followers).predict(np.array([[0.0], [-0.9], [0.9]]))
    assert predicted == pytest.approx([10, 1000, 1000], rel=0.05)


def test_boosting_towards_the_median_passes_over_outliers() -> None:
    X = np.repeat([[0.0], [1.0]], 50, axis=0)
    followers = np.where(X[:, 0] > 0, 50.0, 5.0)
    followers[::10] = 70_000.0
    predicted = BoostedFollowers("absolute_error").fit(X, followers).predict(X[[0, -1]])
    # Nine of ten playlists have 5, or 50: so has the median.
    assert predicted == pytest.approx([5, 50], rel=0.05)
    assert (BoostedFollowers().fit(X, followers).predict(X[[0, -1]]) > predicted).all()


def test_the_same_data_and_seed_give_the_same_bytes_on_any_number_of_cores(
    model: FollowerModel, playlists: tuple
) -> None:
    with threadpool_limits(2):
        first = model.fit(*playlists).predict(playlists[0])
    with threadpool_limits(1):
        again = model.fit(*playlists).predict(playlists[0])
    # The straight line alone leaves the number of cores to the caller.
    assert first == pytest.approx(again, rel=1e-9)
    if isinstance(model, BoostedFollowers | PoissonFollowers):
        assert first.tobytes() == again.tobytes()


def test_a_model_learns_and_answers_row_by_row(model: FollowerModel, playlists: tuple) -> None:
    X, followers = playlists
    whole = model.fit(X, followers).predict(X)
    assert whole.shape == followers.shape
    assert np.isfinite(whole).all()
    assert model.predict(X[7:8]) == pytest.approx(whole[7:8])
    assert model.predict(X[:0]).tolist() == []


def test_equal_followers_are_predicted_everywhere(model: FollowerModel, playlists: tuple) -> None:
    X = playlists[0]
    assert model.fit(X, np.full(len(X), 7.0)).predict(X) == pytest.approx(np.full(len(X), 7.0))


def test_no_followers_at_all_are_predicted_everywhere(model: FollowerModel) -> None:
    X = np.arange(6.0)[:, None]
    assert model.fit(X, np.zeros(6)).predict(X) == pytest.approx(np.zeros(6))


def test_one_playlist_is_enough_to_repeat_it(model: FollowerModel) -> None:
    model.fit(np.array([[1.0, 2.0]]), np.array([30.0]))
    assert model.predict(np.array([[5.0, 5.0]])) == pytest.approx([30.0])


def test_constant_features_leave_the_middle(model: FollowerModel) -> None:
    X = np.ones((40, 3))
    predicted = model.fit(X, np.arange(40.0)).predict(X)
    assert np.ptp(predicted) == pytest.approx(0)
    assert 10 < predicted[0] < 30


def test_columns_that_say_the_same_do_no_harm(model: FollowerModel, playlists: tuple) -> None:
    X, followers = playlists
    once = model.fit(X, followers).predict(X)
    twice = model.fit(np.column_stack([X, X[:, 0]]), followers).predict(
        np.column_stack([X, X[:, 0]])
    )
    assert log_followers(twice) == pytest.approx(log_followers(once), abs=0.05)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {BASELINE, "linear_raw"}])
def test_predictions_stay_within_what_training_holds(name: str, playlists: tuple) -> None:
    X, followers = playlists
    model = follower_models(0)[name].fit(X, followers)
    far = np.concatenate([X * 1e6, -X * 1e6])
    predicted = model.predict(far)
    assert predicted.min() >= 0
    assert predicted.max() <= followers.max() * (1 + 1e-9)


@pytest.mark.parametrize("name", NAMES[1:])
def test_unknown_features_give_an_unknown_prediction(name: str, playlists: tuple) -> None:
    X, followers = playlists
    asked = X[:3].copy()
    asked[1, 2] = np.nan
    predicted = follower_models(0)[name].fit(X, followers).predict(asked)
    assert np.isnan(predicted).tolist() == [False, True, False]


def test_no_playlists_are_refused(model: FollowerModel) -> None:
    with pytest.raises(InputError, match="no playlists"):
        model.fit(np.empty((0, 12)), np.empty(0))


@settings(max_examples=20)
@given(st.integers(1, 12), st.integers(1, 4), st.integers(0, 99), st.sampled_from(NAMES))
def test_few_playlists_of_few_kinds_are_fitted(
    n_rows: int, n_features: int, seed: int, name: str
) -> None:
    rng = np.random.default_rng(seed)
    X = rng.integers(2, size=(n_rows, n_features)).astype(float)
    predicted = follower_models(0)[name].fit(X, np.floor(rng.pareto(0.5, n_rows))).predict(X)
    assert np.isfinite(predicted).all()
