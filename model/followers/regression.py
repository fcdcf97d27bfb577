"""Followers of a playlist, predicted by ordinary least squares."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from model.errors import InputError
from model.ragged import FloatArray


@dataclass(slots=True)
class FollowerRegression:
    """Ordinary least squares on the engineered features.

    Parameters
    ----------
    log_target : bool
        Whether log(1 + followers) is fitted, so that a few playlists with very many followers do
        not dominate; predictions are then kept within what the training part holds. Without it,
        as published, raw counts are fitted, and a prediction may be negative.

    Attributes
    ----------
    coef_ : ndarray, shape (n_features,)
    intercept_ : float
    high_ : float
        Most followers of the training part.
    """

    log_target: bool = False
    coef_: FloatArray = field(init=False)
    intercept_: float = field(init=False)
    high_: float = field(init=False)

    def fit(self, X: FloatArray, followers: FloatArray) -> Self:
        """Fit on playlists of the training part.

        Parameters
        ----------
        X : ndarray, shape (n_samples, n_features)
            Without NaN. Constant or dependent columns get the coefficients of least norm.
        followers : ndarray, shape (n_samples,)
            At least 0.

        Raises
        ------
        InputError
            If there are no rows.
        """
        if not len(X):
            msg = "no playlists to fit followers on"
            raise InputError(msg)
        y = np.log1p(followers) if self.log_target else np.asarray(followers, dtype=np.float64)
        center = X.mean(axis=0)
        self.coef_ = np.linalg.lstsq(X - center, y - y.mean(), rcond=None)[0]
        self.intercept_ = float(y.mean() - center @ self.coef_)
        self.high_ = float(np.max(followers))
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        """Predict followers.

        Parameters
        ----------
        X : ndarray, shape (n_samples, n_features)

        Returns
        -------
        ndarray, shape (n_samples,)
            Followers; in [0, `high_`] with `log_target`, else without bounds. NaN gives NaN.

        Examples
        --------
        >>> model = FollowerRegression().fit(np.array([[0.0], [1.0]]), np.array([2.0, 4.0]))
        >>> model.predict(np.array([[2.0]])).round(6).tolist()
        [6.0]
        """
        y = X @ self.coef_ + self.intercept_
        if not self.log_target:
            return y
        return np.expm1(np.clip(y, 0.0, np.log1p(self.high_)))
