"""Models of followers beside the linear regression, and the list of all that are compared."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, Self

import numpy as np
from threadpoolctl import threadpool_limits

from model.errors import InputError
from model.followers.regression import FollowerRegression
from model.ragged import FloatArray

BASELINE = "median"
"""Name of the model that every other one has to beat."""

RIDGE = 1e-4
"""Weight of the squared coefficients; it only decides between columns that say the same."""

MAX_STEPS = 1000

N_TREES = 300
LEARNING_RATE = 0.05
MAX_LEAVES = 15
PATIENCE = 20
"""Trees without gain after which boosting stops."""

STOPPING_ROWS = 1000
"""Playlists from which on a tenth is kept back, to see when boosting should stop."""


class FollowerModel(Protocol):
    """Anything that learns followers from features."""

    def fit(self, X: FloatArray, followers: FloatArray) -> Self:
        """Learn from the training part.

        Parameters
        ----------
        X : ndarray, shape (n_samples, n_features)
            Without NaN; any number of columns, some of which may be constant.
        followers : ndarray, shape (n_samples,)
            At least 0.

        Raises
        ------
        InputError
            If there are no rows.
        """
        ...

    def predict(self, X: FloatArray) -> FloatArray:
        """Predict followers of each row of `X`, shape (n_samples,); NaN where a feature is."""
        ...


@dataclass(slots=True)
class MedianFollowers:
    """The training part's median for every playlist: the baseline.

    Attributes
    ----------
    median_ : float
        Followers.
    """

    median_: float = field(init=False)

    def fit(self, X: FloatArray, followers: FloatArray) -> Self:
        """Learn the median; see `FollowerModel.fit`."""
        _check_rows(X)
        self.median_ = float(np.median(followers))
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Give the median for each row of `X`, shape (n_samples, n_features), known or not.

        Examples
        --------
        >>> model = MedianFollowers().fit(np.zeros((3, 1)), np.array([1.0, 2.0, 90.0]))
        >>> model.predict(np.zeros((2, 1))).tolist()
        [2.0, 2.0]
        """
        return np.full(len(X), self.median_)


