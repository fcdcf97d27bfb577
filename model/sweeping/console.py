"""A Sweep -> a table and sentences for a terminal of 80 columns; narrower ones fold it."""

import math
from collections.abc import Callable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from model.amounts import amount
from model.batches import N_BATCHES
from model.figures.directions import LABELS, label
from model.layout import GAP, format_figure, plain_table, signed, with_ends, with_spread
from model.sweeping.choosing import Comparison, Sweep
from model.sweeping.grid import DIMENSIONS, format_value

MAX_ROWS = 20


def render_sweep(sweep: Sweep) -> RenderableType:
    """Lay out the best cells, and say what is best and how sure that is."""
    blocks: list[RenderableType] = [_table(sweep)]
    n_more = len(sweep.grid) - MAX_ROWS
    if n_more > 0:
        blocks.append(Text(f"… {n_more:,} more in table.csv"))
    sentences = Text("\n".join(say_best(sweep)))
    return Group(*blocks, Padding(sentences, (1, 0, 1, 0)), Text(_reading(sweep), style="dim"))


def say_best(sweep: Sweep) -> list[str]:
    """Say which cell is best, and whether it is told apart from others."""
    mean, low, high = map(format_figure, sweep.figure(sweep.ranked[0]))
    spread = f"95 % interval {low} to {high}" if sweep.has_intervals else f"± 1 sd: {low} to {high}"
    if low == GAP:
        spread = "no interval" if sweep.has_intervals else "one batch: no deviation"
    lines = [f"Best: {sweep.best}, {LABELS[sweep.metric]} {mean} ({spread})."]
    lines += [say_comparison(name, other) for name, other in _others(sweep)]
    if sweep.default is None:
        lines.append("It is the default.")
    if sweep.n_equal > 1:
        lines.append(
            f"{sweep.n_equal} of the {amount(len(sweep.grid) - 1, 'other cell')} are not told "
            "apart from it."
        )
    return lines


def say_comparison(name: str, comparison: Comparison) -> str:
    """Say how far the best is ahead of another cell, and plainly where that may be chance."""
    gain, low, high, count = comparison.gain, comparison.low, comparison.high, comparison.n
    figures = _figures(signed, gain, low, high, count)
    if gain == 0 and (low == high == 0 or math.isnan(low)):
        return f"It gives the very same figures as {name}, {comparison.cell}."
    if high < 0 and comparison.lead <= 0:
        # The default alone, where the grid leaves it out: of the grid's cells the best is ahead.
        return (
            f"Worse than {name}, {comparison.cell}, by "
            f"{_figures(format_figure, -gain, -high, -low, count)}: keep the default, or take it "
            "into the grid."
        )
    if high < 0:
        return (
            f"Ahead of {name}, {comparison.cell}, only where playlists fail: of those that both "
            f"have figures for it is the worse by {figures}."
        )
    if comparison.is_distinguishable:
        return f"Better than {name}, {comparison.cell}, by {figures}."
    return (
        f"Not distinguishable from {name}, {comparison.cell}: {figures}. "
        "With these playlists the difference may be chance."
    )


def _figures(
    formatted: Callable[[float], str], mean: float, low: float, high: float, n: int
) -> str:
    interval = f"95 % interval {formatted(low)} to {formatted(high)}"
    if math.isnan(low):
        interval = "no interval"
    return f"{formatted(mean)} ({interval}; {amount(n, 'playlist')})"


def _others(sweep: Sweep) -> list[tuple[str, Comparison]]:
    """Give the cells that the best is compared with, each once."""
    default, second = sweep.default, sweep.runner_up
    if default and default == second:
        return [("the default, the second best", default)]
    named = (("the default", default), ("the second best", second))
    return [(name, other) for name, other in named if other]


def _table(sweep: Sweep) -> Table:
    settings = sweep.settings
    table = plain_table(
        f"{amount(len(sweep.grid), 'cell')}, {settings.protocol} protocol, "
        f"{amount(sweep.n_playlists, 'validation playlist')}",
        n_labels=len(DIMENSIONS),
    )
    for dimension in DIMENSIONS:
        table.add_column(dimension.name, justify="right", no_wrap=True)
    # Playlists that fail in some cells only make means less alike than they look.
    counts = sweep.table[f"{sweep.metric}_n"]
    has_counts = counts.nunique() > 1
    figures = (label(sweep.metric), "behind the best")
    for heading in (*figures, *(["n"] if has_counts else [])):
        table.add_column(heading, justify="right", no_wrap=True)
    for place in sweep.ranked[:MAX_ROWS]:
        cell = sweep.table.iloc[place]
        parameters = (format_value(cell[dimension.field]) for dimension in DIMENSIONS)
        count = [f"{counts.iloc[place]:,}"] if has_counts else []
        table.add_row(*parameters, _figure(sweep, place), _behind(sweep, place), *count)
    return table


def _figure(sweep: Sweep, place: int) -> str:
    mean, low, high = sweep.figure(place)
    if sweep.has_intervals:
        return with_ends(mean, low, high)
    return with_spread(mean, high - mean)


def _behind(sweep: Sweep, place: int) -> str:
    if place == sweep.ranked[0]:
        return "best"
    row = sweep.table.iloc[place]
    mark = "=" if sweep.is_equal[place] else " "
    return f"{format_figure(float(row['behind']))} {mark}"


def _reading(sweep: Sweep) -> str:
    spread = (
        "mean of the playlists (95 % bootstrap interval)"
        if sweep.has_intervals
        else f"mean of the means of {N_BATCHES} batches ± their standard deviation"
    )
    return (
        f"{LABELS[sweep.metric]}: {spread}. behind the best: mean difference on the same "
        "playlists; = where its 95 % bootstrap interval holds 0. The best of many is partly luck: "
        "its own figure is a little too good, and the test part, which was not looked at, says "
        f"how good it is.{_on_counts(sweep)}"
    )


def _on_counts(sweep: Sweep) -> str:
    if sweep.table[f"{sweep.metric}_n"].nunique() == 1:
        return ""
    return " n: playlists with a figure; means of different playlists are compared with care."
