"""How figures of playlists spread, batch by batch: what box plots and curves are drawn of."""

import numpy as np
import pandas as pd

from model.ragged import FloatArray

PERCENTILES = (5, 25, 50, 75, 95)
SPREAD_COLUMNS = (
    *("part", "recommender", "metric", "batch", "n", "mean"),
    *(f"p{percent}" for percent in PERCENTILES),
)
ALL_BATCHES = -1


def spread_of(rows: pd.DataFrame, metrics: list[str]) -> pd.DataFrame:
    """Describe each figure by part, recommender and batch, and over all batches.

    Parameters
    ----------
    rows : DataFrame
        A row a playlist and recommender: part, recommender, batch and the metrics; NaN where a
        playlist has no figure.
    metrics : list of str

    Returns
    -------
    DataFrame
        `SPREAD_COLUMNS`: batch is -1 over all; n counts the playlists that have the figure; mean
        and percentiles are NaN where none has.
    """
    described = []
    for (part, recommender), own in rows.groupby(["part", "recommender"], sort=False):
        batches = own["batch"].to_numpy()
        for metric in metrics:
            values = own[metric].to_numpy(dtype=np.float64)
            described.append((part, recommender, metric, ALL_BATCHES, *_describe(values)))
            described += [
                (part, recommender, metric, int(batch), *_describe(values[batches == batch]))
                for batch in np.unique(batches)
            ]
    return pd.DataFrame(described, columns=list(SPREAD_COLUMNS))


def _describe(values: FloatArray) -> tuple[float, ...]:
    known = values[~np.isnan(values)]
    if not known.size:
        return (0, *[np.nan] * (1 + len(PERCENTILES)))
    return (len(known), float(known.mean()), *np.percentile(known, PERCENTILES).tolist())
