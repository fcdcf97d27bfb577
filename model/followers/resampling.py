"""Bootstrap intervals of any figures that can be taken of weighted rows."""

from collections.abc import Callable

import numpy as np

from model.figures.intervals import ends, resampled
from model.ragged import FloatArray, IntArray


def weighted_intervals(
    figures: Callable[[FloatArray], FloatArray],
    n_rows: int,
    *,
    sizes: IntArray | None = None,
    random_state: int = 0,
) -> FloatArray:
    """Bootstrap intervals of 95 % (Efron 1979, doi:10.1214/aos/1176344552).

    See `figures.intervals.ends`. All figures are taken of the same resamples, so that they are
    compared in pairs.

    Parameters
    ----------
    figures : callable
        Takes how often each row was drawn, shape (n_rows,), and gives figures, shape (n_figures,);
        NaN is passed over.
    n_rows : int
        At least 1.
    sizes : ndarray, shape (n_figures,), optional
        Rows that each figure is of, where that is not all: of few, intervals are wider.
    random_state : int

    Returns
    -------
    ndarray, shape (2, n_figures)
        Low and high end of each; NaN where no resample gave a figure, and of one row, of which
        all resamples are alike.

    Examples
    --------
    >>> values = np.full(5, 3.0)
    >>> weighted_intervals(lambda w: np.array([w @ values / w.sum()]), 5).tolist()
    [[3.0], [3.0]]
    """

    def of_rows(rows: IntArray) -> FloatArray:
        return figures(np.bincount(rows, minlength=n_rows).astype(np.float64))

    made = resampled(of_rows, n_rows, random_state=random_state)
    return ends(made, n_rows if sizes is None else sizes)
