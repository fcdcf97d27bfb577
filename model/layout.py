"""How figures and tables look on a terminal."""

import math
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd  # What answers at once lays out its tables too, and cannot wait for it.

MIN_WIDTH = 80
PIPED_WIDTH = 160
"""Of tables that go to no terminal; longer texts are folded."""

_ENDLESS = 10_000
_LONGEST_WORD = 40
"""Longer ones are folded."""

SMALLEST = 0.0005
"""Below this a figure is shown as 0."""


GAP = "–"
"""Stands for a figure that is not known."""


def data_table(title: str, frame: "pd.DataFrame") -> Table:
    """Lay out a frame: text to the left, numbers to the right in the digits that they deserve."""
    table = plain_table(title)
    for name in frame.columns:
        is_number = frame[name].dtype.kind in "iuf"
        table.add_column(str(name), justify="right" if is_number else "left")
    for row in frame.itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    return table


def print_blocks(what: RenderableType) -> None:
    """Print to the terminal, 80 columns wide at least; no figure and no name is cut.

    Where there is no terminal, and `COLUMNS` says nothing, tables take the width that they need.
    """
    console = Console(highlight=False)
    width = max(console.width, MIN_WIDTH)
    has_room = not console.is_terminal and "COLUMNS" not in os.environ
    for block in _blocks_of(what):
        table = block
        if isinstance(block, Padding):
            table, block.expand = block.renderable, False  # No spaces up to the end of the line.
        console.width = width
        if isinstance(table, Table):
            console.width = PIPED_WIDTH if has_room else width
            # A terminal narrower than the table breaks its lines, rather than lose figures.
            console.width = max(console.width, _fit(table, console))
        console.print(block)


def plain_table(title: str) -> Table:
    """Give an empty table in the one look that all of them have."""
    return Table(
        title=title,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )


def format_figure(value: float) -> str:
    """Give a figure in the digits that its size deserves; NaN gives a dash.

    Examples
    --------
    >>> [format_figure(value) for value in (0.12345, 5.4567, 24.56, 123.4, 12345.6)]
    ['0.123', '5.46', '24.6', '123', '12.3k']
    """
    if math.isnan(value):
        return GAP
    size = abs(value)
    if size < SMALLEST:
        return "0.000"  # Never "-0.000".
    if size >= 10_000:
        return f"{value / 1000:,.1f}k"
    digits = 3 if size < 1 else 2 if size < 10 else 1 if size < 100 else 0
    return f"{value:,.{digits}f}"


def with_ends(mean: float, low: float, high: float) -> str:
    """Give a figure with its interval, where it is known.

    Examples
    --------
    >>> nan = float("nan")
    >>> with_ends(0.5, 0.25, 0.75), with_ends(0.5, nan, nan), with_ends(nan, nan, nan)
    ('0.500 (0.250–0.750)', '0.500', '–')
    """
    if math.isnan(mean) or math.isnan(low) or math.isnan(high):
        return format_figure(mean)
    return f"{format_figure(mean)} ({format_figure(low)}–{format_figure(high)})"


def with_spread(mean: float, spread: float) -> str:
    """Give a figure with its deviation, a dash where one value alone has none.

    Examples
    --------
    >>> nan = float("nan")
    >>> with_spread(0.5, 0.25), with_spread(0.5, nan), with_spread(nan, nan)
    ('0.500 ± 0.250', '0.500 ± –', '–')
    """
    if math.isnan(mean):
        return GAP
    return f"{format_figure(mean)} ± {format_figure(spread)}"


def _blocks_of(what: RenderableType) -> Iterator[RenderableType]:
    if not isinstance(what, Group):
        yield what
        return
    for one in what.renderables:
        yield from _blocks_of(one)


def _fit(table: Table, console: Console) -> int:
    """Let a table break no word and cut nothing; return the least width that it then has."""
    room = console.options.update(width=_ENDLESS)
    least = []
    for column in table.columns:
        cells = [Measurement.get(console, room, cell) for cell in (column.header, *column.cells)]
        longest = min(max(cell.minimum for cell in cells), _LONGEST_WORD)
        widest = max(cell.maximum for cell in cells)
        column.overflow = "fold"
        column.no_wrap = column.no_wrap or widest == longest
        least.append(widest if column.no_wrap else longest)
    gaps = len(least) - 1
    if sum(least) + 2 * gaps > console.width:
        table.padding = (0, 0, 0, 0)  # Columns stand one space apart then, not two.
        return sum(least) + gaps
    return sum(least) + 2 * gaps


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) >= 1 else format_figure(value)
    return f"{value:,}" if isinstance(value, int) else str(value)
