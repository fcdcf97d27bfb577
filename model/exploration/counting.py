"""Counts and bins of whole numbers."""

import numpy as np
import pandas as pd

from model.ragged import FloatArray, IntArray

BINS_A_DECADE = 8


def value_counts(values: IntArray, *, value: str, count: str) -> pd.DataFrame:
    """Count how often each value occurs, the lowest value first.

    Parameters
    ----------
    values : ndarray, shape (n_values,)
    value, count : str
        What the two columns are called.

    Examples
    --------
    >>> value_counts(np.array([3, 1, 3]), value="followers", count="playlists").values.tolist()
    [[1, 1], [3, 2]]
    """
    found, counts = np.unique(values, return_counts=True)
    return pd.DataFrame({value: found, count: counts})


def even_edges(high: int, *, n_bins: int = 50) -> FloatArray:
    """Cut 0 ... `high` into bins of one whole width, at most `n_bins` of them.

    Examples
    --------
    >>> even_edges(250, n_bins=5).tolist()
    [0.0, 51.0, 102.0, 153.0, 204.0, 255.0]
    """
    width = max(1, -(-(high + 1) // n_bins))
    return np.arange(0, high + 1 + width, width, dtype=np.float64)[: high // width + 2]


def log_edges(low: int, high: int) -> FloatArray:
    """Cut `low` ... `high` into bins of one ratio, so that each holds a whole number at least.

    Parameters
    ----------
    low, high : int
        1 <= low <= high.

    Examples
    --------
    >>> log_edges(1, 4).tolist()
    [1.0, 2.0, 3.0, 4.0, 5.0]
    """
    n_bins = max(1, int(np.ceil(np.log10((high + 1) / low) * BINS_A_DECADE)))
    edges = np.unique(np.round(np.geomspace(low, high + 1, n_bins + 1)))
    return np.asarray(edges, dtype=np.float64)


def histogram(values: IntArray, edges: FloatArray, *, count: str) -> pd.DataFrame:
    """Count the values of each bin; ``from`` belongs to it, ``to`` is its last whole number.

    Examples
    --------
    >>> histogram(np.array([1, 2, 2, 9]), np.array([1.0, 2.0, 10.0]), count="n").values.tolist()
    [[1, 1, 1], [2, 9, 3]]
    """
    # The last bin of numpy's is closed: the edges are whole, and the last is above all values.
    counts, _ = np.histogram(values, edges)
    whole = edges.astype(np.int64)
    return pd.DataFrame({"from": whole[:-1], "to": whole[1:] - 1, count: counts})


def describe(table: pd.DataFrame, *, what: str) -> pd.DataFrame:
    """Give count, mean, sd and quartiles of each column, a row a column.

    Parameters
    ----------
    table : DataFrame
        Numbers; NaN counts nowhere.
    what : str
        What the columns are called.
    """
    described = table.describe().T.rename(
        columns={"std": "sd", "25%": "25 %", "50%": "median", "75%": "75 %"}
    )
    return described.astype({"count": np.int64}).reset_index(names=what)
