"""How the published protocol's figures vary: over playlists, over batches, by clusters."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from model.exploration.exhibits import Exhibit
from model.exploration.spread_plots import draw_bands, draw_batches, draw_boxes

STUDY_METRICS: Final = ("diff", "distance", "match", "metric", "metric2")
GENERATOR: Final = "nucleus"


@dataclass(frozen=True, slots=True)
class Spreads:
    """What runs with different numbers of clusters have left.

    Parameters
    ----------
    protocol : str
    table : DataFrame
        ``k`` and `figures.spread.SPREAD_COLUMNS`, of all runs.
    study : DataFrame
        part, k, metric, mean: the figures that they are held against; may be empty.
    """

    protocol: str
    table: pd.DataFrame
    study: pd.DataFrame


def show_variability(spreads: Spreads) -> list[Exhibit]:
    """Show boxes by clusters, bands by clusters beside the study's figures, and loss by batch."""
    own = spreads.table[
        (spreads.table["recommender"] == GENERATOR) & spreads.table["metric"].isin(STUDY_METRICS)
    ].drop(columns="recommender")
    over_all, of_batches = own[own["batch"] < 0].drop(columns="batch"), own[own["batch"] >= 0]
    exhibits = [_boxes(over_all, spreads.protocol)]
    if of_batches["batch"].nunique() > 1:
        exhibits += [_bands(of_batches, spreads), _batches(of_batches, spreads.protocol)]
    return exhibits


def band_table(of_batches: pd.DataFrame, study: pd.DataFrame) -> pd.DataFrame:
    """Give mean and sd of the batch means, beside the study's mean.

    Parameters
    ----------
    of_batches : DataFrame
        k, part, metric, batch, mean.
    study : DataFrame
        part, k, metric, mean.

    Returns
    -------
    DataFrame
        part, k, metric, mean, sd, batches, study (NaN where it has none).
    """
    grouped = of_batches.groupby(["part", "k", "metric"], sort=False)["mean"]
    bands = grouped.agg(["mean", "std", "count"]).reset_index()
    bands = bands.rename(columns={"std": "sd", "count": "batches"})
    theirs = study.rename(columns={"mean": "study"})
    return bands.merge(theirs, how="left", on=["part", "k", "metric"])


def _boxes(over_all: pd.DataFrame, protocol: str) -> Exhibit:
    return Exhibit(
        f"boxes_{protocol}",
        f"Figures of the playlists by clusters, {protocol} protocol",
        "Boxes hold the middle half of the playlists, whiskers reach from the 5th to the 95th "
        "percentile, lines are medians, dots means.",
        over_all.reset_index(drop=True),
        lambda: draw_boxes(over_all),
        n_shown=30,
    )


def _bands(of_batches: pd.DataFrame, spreads: Spreads) -> Exhibit:
    bands = band_table(of_batches, spreads.study)
    beside = bool(bands["study"].notna().any())
    return Exhibit(
        f"bands_{spreads.protocol}",
        f"Means by clusters, {spreads.protocol} protocol",
        "Mean of the means of the batches, with two of their standard deviations to either side"
        f"{'; diamonds: the study, on the whole dataset' if beside else ''}.",
        bands,
        lambda: draw_bands(bands),
        n_shown=60,
    )


def _batches(of_batches: pd.DataFrame, protocol: str) -> Exhibit:
    table = of_batches[["k", "part", "metric", "batch", "n", "mean"]].assign(
        batch=of_batches["batch"] + 1
    )
    losses = table[table["metric"].isin(("metric", "metric2"))]
    return Exhibit(
        f"batches_{protocol}",
        f"Loss by batch, {protocol} protocol",
        "Mean of each batch's playlists; metric = 1/match + distance + followers diff, metric2 "
        "leaves the last out; less is better.",
        table.reset_index(drop=True),
        lambda: draw_batches(losses),
        n_shown=12,
    )


def study_frame(means: dict[tuple[str, int], dict[str, float]]) -> pd.DataFrame:
    """Put the study's means (`figures.study.STUDY_MEANS`) into rows: part, k, metric, mean."""
    rows = [
        (part, k, metric, mean) for (part, k), own in means.items() for metric, mean in own.items()
    ]
    frame = pd.DataFrame(rows, columns=["part", "k", "metric", "mean"])
    return frame.astype({"k": np.int64})
