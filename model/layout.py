"""How figures and tables look on a terminal."""

import math
import os
import re
import shutil
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from numbers import Integral
from typing import TYPE_CHECKING, Literal

from rich import box
from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

if TYPE_CHECKING:
    import pandas as pd  # What answers at once lays out its tables too, and cannot wait for it.

MIN_WIDTH = 40
PIPED_WIDTH = 160
"""Of tables that go to no terminal; longer texts are folded."""

_ENDLESS = 10_000
_LONGEST = (40, 10)
"""Letters of a word that is not folded; where a table finds no room otherwise, of one of a text."""

SMALLEST = 0.0005
"""Below this a figure is shown as 0."""


GAP = "–"
"""Stands for a figure that is not known."""


_BEGINS_AS_FIGURE = re.compile(r"[-+−]?\d|–")


def data_table(title: str, frame: "pd.DataFrame") -> Table:
    """Lay out a frame: text to the left, numbers to the right in the digits that they deserve."""
    table = plain_table(title)
    for name in frame.columns:
        is_number = frame[name].dtype.kind in "iuf"
        # As "0.5 (0.1 to 0.9)", which is not to be folded.
        is_figure = is_number or all(_BEGINS_AS_FIGURE.match(str(one)) for one in frame[name])
        justify: Literal["left", "right"] = "right" if is_figure else "left"
        table.add_column(str(name), justify=justify, no_wrap=is_figure and not is_number)
    for row in frame.itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    return table


def print_blocks(what: RenderableType) -> None:
    """Print to the terminal, 40 columns wide at least; no figure and no name is cut.

    Of a table wider than the terminal, what finds no room stands below, beside the same labels.
    Where there is no terminal, and `COLUMNS` says nothing, tables take the width that they need.
    """
    console = Console(highlight=False)
    width = max(columns_of(console), MIN_WIDTH)
    has_room = not console.is_terminal and "COLUMNS" not in os.environ
    for block in _blocks_of(what):
        console.width = width
        if isinstance(block, Padding):
            block.expand = False  # No spaces up to the end of the line.
        table = block.renderable if isinstance(block, Padding) else block
        if isinstance(table, Table):
            console.width = PIPED_WIDTH if has_room else width
            console.print(_laid_out(block, table, console, may_be_cut=not has_room))
        else:
            console.print(block)


def columns_of(console: Console) -> int:
    """Give the width of the terminal; Rich takes a dumb one to have 80 columns."""
    if console.is_dumb_terminal:
        return shutil.get_terminal_size((console.width, 0)).columns
    return console.width


class PlainTable(Table):
    """A table of which the first columns are labels: as many as these, and all texts."""

    n_labels = 1


