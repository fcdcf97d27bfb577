"""A text such as ``clusters=2,10 share=0:1:0.25`` -> the cells of a sweep."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any, Final

from model.amounts import amount
from model.errors import InputError
from model.settings import Settings

MAX_CELLS: Final = 400
"""More is hours of work at the size of the whole dataset, and no picture that can be read."""

_DEFAULTS: Final = Settings()
_NUMBER: Final = re.compile(r"[+-]?(\d{1,12}(\.\d{0,12})?|\.\d{1,12})", re.ASCII)
_EXAMPLE: Final = "--grid 'clusters=2,10,50 similar=5,10 playlists=5 share=0:1:0.25'"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One parameter that a sweep can vary.

    Parameters
    ----------
    name : str
        In the text of a grid.
    field : str
        Of `Settings`, `Grid` and `Cell`.
    label : str
        On an axis, with the unit.
    least, most : int, optional
        Values allowed, both included, as the options of `model evaluate` have them.
    is_whole : bool
    """

    name: str
    field: str
    label: str
    least: int
    most: int | None = None
    is_whole: bool = True


DIMENSIONS: Final = (
    Dimension("clusters", "n_clusters", "clusters of playlists", least=1),
    Dimension("similar", "similar", "similar songs a step", least=0),
    Dimension("playlists", "playlists_per_cluster", "playlists per cluster", least=1),
    Dimension("share", "share", "share of songs by similarity", least=0, most=1, is_whole=False),
)
"""What can be varied; cells are ordered by the first, then the second, and so on."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One choice of the four parameters; see `Settings`."""

    n_clusters: int
    similar: int
    playlists_per_cluster: int
    share: float

    def __str__(self) -> str:
        """Give the cell as a grid of one.

        Examples
        --------
        >>> str(Cell(10, 5, 5, 0.5))
        'clusters=10 similar=5 playlists=5 share=0.5'
        """
        return " ".join(
            f"{one.name}={format_value(getattr(self, one.field))}" for one in DIMENSIONS
        )

    def applied_to(self, settings: Settings) -> Settings:
        """Give the settings with these four parameters."""
        return replace(settings, **{one.field: getattr(self, one.field) for one in DIMENSIONS})


