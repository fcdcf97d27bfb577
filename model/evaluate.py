"""Split, similarity, features, clusters, followers, generation and metrics -> an Evaluation."""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd

from model.amounts import amount
from model.corpus import Unused
from model.engines.engine import Engine
from model.errors import InputError
from model.figures import intervals
from model.protocols.holdout import require_held_out
from model.protocols.judging import Case, notes_on, require_no_leaks
from model.protocols.rows import make_rows, read_rows
from model.saying import Say, say_nothing
from model.settings import BASELINE, PARTS, Settings
from model.stages.materials import Materials
from model.stages.workspace import Workspace
from model.storage.freshness import tables_of

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
    inputs : dict of str to str
        A hash of each table that it was made from, by the name of its file.
    """

    settings: Settings
    n_playlists: dict[str, int]
    rows: pd.DataFrame
    summary: pd.DataFrame
    failures: pd.DataFrame
    unused: tuple[Unused, ...]
    notes: tuple[str, ...]
    inputs: dict[str, str] = field(default_factory=dict)


def evaluate(
    state: Path,
    settings: Settings,
    *,
    say: Say = say_nothing,
    engine: Engine | None = None,
    workers: int = 1,
) -> Evaluation:
    """Run a protocol from the tables to the figures.

    What earlier runs have left under ``state/model`` is taken as it is where nothing has changed
    that it depends on. Interrupted, the next run goes on at the next chunk of playlists.

    Parameters
    ----------
    state : Path
        The state directory that `harvest` filled.
    settings : Settings
    say : callable, optional
        Takes a line of progress.
    engine : Engine, optional
        Where lists are generated and scored. Changes no result.
    workers : int
        Threads of the stages before and, without an engine, processes. Changes no result.

    Raises
    ------
    InputError
        If the tables are absent or broken, or hold too little.
    LeakError
        If a held-out playlist reached anything fitted (holdout protocol).
    StorageError, StateInUse
        If the artifacts cannot be written.
    """
    if settings.protocol == "holdout":
        require_held_out(settings)
    elif settings.sources != BASELINE:
        raise _published_counts_alone(settings)
    workspace = Workspace(state, settings, say, workers, engine)
    marks = workspace.source_marks()  # before: what comes meanwhile makes figures older
    materials = Materials.of(workspace)
    if settings.protocol == "holdout":
        say(
            f"none of {amount(require_no_leaks(materials), 'playlist')} held out was seen in "
            "fitting"
        )
    case = Case(settings, materials)
    rows = read_rows(make_rows(workspace, case), case)
    corpus, split = materials.corpus.manifest.summary, materials.split.manifest.summary
    filled = tuple(
        f"{name} is unknown of {amount(count, 'track')}: a playlist's maximum passes over them"
        for name, count in corpus["n_filled"].items()
        if count
    )
    return Evaluation(
        settings=settings,
        n_playlists={part: split[part] for part in PARTS},
        rows=rows,
        summary=summarise(rows, settings),
        failures=count_failures(rows),
        unused=tuple(msgspec.convert(corpus["unused"], list[Unused])),
        notes=notes_on(case, rows) + filled,
        inputs=tables_of(materials.corpus.manifest.recipe.inputs) | marks,
    )


def summarise(rows: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Mean and spread of every metric, by part and recommender."""
    spread = _intervals if settings.protocol == "holdout" else _batch_means
    frames = [
        spread(rows[rows["part"] == part], settings).assign(part=part) for part in settings.parts
    ]
    return pd.concat(frames, ignore_index=True)


def count_failures(rows: pd.DataFrame) -> pd.DataFrame:
    """Count the rows without figures: part, recommender, reason, count."""
    failed = rows[rows["failure"] != ""].rename(columns={"failure": "reason"})
    grouped = failed.groupby(["part", "recommender", "reason"], sort=True)
    return grouped.size().rename("count").reset_index()


def require_figures(evaluation: Evaluation) -> None:
    """Refuse an evaluation in which every playlist failed.

    Raises
    ------
    InputError
        Naming why the most of them did.
    """
    failures = evaluation.failures
    if failures["count"].sum() < len(evaluation.rows):
        return
    reason = (
        failures.groupby("reason")["count"].sum().idxmax() if len(failures) else "there is none"
    )
    parts, settings = " or ".join(evaluation.settings.parts), evaluation.settings
    given = f"; {amount(settings.n_seeds, 'song')} of each were given, try fewer --seeds"
    msg = (
        f"no playlist of the {parts} part has a figure: {reason}"
        f"{given if settings.protocol == 'holdout' and settings.n_seeds > 1 else ''}; "
        "results of earlier runs are kept as they are"
    )
    raise InputError(msg)


def _published_counts_alone(settings: Settings) -> InputError:
    return InputError(
        f"sources {', '.join(settings.sources)} with the published protocol: the study had "
        "co-occurrence alone; leave --sources out, or choose --protocol holdout"
    )


def _metrics_of(rows: pd.DataFrame) -> list[str]:
    return [name for name in METRICS if name in rows]


def _intervals(rows: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Means over playlists with bootstrap intervals, all recommenders resampled alike."""
    names = _metrics_of(rows)
    wide = {
        (recommender, name): rows.loc[rows["recommender"] == recommender, name].to_numpy()
        for recommender in settings.recommenders
        for name in names
    }
    means = intervals.summarise(np.column_stack(list(wide.values())), settings.random_state)
    table = pd.DataFrame(list(wide), columns=["recommender", "metric"])
    return table.assign(**means.columns(), n=means.n)


def _batch_means(rows: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Mean and standard deviation of the batch means, as the study gave them."""
    names = _metrics_of(rows)
    figures = []
    for recommender in settings.recommenders:
        own = rows[rows["recommender"] == recommender]
        means = own.groupby("batch")[names].mean()
        for name in names:
            spread, n = means[name].std(ddof=1), own[name].count()
            figures.append((recommender, name, means[name].mean(), spread, n))
    return pd.DataFrame(figures, columns=["recommender", "metric", "mean", "sd", "n"])
