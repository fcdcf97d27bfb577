"""A Sweep -> one picture: a heat map of two to four dimensions, or else a curve."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from textwrap import fill
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from model.drawing import new_figure, plain_style
from model.figures.directions import HIGHER_IS_BETTER
from model.ragged import BoolArray, FloatArray
from model.sweeping.choosing import Sweep
from model.sweeping.curve import draw_curve
from model.sweeping.grid import DIMENSIONS, Dimension, Grid, format_value
from model.sweeping.pictures import FRAME_COLOUR, format_alike, name_metric, set_title

CELL_IN: Final = (0.6, 0.4)
"""Width and height, in inches."""

MAX_WIDTH_IN: Final = 12.0
"""Panels that differ in one dimension alone are put in several rows rather than beyond this."""

_PANEL_EDGE_IN: Final = (0.35, 0.6)
_FIGURE_EDGE_IN: Final = (1.6, 1.3)
_MIN_HEIGHT_IN: Final = 1.9
"""Of all panels: else labels beside them are longer than they are high."""

_Y_LABEL: Final = 20
"""Characters of a line beside the panels."""

_UNKNOWN: Final = "0.85"
_LIGHT: Final = 0.45
"""Luminance, in [0, 1], from which on black figures are read more easily than white ones."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where each dimension stands; some may have one value alone.

    Parameters
    ----------
    x, y : Dimension
        Axes of every panel.
    columns, rows : Dimension
        What panels beside each other and above each other differ in.
    """

    x: Dimension
    y: Dimension
    columns: Dimension
    rows: Dimension


@dataclass(frozen=True, slots=True)
class Panel:
    """What one panel shows.

    Parameters
    ----------
    title : str
    means : ndarray, shape (n_y, n_x)
    texts : ndarray of str, shape (n_y, n_x)
    is_best, is_equal : ndarray of bool, shape (n_y, n_x)
        The best cell, and those that are not told apart from it.
    """

    title: str
    means: FloatArray
    texts: np.ndarray[tuple[int, ...], np.dtype[np.str_]]
    is_best: BoolArray
    is_equal: BoolArray


def draw_sweep(sweep: Sweep) -> Figure:
    """Draw the chosen metric of all cells.

    Two dimensions are the axes of a panel, those with the most values; what else is varied differs
    between panels. One dimension alone becomes a curve.
    """
    with plain_style():
        return _draw_panels(sweep) if len(sweep.grid.varied) > 1 else draw_curve(sweep)


def arrange(grid: Grid) -> Arrangement:
    """Put the dimensions with the most values inside the panels; ties in their usual order.

    Examples
    --------
    >>> from model.sweeping.grid import parse_grid
    >>> where = arrange(parse_grid("clusters=2,5 similar=5 playlists=5,6 share=0.1,0.2,0.3"))
    >>> where.x.name, where.y.name, where.columns.name, where.rows.name
    ('share', 'clusters', 'playlists', 'similar')
    """
    return Arrangement(*sorted(DIMENSIONS, key=lambda one: -len(grid.values(one))))


def _draw_panels(sweep: Sweep) -> Figure:
    where = arrange(sweep.grid)
    panels = list(_panels(sweep, where))
    figure, grid = _lay_out(sweep.grid, where, len(panels))
    colours, scale = _colours(sweep)
    for place, axes in enumerate(grid.flat):
        if place < len(panels):
            _draw_panel(axes, panels[place], colours, scale)
            _label(axes, sweep.grid, where, is_left=place % grid.shape[1] == 0)
        else:
            axes.set_visible(False)
    mappable = ScalarMappable(scale, colours)
    figure.colorbar(mappable, ax=grid, label=name_metric(sweep.metric), fraction=0.05, aspect=25)
    figure.supxlabel(where.x.label, fontsize="medium")
    figure.supylabel(fill(where.y.label, _Y_LABEL), fontsize="medium", multialignment="center")
    set_title(figure, sweep, marks="dots")
    return figure


def _lay_out(grid: Grid, where: Arrangement, n_panels: int) -> tuple[Figure, NDArray[Any]]:
    """Make a figure with room for each cell, and its axes, row by row."""
    n_x, n_y = len(grid.values(where.x)), len(grid.values(where.y))
    width, height = n_x * CELL_IN[0] + _PANEL_EDGE_IN[0], n_y * CELL_IN[1] + _PANEL_EDGE_IN[1]
    across = len(grid.values(where.columns))
    if across == n_panels:
        across = min(across, max(1, int((MAX_WIDTH_IN - _FIGURE_EDGE_IN[0]) / width)))
    down = ceil(n_panels / across)
    inner_height = max(down * height, _MIN_HEIGHT_IN)
    figure = new_figure(across * width + _FIGURE_EDGE_IN[0], inner_height + _FIGURE_EDGE_IN[1])
    return figure, figure.subplots(down, across, squeeze=False)


def _panels(sweep: Sweep, where: Arrangement) -> Iterator[Panel]:
    """Cut the table, which is in the order of the grid, into panels, row by row."""
    order = [DIMENSIONS.index(one) for one in (where.rows, where.columns, where.y, where.x)]
    shape = [len(sweep.grid.values(one)) for one in DIMENSIONS]
    best = np.arange(len(sweep.grid)) == sweep.ranked[0]
    means, texts, is_best, is_equal = (
        np.asarray(values).reshape(shape).transpose(order)
        for values in (sweep.means, format_alike(sweep.means), best, sweep.is_equal)
    )
    for row, column in np.ndindex(means.shape[:2]):
        places = ((where.columns, column), (where.rows, row))
        title = "\n".join(
            f"{one.name} = {format_value(sweep.grid.values(one)[place])}"
            for one, place in places
            if one in sweep.grid.varied
        )
        each = (values[row, column] for values in (means, texts, is_best, is_equal))
        yield Panel(title, *each)


def _colours(sweep: Sweep) -> tuple[Colormap, Normalize]:
    """Map means to colours, better ones lighter.

    The map is as even to readers who do not tell red from green (Nuñez et al. 2018,
    doi:10.1371/journal.pone.0199239).
    """
    low, high = float(np.nanmin(sweep.means)), float(np.nanmax(sweep.means))
    edge = 0.0 if high > low else abs(high) / 100 or 1.0
    name = "cividis" if sweep.metric in HIGHER_IS_BETTER else "cividis_r"
    return mpl.colormaps[name], Normalize(low - edge, high + edge)


def _draw_panel(axes: Axes, panel: Panel, colours: Colormap, scale: Normalize) -> None:
    axes.set_facecolor(_UNKNOWN)
    axes.pcolormesh(
        np.ma.masked_invalid(panel.means),
        cmap=colours,
        norm=scale,
        edgecolor="white",
        linewidth=0.8,
    )
    axes.set_title(panel.title, fontsize="medium")
    for y, x in np.ndindex(panel.means.shape):
        ink = _ink(colours, float(scale(panel.means[y, x])))
        weight = "bold" if panel.is_best[y, x] else "normal"
        axes.text(
            x + 0.5,
            y + 0.5,
            str(panel.texts[y, x]),
            ha="center",
            va="center",
            color=ink,
            weight=weight,
        )
        if panel.is_equal[y, x]:
            axes.plot(x + 0.9, y + 0.84, ".", color=ink, markersize=3.5)
        if panel.is_best[y, x]:
            _frame(axes, x, y)


def _frame(axes: Axes, x: int, y: int) -> None:
    """Frame a cell, dark within light, so that it stands out from every colour."""
    for colour, width in (("white", 4.5), (FRAME_COLOUR, 2.2)):
        axes.add_patch(
            Rectangle((x, y), 1, 1, fill=False, ec=colour, lw=width, clip_on=False, zorder=5)
        )


def _label(axes: Axes, grid: Grid, where: Arrangement, *, is_left: bool) -> None:
    for axis, dimension, is_named in ((axes.xaxis, where.x, True), (axes.yaxis, where.y, is_left)):
        values = grid.values(dimension)
        names = [format_value(value) for value in values] if is_named else []
        axis.set_ticks(np.arange(len(values)) + 0.5 if is_named else [], names)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _ink(colours: Colormap, place: float) -> str:
    """Choose black or white for a figure upon a colour, by its place on the scale, NaN unknown."""
    if np.isnan(place):
        return "black"
    red, green, blue, _ = colours(place)
    return "black" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > _LIGHT else "white"