@dataclass(frozen=True, slots=True)
class Grid:
    """Values of each parameter, ascending, at least one of each; see `Settings`."""

    n_clusters: tuple[int, ...]
    similar: tuple[int, ...]
    playlists_per_cluster: tuple[int, ...]
    share: tuple[float, ...]

    def __len__(self) -> int:
        """Count the cells."""
        return prod(len(self.values(one)) for one in DIMENSIONS)

    def values(self, dimension: Dimension) -> tuple[float, ...]:
        """Give the values of one dimension."""
        values: tuple[float, ...] = getattr(self, dimension.field)
        return values

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All choices; those with the same clusters stand together, as they share most work.

        Examples
        --------
        >>> [str(cell)[:20] for cell in parse_grid("similar=5,3 clusters=9,2").cells]
        ['clusters=2 similar=3', 'clusters=2 similar=5', 'clusters=9 similar=3', \
'clusters=9 similar=5']
        """
        return tuple(
            Cell(*values)
            for values in product(
                self.n_clusters, self.similar, self.playlists_per_cluster, self.share
            )
        )

    @property
    def varied(self) -> tuple[Dimension, ...]:
        """The dimensions with more than one value."""
        return tuple(one for one in DIMENSIONS if len(self.values(one)) > 1)


def parse_grid(text: str, *, defaults: Settings = _DEFAULTS) -> Grid:
    """Read the values of each parameter that is to be varied.

    Words ``name=values`` stand in any order, names being clusters, similar, playlists and share.
    Values are numbers between commas, or ranges ``first:last:step``, which hold ``last`` where a
    step falls on it; they are computed in decimals, so that 0:1:0.1 holds 0.3.

    Parameters
    ----------
    text : str
    defaults : Settings
        Give the one value of each parameter that the text does not name.

    Raises
    ------
    InputError
        If a name is unknown or comes twice; if values are none, no numbers, repeated, or outside
        what `model evaluate` takes; if the cells are more than `MAX_CELLS`.

    Examples
    --------
    >>> grid = parse_grid("clusters=10,2 share=0:1:0.25")
    >>> grid.n_clusters, grid.similar, grid.share
    ((2, 10), (10,), (0.0, 0.25, 0.5, 0.75, 1.0))
    >>> len(grid), [dimension.name for dimension in grid.varied]
    (10, ['clusters', 'share'])
    """
    values: dict[str, tuple[Any, ...]] = {
        one.field: (getattr(defaults, one.field),) for one in DIMENSIONS
    }
    words = _split_words(text)
    if not words:
        msg = f"grid: nothing to vary; write, for example, {_EXAMPLE}"
        raise InputError(msg)
    grid = Grid(**values | {one.field: _read_values(words[one], one) for one in words})
    _require_few(len(grid))
    return grid


def format_value(value: float) -> str:
    """Give a parameter's value as a grid has it, with all its digits.

    Examples
    --------
    >>> format_value(1_000_000), format_value(0.25), format_value(0.00001), format_value(1.0)
    ('1000000', '0.25', '0.00001', '1')
    """
    return f"{Decimal(repr(float(value))):f}".removesuffix(".0")


def _split_words(text: str) -> dict[Dimension, str]:
    """Find the dimensions that are named, and the values listed for each."""
    known = {one.name: one for one in DIMENSIONS}
    words: dict[Dimension, str] = {}
    for word in text.split():
        name, _, listed = word.partition("=")
        if name not in known:
            msg = f"grid: {name!r} is none of {', '.join(known)}; write, for example, {_EXAMPLE}"
            raise InputError(msg)
        if known[name] in words:
            msg = f"grid: {name} stands there twice; put its values together: {name}=…,…"
            raise InputError(msg)
        words[known[name]] = listed
    return words


def _read_values(listed: str, dimension: Dimension) -> tuple[float, ...]:
    """Read numbers and ranges, each number once; give them ascending."""
    numbers = [number for item in listed.split(",") for number in _read_item(item, dimension)]
    for number in numbers:
        _require_allowed(number, dimension)
    repeated = sorted(number for number in set(numbers) if numbers.count(number) > 1)
    if repeated:
        msg = f"grid: {dimension.name} has {_join(repeated)} more than once"
        raise InputError(msg)
    convert = int if dimension.is_whole else float
    return tuple(convert(number) for number in sorted(numbers))


def _read_item(item: str, dimension: Dimension) -> Iterator[Decimal]:
    """Read one number, or the numbers of one range."""
    numbers = [_read_number(part, item, dimension) for part in item.split(":")]
    if len(numbers) == 1:
        yield numbers[0]
        return
    if len(numbers) != 3:
        msg = f"grid: {dimension.name} has {item!r}; a range is first:last:step, as in 0:1:0.25"
        raise InputError(msg)
    first, last, step = numbers
    if step <= 0 or last < first:
        msg = f"grid: {dimension.name} has {item!r}; a range ascends, by a step above 0"
        raise InputError(msg)
    # Before anything is counted out: a step may be small by mistake.
    n_steps = (last - first) / step
    _require_few(int(n_steps) + 1)
    yield from (first + step * place for place in range(int(n_steps) + 1))


def _read_number(part: str, item: str, dimension: Dimension) -> Decimal:
    if not _NUMBER.fullmatch(part):
        what = f"has {item!r}" if item else "has an empty value"
        msg = f"grid: {dimension.name} {what}; expected numbers, as in {_EXAMPLE}"
        raise InputError(msg)
    return Decimal(part) + 0  # Never -0, which would be another share than 0.


def _require_allowed(number: Decimal, dimension: Dimension) -> None:
    is_low = number < dimension.least
    is_high = dimension.most is not None and number > dimension.most
    is_broken = dimension.is_whole and number != number.to_integral_value()
    if is_low or is_high or is_broken:
        kind = "whole numbers" if dimension.is_whole else "numbers"
        most = "" if dimension.most is None else f" to {dimension.most}"
        msg = f"grid: {dimension.name} has {number}; expected {kind} from {dimension.least}{most}"
        raise InputError(msg)


def _require_few(n_cells: int) -> None:
    if n_cells > MAX_CELLS:
        msg = (
            f"grid: {amount(n_cells, 'cell')}; at most {MAX_CELLS} are run at a time: leave "
            "values out"
        )
        raise InputError(msg)


def _join(numbers: list[Decimal]) -> str:
    return ", ".join(str(number) for number in numbers)
