"""Split, similarity, features, clusters, followers, generation and metrics -> an Evaluation."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from model.corpus import Unused, read_corpus
from model.holdout import evaluate_holdout
from model.metrics import bootstrap_intervals, mean_of_known
from model.published import evaluate_published
from model.ragged import FloatArray
from model.settings import PARTS, Settings
from model.split import split_playlists
from model.tables import read_tables

RECOMMENDERS = ("nucleus", "random", "popularity")
"""Whose figures stand side by side, the study's generator first."""

METRICS = (
    "diff",
    "diff_raw",
    "followers_log_ratio",
    "distance",
    "match",
    "metric",
    "metric2",
    "precision",
    "recall",
    "r_precision",
    "ndcg",
    "clicks",
)
"""Figures that are summarised, in the order of the table; a protocol may lack some."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How good the generators are under one protocol.

    Parameters
    ----------
    settings : Settings
    n_playlists : dict of str to int
        Playlists of each part of the split.
    rows : DataFrame
        One row a playlist and recommender.
    summary : DataFrame
        part, recommender, metric, mean, then low and high (95 % bootstrap interval, holdout) or
        sd (of the batch means, published), and n, the playlists that have the figure.
    failures : DataFrame
        part, recommender, reason, count.
    unused : tuple of Unused
        What of the tables was left out, and why.
    notes : tuple of str
        What a reader of the figures should know.
    """

    settings: Settings
    n_playlists: dict[str, int]
    rows: pd.DataFrame
    summary: pd.DataFrame
    failures: pd.DataFrame
    unused: tuple[Unused, ...]
    notes: tuple[str, ...]


def evaluate(
    state: Path, settings: Settings, *, say: Callable[[str], None] = lambda _: None
) -> Evaluation:
    """Run a protocol from the tables to the figures.

    Parameters
    ----------
    state : Path
        The state directory that `harvest` filled.
    settings : Settings
    say : callable, optional
        Takes a line of progress.

    Raises
    ------
    InputError
        If the tables are absent or broken, or hold too little.
    LeakError
        If a held-out playlist reached anything fitted (holdout protocol).
    """
    tables = read_tables(state)
    corpus = read_corpus(tables, settings.protocol)
    n_entries = len(corpus.playlists.values)
    say(f"{len(corpus.playlists):,} playlists, {n_entries:,} entries, {corpus.n_songs:,} songs")
    split = split_playlists(corpus.names, corpus.num_followers, random_state=settings.random_state)
    run = evaluate_holdout if settings.protocol == "holdout" else evaluate_published
    rows, notes = run(corpus, split, settings, say=say)
    filled = tuple(
        f"{name} is unknown of {count:,} tracks: a playlist's maximum passes over them"
        for name, count in tables.n_filled.items()
        if count
    )
    return Evaluation(
        settings=settings,
        n_playlists={name: len(split.part(name)) for name in PARTS},
        rows=rows,
        summary=summarise(rows, settings),
        failures=count_failures(rows),
        unused=corpus.unused,
        notes=notes + filled,
    )


def summarise(rows: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Mean and spread of every metric, by part and recommender."""
    spread = _intervals if settings.protocol == "holdout" else _batch_means
    frames = [
        spread(rows[rows["part"] == part], settings.random_state).assign(part=part)
        for part in settings.parts
    ]
    return pd.concat(frames, ignore_index=True)


def count_failures(rows: pd.DataFrame) -> pd.DataFrame:
    """Count the rows without figures: part, recommender, reason, count."""
    failed = rows[rows["failure"] != ""].rename(columns={"failure": "reason"})
    grouped = failed.groupby(["part", "recommender", "reason"], sort=True)
    return grouped.size().rename("count").reset_index()


def _metrics_of(rows: pd.DataFrame) -> list[str]:
    return [name for name in METRICS if name in rows]


def _intervals(rows: pd.DataFrame, random_state: int) -> pd.DataFrame:
    """Means over playlists with bootstrap intervals, all recommenders resampled alike."""
    names = _metrics_of(rows)
    wide = {
        (recommender, name): rows.loc[rows["recommender"] == recommender, name].to_numpy()
        for recommender in RECOMMENDERS
        for name in names
    }
    low, high = bootstrap_intervals(np.column_stack(list(wide.values())), random_state=random_state)
    return pd.DataFrame(
        [
            (recommender, name, mean_of_known(values), low[column], high[column], _known(values))
            for column, ((recommender, name), values) in enumerate(wide.items())
        ],
        columns=["recommender", "metric", "mean", "low", "high", "n"],
    )


def _batch_means(rows: pd.DataFrame, random_state: int) -> pd.DataFrame:
    """Mean and standard deviation of the batch means, as the study gave them."""
    del random_state
    names = _metrics_of(rows)
    figures = []
    for recommender in RECOMMENDERS:
        own = rows[rows["recommender"] == recommender]
        means = own.groupby("batch")[names].mean()
        for name in names:
            spread = means[name].std(ddof=1)
            figures.append(
                (recommender, name, means[name].mean(), spread, _known(own[name].to_numpy()))
            )
    return pd.DataFrame(figures, columns=["recommender", "metric", "mean", "sd", "n"])


def _known(values: FloatArray) -> int:
    return int((~np.isnan(values)).sum())
