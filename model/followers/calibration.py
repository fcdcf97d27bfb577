"""Whether playlists that are predicted many followers have many: a table by tenths."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from model.followers.scores import log_followers
from model.ragged import FloatArray, IntArray

N_DECILES = 10


def deciles(predicted: FloatArray) -> IntArray:
    """Sort playlists into tenths by predicted followers, numbered from the least.

    Playlists with equal predictions stay together, in the tenth of their mean rank; so of a
    constant prediction all are in the sixth.

    Parameters
    ----------
    predicted : ndarray, shape (n_samples,)
        Without NaN.

    Returns
    -------
    ndarray of int64, shape (n_samples,)
        1, the least, ... 10, the most; some may be absent.

    Examples
    --------
    >>> deciles(np.array([5.0, 1.0, 1.0, 9.0])).tolist()
    [7, 3, 3, 9]
    """
    from scipy.stats import rankdata

    middle = (rankdata(predicted) - 0.5) / max(len(predicted), 1)
    return np.asarray(middle * N_DECILES, dtype=np.int64) + 1


def calibration(followers: FloatArray, predicted: FloatArray) -> pd.DataFrame:
    """Set what is predicted beside what is true, for each tenth by prediction.

    A calibrated model has the same in both; one that tells playlists apart has tenths that differ.

    Parameters
    ----------
    followers, predicted : ndarray, shape (n_samples,)
        Without NaN.

    Returns
    -------
    DataFrame
        decile (1 ... 10, of those that hold a playlist, ascending), n (playlists),
        predicted_mean, observed_mean (of log(1 + followers)), predicted_median, observed_median
        (followers; a prediction below 0 is 0).

    Examples
    --------
    >>> calibration(np.array([0.0, 6.0]), np.array([1.0, 2.0])).round(2).values.tolist()
    [[3.0, 1.0, 0.69, 0.0, 1.0, 0.0], [8.0, 1.0, 1.1, 1.95, 2.0, 6.0]]
    """
    frame = pd.DataFrame({"decile": deciles(predicted), "true": followers})
    frame["predicted"] = np.maximum(predicted, 0.0)
    logs = frame.assign(true=log_followers(followers), predicted=log_followers(predicted))
    means = logs.groupby("decile")[["predicted", "true"]].mean()
    medians = frame.groupby("decile")[["predicted", "true"]].median()
    sizes = frame.groupby("decile").size()
    return pd.DataFrame(
        {
            "n": sizes,
            "predicted_mean": means["predicted"],
            "observed_mean": means["true"],
            "predicted_median": medians["predicted"],
            "observed_median": medians["true"],
        }
    ).reset_index()


@dataclass(frozen=True, slots=True)
class ObservedDeciles:
    """True followers by tenths of the prediction, sorted once for any number of resamples.

    Parameters
    ----------
    order : ndarray, shape (n_samples,)
        Rows by tenth, then by followers.
    followers, logs : ndarray, shape (n_samples,)
        True followers in that order, and log(1 + them).
    starts : ndarray, shape (n_deciles,)
        First place of each tenth that holds a playlist.
    """

    order: IntArray
    followers: FloatArray
    logs: FloatArray
    starts: IntArray

    @classmethod
    def of(cls, followers: FloatArray, predicted: FloatArray) -> Self:
        """Sort true followers, shape (n_samples,), by the tenths of the prediction."""
        decile = deciles(predicted)
        order = np.lexsort((followers, decile))
        starts = np.flatnonzero(np.diff(decile[order], prepend=0))
        return cls(order, followers[order], log_followers(followers[order]), starts)

    @property
    def sizes(self) -> IntArray:
        """Playlists of each tenth that holds one, shape (n_deciles,)."""
        return np.diff(self.starts, append=len(self.order))

    def observed(self, weights: FloatArray) -> FloatArray:
        """Mean of log(1 + followers) of each tenth, then median followers of each.

        The tenths stay those of all rows; of a tenth that no drawn row is in, both are NaN.

        Parameters
        ----------
        weights : ndarray, shape (n_samples,)
            How often each row counts; whole numbers.

        Returns
        -------
        ndarray, shape (2 * n_deciles,)
        """
        drawn = weights[self.order]
        sizes = np.add.reduceat(drawn, self.starts)
        sums = np.add.reduceat(drawn * self.logs, self.starts)
        means = np.full(len(sizes), np.nan)
        np.divide(sums, sizes, out=means, where=sizes > 0)
        return np.concatenate([means, self._medians(np.cumsum(drawn), sizes)])

    def _medians(self, reached: FloatArray, sizes: FloatArray) -> FloatArray:
        """Median of each tenth, where up to each place so many rows were `reached`."""
        before = np.cumsum(sizes) - sizes
        # Of n values the middle two are numbers ceil(n / 2) and floor(n / 2) + 1, often the same.
        numbers = before + np.stack([np.ceil(sizes / 2), np.floor(sizes / 2) + 1])
        places = np.minimum(np.searchsorted(reached, numbers), len(reached) - 1)
        return np.where(sizes > 0, self.followers[places].mean(axis=0), np.nan)
