"""What the page is made of: parts with paragraphs, tables, pictures, and what is missing."""

import math
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import pandas as pd

from model.amounts import amount
from model.layout import GAP, format_figure, signed, with_ends, with_spread

MOST_ROWS: Final = 60
"""Rows of a table; more are in the file that it names."""

WIDEST_PX: Final = 600
"""Of a picture that is made to fit a phone; others are moved to and fro there."""

_POINT_PX: Final = 4 / 3
_SIZES: Final = [
    re.compile(rb'<svg [^>]*?\b%s="([\d.]+)pt"' % name) for name in (b"width", b"height")
]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    words: str
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """Why something is not there, or cannot be read, and the command that makes it."""

    words: str
    command: str
    is_damage: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What is shown, and what it is sorted by."""

    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Parameters
    ----------
    caption : str
    columns : tuple of str
    is_number : tuple of bool
        Of each column: set to the right, and sorted as a number.
    rows : tuple of tuples of Cell
    more : str
        What is said below it, as of rows that are left out.
    """

    caption: str
    columns: tuple[str, ...]
    is_number: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure.

    Parameters
    ----------
    source : str
        A ``data:`` address.
    width, height : int
        In CSS pixels.
    alt : str
        What is to be seen, in words.
    caption : str
    has_scale : bool
        Whether lightness means something, so that it is not to be turned round in the dark.
    """

    source: str
    width: int
    height: int
    alt: str
    caption: str
    has_scale: bool = False

    @property
    def is_wide(self) -> bool:
        """Whether its text would be too small to read where it is as narrow as a phone."""
        return self.width > WIDEST_PX


@dataclass(frozen=True, slots=True)
class Beside:
    """Pictures of two states, next to each other where there is room."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """A playlist: the songs that were made up for it, beside its own."""

    title: str
    says: str
    made: Table
    true: Table


Block: TypeAlias = Text | Missing | Table | Picture | Beside | Lists


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page, under a heading."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


def table_of(
    frame: pd.DataFrame,
    caption: str,
    *,
    labels: Mapping[str, str] | None = None,
    more: str = "",
    most: int = MOST_ROWS,
) -> Table:
    """Set a frame: numbers in the digits that they deserve, and sorted by their own.

    Parameters
    ----------
    frame : DataFrame
    caption : str
    labels : mapping of str to str, optional
        What columns are called; those that are not named keep their names.
    more : str
        Of where the other rows are, if some are left out.
    most : int
        Rows.
    """
    names = [str(name) for name in frame.columns]
    is_number = tuple(_is_number(frame[name]) for name in frame.columns)
    left_out = len(frame) - most
    return Table(
        caption,
        tuple((labels or {}).get(name, name.replace("_", " ")) for name in names),
        is_number,
        tuple(
            tuple(cell_of(value) for value in row)
            for row in frame.head(most).itertuples(index=False, name=None)
        ),
        f"{amount(left_out, 'more row')}: {more or 'left out'}" if left_out > 0 else "",
    )


def _is_number(column: "pd.Series[Any]") -> bool:
    """Tell whether a column is of numbers, or of cells that are sorted by numbers."""
    if pd.api.types.is_numeric_dtype(column):
        return not pd.api.types.is_bool_dtype(column)
    return any(isinstance(value, Cell) and bool(value.key) for value in column)


def cell_of(value: object) -> Cell:
    """Set a value; unknown ones are a dash, and sorted last.

    Examples
    --------
    >>> cell_of(12345), cell_of(0.12345)
    (Cell(text='12,345', key='12345'), Cell(text='0.123', key='0.12345'))
    >>> cell_of(float("nan")), cell_of("a")
    (Cell(text='–', key=''), Cell(text='a', key=''))
    """
    if isinstance(value, bool):
        return Cell("yes" if value else "no")
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return Cell("–")
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) >= 1
        return Cell(f"{value:,.0f}" if whole else format_figure(value), f"{value:.12g}")
    if isinstance(value, int):
        return Cell(f"{value:,}", str(value))
    return value if isinstance(value, Cell) else Cell(str(value))


def interval_cell(mean: float | None, low: float | None, high: float | None) -> Cell:
    """Set a mean with its interval, where it has one, in one cell; None and NaN are not known.

    Examples
    --------
    >>> interval_cell(0.2, 0.1, 0.3).text, interval_cell(0.2, -0.1, 0.3).text
    ('0.200 (0.100–0.300)', '0.200 (−0.100 to 0.300)')
    >>> interval_cell(-0.2, float("nan"), float("nan")).text
    '−0.200'
    """
    return _figure_cell(with_ends, mean, low, high)


def spread_cell(mean: float | None, spread: float | None) -> Cell:
    """Set a mean with its deviation in one cell; what is not known may be None or NaN.

    Examples
    --------
    >>> spread_cell(-0.5, 0.25), spread_cell(None, None)
    (Cell(text='−0.500 ± 0.250', key='-0.5'), Cell(text='–', key=''))
    """
    return _figure_cell(with_spread, mean, spread)


def change_cell(change: float | None) -> Cell:
    """Set a difference with its sign in a cell; whole numbers in full.

    Examples
    --------
    >>> [change_cell(one).text for one in (1234, 0, -0.5, None)]
    ['+1,234', '+0', '−0.500', '–']
    """
    if change is None:
        return Cell(GAP)
    shown = f"{change:+,d}" if isinstance(change, int) else signed(change)
    return Cell(shown.replace("-", "−"), f"{change:.12g}")


def svg_picture(content: bytes, *, alt: str, caption: str, has_scale: bool = False) -> Picture:
    """Put a drawing into a picture; it stays apart from the page, and can name nothing in it.

    Raises
    ------
    ValueError
        If it has no size.
    """
    found = [size.search(content[:2000]) for size in _SIZES]
    if not all(found):
        msg = "a drawing without a size in points"
        raise ValueError(msg)
    width, height = (round(float(one[1]) * _POINT_PX * 1.25) for one in found if one)
    return Picture(
        f"data:image/svg+xml;base64,{b64encode(content).decode()}",
        width,
        height,
        alt,
        caption,
        has_scale,
    )


def _figure_cell(formatted: Callable[..., str], *figures: float | None) -> Cell:
    mean, *others = (math.nan if one is None else float(one) for one in figures)
    key = "" if math.isnan(mean) else f"{mean:.12g}"
    return Cell(formatted(mean, *others).replace("-", "−"), key)
