"""An Evaluation -> tables for a terminal of 80 columns; narrower ones fold it."""

import math

import pandas as pd
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from model.amounts import amount
from model.batches import N_BATCHES
from model.evaluate import Evaluation
from model.figures.directions import row_label
from model.figures.study import STUDY_MEANS
from model.layout import format_figure, plain_table, with_ends, with_spread
from model.settings import Part, Settings

HEADINGS = {"nucleus": "study's generator", "random": "random", "popularity": "popularity"}

_READING = {
    "holdout": (
        "Mean of the playlists (95 % bootstrap interval). Fitted on the training part alone. "
        "{given}; each list has as many songs as are hidden. "
        "match: hidden songs found. precision, R-precision (0.25 for an artist): of that list. "
        "recall, NDCG, clicks (51 for none): of the 500 songs ranked best. distance: of the 12 "
        "features scaled to [0, 1] by the training part's range, to whose ends what lies beyond "
        "is moved. followers diff: by regression of log(1 + followers), then of raw counts. "
        "metric = 1/(match + 1) + distance + diff."
    ),
    "published": (
        f"Mean of the means of {N_BATCHES} batches ± their standard deviation, as published, "
        "with all faults of the study's procedure: its songs are counted, clustered and drawn "
        "from the very playlists under test. match counts the first song; distance is in raw "
        "units; lists may be too long. Precision, recall, R-precision, NDCG and clicks leave the "
        "first song out and take the list as it was made. published: the study's figures, on "
        "the whole dataset."
    ),
}


def render(evaluation: Evaluation) -> RenderableType:
    """Lay out one table of figures a part, what was left out, and how to read it all."""
    settings = evaluation.settings
    parts = [_with_space(_figures(evaluation, part, settings)) for part in settings.parts]
    blocks: list[RenderableType] = [*parts, Text(_reading(settings), style="dim")]
    if evaluation.unused:
        blocks.append(_with_space(_unused(evaluation)))
    blocks.append(_with_space(_failures(evaluation)))
    blocks += [Text(f"note: {note}") for note in evaluation.notes]
    return Group(*blocks)


def say_given(n_seeds: int) -> str:
    """Say how much is given of each playlist.

    Examples
    --------
    >>> say_given(1)
    'the first song is given, all others are hidden'
    >>> say_given(3)
    'the first 3 songs are given, all others are hidden'
    """
    first = "song is" if n_seeds == 1 else f"{n_seeds:,} songs are"
    return f"the first {first} given, all others are hidden"


def _reading(settings: Settings) -> str:
    given = say_given(settings.n_seeds)
    return _READING[settings.protocol].format(given=given[0].upper() + given[1:])


def _with_space(block: RenderableType) -> RenderableType:
    return Padding(block, (0, 0, 1, 0))


def _figures(evaluation: Evaluation, part: Part, settings: Settings) -> Table:
    """One row a metric, the study's generator beside the baselines."""
    title = (
        f"{settings.protocol} protocol, k = {settings.n_clusters}: "
        f"{amount(evaluation.n_playlists[part], f'{part} playlist')}"
    )
    table = plain_table(title)
    table.add_column("", no_wrap=True)
    for name in settings.recommenders:
        table.add_column(HEADINGS[name], justify="right", no_wrap=True)
    reference = STUDY_MEANS.get((part, settings.n_clusters), {})
    is_published = settings.protocol == "published"
    if is_published:
        table.add_column("published", justify="right", no_wrap=True)
    summary = evaluation.summary[evaluation.summary["part"] == part]
    for metric in summary["metric"].unique():
        figures = summary[summary["metric"] == metric].set_index("recommender")
        cells = [_cell(figures.loc[name]) for name in settings.recommenders]
        extra = [format_figure(reference.get(metric, math.nan))] if is_published else []
        table.add_row(row_label(metric), *cells, *extra)
    return table


def _cell(figure: "pd.Series[float]") -> str:
    if "sd" in figure:
        return with_spread(figure["mean"], figure["sd"])
    return with_ends(figure["mean"], figure["low"], figure["high"])


def _unused(evaluation: Evaluation) -> Table:
    table = plain_table("not used")
    table.add_column("")
    table.add_column("count", justify="right")
    table.add_column("of", justify="right")
    table.add_column("because")
    for unused in evaluation.unused:
        table.add_row(unused.what, f"{unused.count:,}", f"{unused.total:,}", unused.reason)
    return table


def _failures(evaluation: Evaluation) -> RenderableType:
    """Failed playlists: they have a row without figures, and count in no mean."""
    if evaluation.failures.empty:
        return Text("no playlist failed")
    table = plain_table("failed")
    for heading in ("part", "of"):
        table.add_column(heading)
    table.add_column("count", justify="right")
    table.add_column("because")
    # One reason that holds for several recommenders alike takes one line.
    same = ["part", "count", "reason"]
    for (part, count, reason), group in evaluation.failures.groupby(same, sort=False):
        names = list(group["recommender"])
        who = "all" if len(names) == len(evaluation.settings.recommenders) else ", ".join(names)
        table.add_row(str(part), who, f"{count:,}", str(reason))
    return table
