import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from model.errors import InputError
from model.followers.regression import FollowerRegression


@pytest.fixture
def playlists() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.random((80, 12)) * [1] * 12, np.floor(2 + rng.pareto(1.0, 80) * 10)


def test_raw_counts_are_fitted_as_by_ordinary_least_squares(playlists: tuple) -> None:
    X, y = playlists
    expected = LinearRegression().fit(X, y).predict(X)
    assert FollowerRegression().fit(X, y).predict(X) == pytest.approx(expected)


def test_log_target_fits_the_logarithm_and_answers_in_followers(playlists: tuple) -> None:
    X, y = playlists
    expected = np.expm1(LinearRegression().fit(X, np.log1p(y)).predict(X))
    assert FollowerRegression(log_target=True).fit(X, y).predict(X) == pytest.approx(expected)


def test_log_predictions_stay_within_what_training_holds() -> None:
    model = FollowerRegression(log_target=True).fit(
        np.array([[0.0], [1.0], [2.0]]), np.array([1.0, 10.0, 100.0])
    )
    assert model.predict(np.array([[-1000.0], [1000.0]])).tolist() == pytest.approx([0.0, 100.0])


def test_constant_columns_do_no_harm() -> None:
    X = np.column_stack([np.arange(5.0), np.full(5, 4.0)])
    model = FollowerRegression().fit(X, 2 * np.arange(5.0) + 1)
    # 2 * 10 + 1, whatever the constant column says.
    assert model.predict(np.array([[10.0, 4.0]])).tolist() == pytest.approx([21.0])


def test_unknown_features_give_an_unknown_prediction() -> None:
    model = FollowerRegression(log_target=True).fit(np.array([[0.0], [1.0]]), np.array([2.0, 3.0]))
    assert np.isnan(model.predict(np.array([[np.nan]]))).all()


def test_no_playlists_are_refused() -> None:
    with pytest.raises(InputError, match="no playlists"):
        FollowerRegression().fit(np.empty((0, 12)), np.empty(0))