def plain_table(title: str, *, n_labels: int = 1) -> Table:
    """Give an empty table in the one look that all of them have.

    Parameters
    ----------
    title : str
    n_labels : int
        First columns that are not to be parted from a row's figures.
    """
    table = PlainTable(
        title=title,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.n_labels = n_labels
    return table


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
    ends = _between(mean, low, high)
    return f"{format_figure(mean)} ({ends})" if ends else format_figure(mean)


def over_ends(mean: float, low: float, high: float) -> str:
    """Give a figure above its interval, where it is known.

    Examples
    --------
    >>> over_ends(0.5, -0.25, 0.75).splitlines()
    ['0.500', '-0.250 to 0.750']
    """
    ends = _between(mean, low, high)
    return f"{format_figure(mean)}\n{ends}" if ends else format_figure(mean)


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


def signed(change: float) -> str:
    """Give a difference with its sign.

    Examples
    --------
    >>> signed(0.0213), signed(-2.5), signed(0.0)
    ('+0.021', '-2.50', '0.000')
    """
    return f"+{format_figure(change)}" if change > 0 else format_figure(change)


def _between(mean: float, low: float, high: float) -> str:
    """Give an interval, or nothing where it is not known; no dash stands before a minus."""
    if math.isnan(mean) or math.isnan(low) or math.isnan(high):
        return ""
    return f"{format_figure(low)}{' to ' if low < 0 else '–'}{format_figure(high)}"


def _blocks_of(what: RenderableType) -> Iterator[RenderableType]:
    if not isinstance(what, Group):
        yield what
        return
    for one in what.renderables:
        yield from _blocks_of(one)


def _laid_out(
    block: RenderableType, table: Table, console: Console, *, may_be_cut: bool
) -> RenderableType:
    """Give a table the room it needs, or cut it in parts that have room."""
    longest = next((one for one in _LONGEST if _width(table, console, one) <= console.width), 0)
    parts = [table] if longest or not may_be_cut else _cut(table, console)
    # What is too wide even so breaks its lines, rather than lose figures.
    longest = longest or _LONGEST[0]
    console.width = max(console.width, *(_fit(part, console, longest) for part in parts))
    if len(parts) == 1:
        return block
    spaced = Group(parts[0], *(one for part in parts[1:] for one in (Text(), part)))
    if isinstance(block, Padding):
        block.renderable = spaced
        return block
    return spaced


def _cut(table: Table, console: Console) -> list[Table]:
    """Cut a table by its columns into parts that each begin with the same labels."""
    least = _least(table, console, _LONGEST[0])
    texts = [place for place, one in enumerate(table.columns) if one.justify == "left"]
    n_labels = max(1 + max(texts, default=0), getattr(table, "n_labels", 1))
    if sum(least[:n_labels]) + n_labels + max(least[n_labels:], default=0) > console.width:
        n_labels = 1
    labels, groups = list(range(n_labels)), [list[int]()]
    for place in range(n_labels, len(least)):
        own = [*labels, *groups[-1], place]
        if groups[-1] and sum(least[one] for one in own) + len(own) - 1 > console.width:
            groups.append([])
        groups[-1].append(place)
    if len(groups) == 1:
        return [table]
    return [_part(table, [*labels, *group], is_first=not at) for at, group in enumerate(groups)]


def _part(table: Table, places: list[int], *, is_first: bool) -> Table:
    """Give a table of some of the columns; the first alone is called by its title."""
    part = copy(table)
    part.columns = [replace(table.columns[old], _index=new) for new, old in enumerate(places)]
    part.title = table.title if is_first else None
    return part


def _width(table: Table, console: Console, longest: int) -> int:
    """Give the least width of a table whose columns stand one space apart."""
    least = _least(table, console, longest)
    return sum(least) + len(least) - 1


def _fit(table: Table, console: Console, longest: int) -> int:
    """Let a table cut nothing, and fold no other words; return the least width that it then has."""
    least = _least(table, console, longest)
    for column, width in zip(table.columns, least, strict=True):
        column.overflow = "fold"
        column.no_wrap = column.no_wrap or width == _widest(column, console)
    gaps = len(least) - 1
    if sum(least) + 2 * gaps > console.width:
        # Columns stand one space apart then, not two.
        table.padding = (0, 0, 0, 0) if table.box else (0, 1, 0, 0)
        return sum(least) + gaps
    return sum(least) + 2 * gaps


def _least(table: Table, console: Console, longest: int) -> list[int]:
    """Give the least width of each column; words of texts are folded that are longer."""
    least = []
    for column in table.columns:
        words = max(cell.minimum for cell in _measured(column, console))
        if column.justify == "left":
            words = min(words, longest)
        words = min(words, _LONGEST[0])
        least.append(_widest(column, console) if column.no_wrap else words)
    return least


def _widest(column: Column, console: Console) -> int:
    return max(cell.maximum for cell in _measured(column, console))


def _measured(column: Column, console: Console) -> list[Measurement]:
    room = console.options.update(width=_ENDLESS)
    return [Measurement.get(console, room, cell) for cell in (column.header, *column.cells)]


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) >= 1 else format_figure(value)
    if type(value).__name__ == "NAType":  # of pandas, which is not imported for this
        return GAP
    return f"{value:,}" if isinstance(value, Integral) else str(value)
