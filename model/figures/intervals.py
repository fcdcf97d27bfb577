"""Means of figures over playlists, and the intervals in which they would come out again."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from model.figures.intervals_kernels import sum_rows
from model.ragged import FloatArray, IntArray

LEVEL = 0.95
"""Probability that an interval should cover."""

N_RESAMPLES = 1000

LEAST_ROWS = 2


@dataclass(frozen=True, slots=True)
class Means:
    """Means of several columns, each over the playlists that have the figure.

    Parameters
    ----------
    mean, low, high : ndarray, shape (n_columns,)
        And the ends of the 95 % interval; NaN where no playlist has the figure, the ends also
        where only one has it.
    n : ndarray of int64, shape (n_columns,)
        Playlists that have it.
    """

    mean: FloatArray
    low: FloatArray
    high: FloatArray
    n: IntArray

    def columns(self) -> dict[str, FloatArray]:
        """Give what a table shows: mean, low, high."""
        return {"mean": self.mean, "low": self.low, "high": self.high}


def summarise(values: FloatArray, random_state: int = 0) -> Means:
    """Means of several columns with bootstrap intervals; see `ends`.

    All columns are resampled by the same rows, so that recommenders are compared in pairs
    (Efron 1979, doi:10.1214/aos/1176344552).

    Parameters
    ----------
    values : ndarray, shape (n_playlists, n_columns)
        NaN is passed over.
    random_state : int

    Examples
    --------
    >>> means = summarise(np.array([[3.0], [3.0], [np.nan]]))
    >>> [part.tolist() for part in (means.mean, means.low, means.high, means.n)]
    [[3.0], [3.0], [3.0], [2]]
    """
    known = ~np.isnan(values)
    columns = np.column_stack([np.where(known, values, 0.0), known])

    def means(rows: IntArray) -> FloatArray:
        sums = np.zeros(columns.shape[1])
        sum_rows(rows, columns, sums)
        total, count = np.split(sums, 2)
        return np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)

    n = known.sum(axis=0)
    low, high = ends(resampled(means, len(values), random_state=random_state), n)
    mean = np.array([mean_of_known(column) for column in values.T])
    return Means(mean, low, high, n)


def mean_of_known(values: FloatArray) -> float:
    """Mean of the values that are not NaN; NaN where there are none.

    Examples
    --------
    >>> mean_of_known(np.array([1.0, np.nan, 3.0]))
    2.0
    """
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else np.nan


def resampled(
    figures: Callable[[IntArray], FloatArray],
    n_rows: int,
    *,
    n_resamples: int = N_RESAMPLES,
    random_state: int = 0,
) -> FloatArray:
    """Take figures of as many rows as there are, drawn with replacement, again and again.

    Parameters
    ----------
    figures : callable
        Takes the numbers of the rows that were drawn, and gives figures, shape (n_figures,).
    n_rows : int
    n_resamples, random_state : int

    Returns
    -------
    ndarray, shape (n_resamples, n_figures)

    Examples
    --------
    >>> resampled(lambda rows: np.array([len(rows), rows.max()]), 1, n_resamples=2).tolist()
    [[1, 0], [1, 0]]
    """
    rng = np.random.default_rng(random_state)
    draws = (rng.integers(max(n_rows, 1), size=n_rows) for _ in range(n_resamples))
    return np.array([figures(rows) for rows in draws])


def ends(made: FloatArray, n: int | IntArray) -> FloatArray:
    """Give the low and the high end of each figure's 95 % interval.

    Expanded percentile intervals (Hesterberg 2015, doi:10.1080/00031305.2015.1089789): resamples
    spread less than samples do, by sqrt((n - 1) / n), and the normal quantile takes a spread for
    known that is estimated. So the ends are the quantiles

        Phi(-sqrt(n / (n - 1)) t) and Phi(sqrt(n / (n - 1)) t),  t = t_{.975; n - 1}

    which of many rows are .025 and .975. Of figures of 350 real lists (R-precision and NDCG;
    clicks, most of them 0 and some 51), drawn 1,000 times, the mean was covered in

        n                    5          10         20
        by .025 and .975     .80; .61   .87; .83   .92; .91
        by these levels      .88; .67   .91; .86   .94; .94

    so that of fewer than some twenty playlists an interval is still too narrow.

    Parameters
    ----------
    made : ndarray, shape (n_resamples, n_figures)
        NaN is passed over.
    n : int or ndarray of int64, shape (n_figures,)
        Rows that each figure is of.

    Returns
    -------
    ndarray, shape (2, n_figures)
        NaN where no resample gave the figure, and of fewer than two rows: of one, all resamples
        are alike and say nothing of its spread.

    Examples
    --------
    >>> ends(np.column_stack([np.arange(41.0), np.full(41, np.nan)]), 10**9).round(6).tolist()
    [[1.0, nan], [39.0, nan]]
    """
    sizes = np.broadcast_to(np.asarray(n), made.shape[1])
    out = np.full((2, made.shape[1]), np.nan)
    for column, values in enumerate(made.T):
        known = values[~np.isnan(values)]
        if known.size and sizes[column] >= LEAST_ROWS:
            out[:, column] = np.quantile(known, _levels(int(sizes[column])))
    return out


def two_sided(share: FloatArray, n: int) -> FloatArray:
    """Give p-values that agree with the intervals of `ends`, from shares of resamples.

    With z = Phi^-1(share / 2) and t = z sqrt((n - 1) / n), p = 2 F(-|t|), where F is Student's
    distribution of n - 1 degrees of freedom: p is below .05 where 0 is beyond an end.

    Parameters
    ----------
    share : ndarray
        Twice the share of the resamples that are on the other side of 0 or on it, in (0, 1].
    n : int
        Rows that were resampled; one says nothing.

    Examples
    --------
    >>> [two_sided(np.array([0.05]), n).round(4).tolist() for n in (1, 10, 10**6)]
    [[1.0], [0.0959], [0.05]]
    """
    if n < LEAST_ROWS:
        return np.ones_like(share)
    t = np.abs(ndtri(share / 2)) * np.sqrt((n - 1) / n)
    return np.asarray(2 * stdtr(n - 1, -t))


def _levels(n: int) -> tuple[float, float]:
    """Give the quantiles of resamples of n rows, two at least, that are an interval's ends."""
    reach = np.sqrt(n / (n - 1)) * stdtrit(n - 1, (1 + LEVEL) / 2)
    return float(ndtr(-reach)), float(ndtr(reach))
