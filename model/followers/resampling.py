"""Bootstrap intervals of any figures that can be taken of weighted rows."""

from collections.abc import Callable

import numpy as np

from model.ragged import FloatArray

N_RESAMPLES = 1000
LEVEL = 0.95


def weighted_intervals(
    figures: Callable[[FloatArray], FloatArray],
    n_rows: int,
    *,
    n_resamples: int = N_RESAMPLES,
    level: float = LEVEL,
    random_state: int = 0,
) -> FloatArray:
    """Percentile bootstrap intervals (Efron 1979, doi:10.1214/aos/1176344552).

    All figures are taken of the same resamples, so that they are compared in pairs.

    Parameters
    ----------
    figures : callable
        Takes how often each row was drawn, shape (n_rows,), and gives figures, shape (n_figures,);
        NaN is passed over.
    n_rows : int
        At least 1.
    n_resamples : int
        At least 1.
    level : float
        Probability that an interval should cover, in (0, 1).
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
    rng = np.random.default_rng(random_state)
    made = np.array([figures(_draw(rng, n_rows)) for _ in range(n_resamples)])
    ends = np.full((2, made.shape[1]), np.nan)
    if n_rows == 1:
        return ends
    for column, values in enumerate(made.T):
        known = values[~np.isnan(values)]
        if known.size:
            ends[:, column] = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return ends


def _draw(rng: np.random.Generator, n_rows: int) -> FloatArray:
    """Count how often each row comes up in as many draws as there are rows."""
    rows = rng.integers(n_rows, size=n_rows)
    return np.bincount(rows, minlength=n_rows).astype(np.float64)