@dataclass(slots=True)
class PoissonFollowers:
    """Poisson regression with a logarithmic link, by maximum likelihood.

    The mean is ``exp(X @ coef + intercept)``, of columns standardised on the training part. Only
    the mean has to be right, not the law of the counts (Gourieroux, Monfort & Trognon 1984,
    doi:10.2307/1913472), so the target need not be whole. All predictions are kept within the
    followers that training holds.

    Parameters
    ----------
    log_target : bool
        Whether the mean of log(1 + followers) is fitted, rather than that of followers, which a
        few playlists with very many followers decide.
    """

    log_target: bool = False
    center_: FloatArray = field(init=False)
    scale_: FloatArray = field(init=False)
    low_: float = field(init=False)
    high_: float = field(init=False)
    fitted_: Any = field(init=False, default=None, repr=False)

    def fit(self, X: FloatArray, followers: FloatArray) -> Self:
        """Fit by Newton's method; see `FollowerModel.fit`."""
        _check_rows(X)
        self.low_, self.high_ = float(np.min(followers)), float(np.max(followers))
        self.center_ = X.mean(axis=0)
        spread = X.std(axis=0)
        self.scale_ = np.where(spread > 0, spread, 1.0)
        self.fitted_ = None
        # Of equal followers there is nothing to learn, and none at all have no logarithm.
        if self.low_ < self.high_:
            from sklearn.exceptions import ConvergenceWarning
            from sklearn.linear_model import PoissonRegressor

            y = np.log1p(followers) if self.log_target else followers
            model = PoissonRegressor(alpha=RIDGE, solver="newton-cholesky", max_iter=MAX_STEPS)
            with threadpool_limits(1), warnings.catch_warnings():
                # Where the start is the optimum, as with constant columns alone, rounding ends
                # the search along Newton's line; the library then goes on by L-BFGS, and says so.
                warnings.simplefilter("ignore", ConvergenceWarning)
                self.fitted_ = model.fit(self._standardise(X), y)
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Predict followers, within those of the training part; see `FollowerModel.predict`.

        Examples
        --------
        >>> model = PoissonFollowers().fit(np.array([[0.0], [1.0]]), np.array([10.0, 1000.0]))
        >>> model.predict(np.array([[0.5], [9.0], [np.nan]])).round(-1).tolist()
        [100.0, 1000.0, nan]
        """
        return _predict_known(self._predict, X)

    def _predict(self, X: FloatArray) -> FloatArray:
        if self.fitted_ is None:
            return np.full(len(X), self.low_)
        high = np.log1p(self.high_) if self.log_target else self.high_
        # Bounded before the exponential, which would overflow far away from the training part.
        line = self._standardise(X) @ self.fitted_.coef_ + self.fitted_.intercept_
        mean = np.exp(np.minimum(line, np.log(high)))
        followers = np.expm1(mean) if self.log_target else mean
        return np.asarray(np.clip(followers, self.low_, self.high_))

    def _standardise(self, X: FloatArray) -> FloatArray:
        return (X - self.center_) / self.scale_


@dataclass(slots=True)
class BoostedFollowers:
    """Gradient boosting of trees on histograms, on log(1 + followers).

    Friedman 2001, doi:10.1214/aos/1013203451; histograms as in LightGBM (Ke et al. 2017).
    Predictions are kept within the followers that training holds.

    Parameters
    ----------
    loss : {"squared_error", "absolute_error"}
        Whether the mean of log(1 + followers) is learnt, or the median of followers. Followers
        are skewed on the log scale too: only the latter can beat the median at absolute error.
    random_state : int
        Draws the tenth of the training part that tells when to stop; with fewer than a thousand
        playlists there is none, and all trees are made.
    """

    loss: Literal["squared_error", "absolute_error"] = "squared_error"
    random_state: int = 0
    low_: float = field(init=False)
    high_: float = field(init=False)
    fitted_: Any = field(init=False, default=None, repr=False)

    def fit(self, X: FloatArray, followers: FloatArray) -> Self:
        """Grow the trees; see `FollowerModel.fit`."""
        _check_rows(X)
        self.low_, self.high_ = float(np.min(followers)), float(np.max(followers))
        self.fitted_ = None
        if self.low_ < self.high_:
            from sklearn.ensemble import HistGradientBoostingRegressor

            model = HistGradientBoostingRegressor(
                self.loss,
                max_iter=N_TREES,
                learning_rate=LEARNING_RATE,
                max_leaf_nodes=MAX_LEAVES,
                early_stopping=len(X) >= STOPPING_ROWS,
                n_iter_no_change=PATIENCE,
                random_state=self.random_state,
            )
            # One thread: sums of gradients must not depend on the number of cores.
            with threadpool_limits(1):
                self.fitted_ = model.fit(X, np.log1p(followers))
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Predict followers, within those of the training part; see `FollowerModel.predict`.

        Examples
        --------
        >>> model = BoostedFollowers().fit(np.zeros((2, 1)), np.array([7.0, 7.0]))
        >>> model.predict(np.array([[1.0], [np.nan]])).tolist()
        [7.0, nan]
        """
        return _predict_known(self._predict, X)

    def _predict(self, X: FloatArray) -> FloatArray:
        if self.fitted_ is None:
            return np.full(len(X), self.low_)
        with threadpool_limits(1):
            y = self.fitted_.predict(X)
        return np.asarray(np.clip(np.expm1(y), self.low_, self.high_))


def follower_models(random_state: int) -> dict[str, FollowerModel]:
    """Make every model that is compared, unfitted, by the name that it has in tables.

    The baseline; on raw counts the study's linear regression and its Poisson counterpart; on
    log(1 + followers) linear, Poisson and boosted, which aim at its mean, and boosted towards the
    median.

    Examples
    --------
    >>> list(follower_models(0))[:5]
    ['median', 'linear_raw', 'poisson_raw', 'linear_log', 'poisson_log']
    >>> list(follower_models(0))[5:]
    ['boosting_log', 'boosting_median']
    """
    return {
        BASELINE: MedianFollowers(),
        "linear_raw": FollowerRegression(),
        "poisson_raw": PoissonFollowers(),
        "linear_log": FollowerRegression(log_target=True),
        "poisson_log": PoissonFollowers(log_target=True),
        "boosting_log": BoostedFollowers(random_state=random_state),
        "boosting_median": BoostedFollowers("absolute_error", random_state=random_state),
    }


def _check_rows(X: FloatArray) -> None:
    if not len(X):
        msg = "no playlists to fit followers on"
        raise InputError(msg)


def _predict_known(predict: Callable[[FloatArray], FloatArray], X: FloatArray) -> FloatArray:
    """Predict the rows whose features are known, and NaN for the others."""
    known = np.isfinite(X).all(axis=1)
    predicted = np.full(len(X), np.nan)
    if known.any():
        predicted[known] = predict(X[known])
    return predicted
