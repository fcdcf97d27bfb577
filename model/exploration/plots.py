"""The looks of all figures of exploration: one colour language, axes with units, no more ink."""

from collections.abc import Sequence
from functools import cache
from typing import Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from matplotlib.ticker import EngFormatter, LogLocator, NullFormatter

from model.drawing import plain_style
from model.exploration.placing import share_out, spread_out
from model.ragged import FloatArray, IntArray

COLOURS: Final = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#7F7F7F",
    "#B8A800",
)
"""Told apart by everybody (Okabe & Ito 2008); the yellow darkened, and grey for black."""

MARKERS: Final = "osD^vP"
MAIN: Final = COLOURS[0]
GRID: Final = "0.9"

SIZE_IN: Final = (4.8, 3.0)
"""Small for its text, which is still read where the figure is as wide as a phone."""

_DPI: Final = 160
_NUMBER_PT: Final = 17.0
"""Distance at which two numbers in circles do not touch."""

_MOST_LETTERS: Final = 24
"""Of a name; longer ones are shortened."""

_LIGHT: Final = 0.45
"""Luminance from which on black text is read more easily than white."""


def new_axes(size_in: tuple[float, float] = SIZE_IN) -> tuple[Figure, Axes]:
    """Make a figure of one pair of axes; to be called within `plain_style`."""
    figure = Figure(figsize=size_in, dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    dress(axes)
    return figure, axes


def dress(axes: Axes, *, axis: str = "y") -> None:
    """Take away what says nothing, and put faint lines behind the data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    axes.grid(axis="y" if axis == "y" else "x", color=GRID)


def draw_histogram(bins: pd.DataFrame, *, x: str, y: str, is_log: bool = False) -> Figure:
    """Draw bins, of even width or, on two logarithmic axes, of even ratio.

    Parameters
    ----------
    bins : DataFrame
        ``from``, ``to`` and the counts, as `counting.histogram` gives them.
    x, y : str
        What the axes show, with the unit.
    is_log : bool
    """
    counts = bins.iloc[:, 2].to_numpy(dtype=np.float64)
    edges = np.append(bins["from"].to_numpy(), bins["to"].iloc[-1] + 1).astype(np.float64)
    with plain_style():
        figure, axes = new_axes()
        floor = 0.5 if is_log else 0.0
        axes.stairs(np.maximum(counts, floor), edges, fill=True, color=MAIN, baseline=floor)
        if is_log:
            _go_logarithmic(axes)
            axes.set_ylim(bottom=floor)
        _name(axes, x, y)
        _say_thousands(axes)
    return figure


def draw_ranks(counts: IntArray, *, x: str, y: str, is_log: bool) -> Figure:
    """Draw falling counts over their ranks from 1; the counts always on a logarithmic axis."""
    with plain_style():
        figure, axes = new_axes()
        marker = "o" if len(counts) == 1 else ""
        axes.plot(np.arange(1, len(counts) + 1), counts, color=MAIN, marker=marker)
        axes.set_yscale("log")
        if is_log:
            _go_logarithmic(axes)
        axes.set_ylim(bottom=max(0.8, float(counts.min(initial=1)) * 0.7))
        _name(axes, x, y)
        _say_thousands(axes)
    return figure


def draw_bars(names: Sequence[str], n_songs: FloatArray) -> Figure:
    """Draw how many songs each name has, the first on top; long names are shortened."""
    with plain_style():
        figure, axes = new_axes((SIZE_IN[0], 0.7 + 0.17 * len(names)))
        axes.barh(np.arange(len(names)), n_songs, color=MAIN, height=0.75)
        axes.set_yticks(np.arange(len(names)), [plain_text(name) for name in names])
        axes.invert_yaxis()
        dress(axes, axis="x")
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("songs")
        axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    return figure


def draw_steps(lines: dict[str, FloatArray], *, mark: float) -> Figure:
    """Draw the variance that components explain together, and a line across at `mark`, in %."""
    with plain_style():
        figure, axes = new_axes()
        for place, (name, values) in enumerate(lines.items()):
            axes.plot(
                np.arange(1, len(values) + 1),
                values,
                color=COLOURS[place],
                marker=MARKERS[place],
                markersize=4,
                label=name,
            )
        axes.axhline(mark, color="0.3", linestyle=":", linewidth=1)
        axes.annotate(
            f"{mark:g}", (1, mark), (2, 2), textcoords="offset points", va="bottom", color="0.3"
        )
        axes.set_ylim(0, max(1.03 * mark, *(float(values.max()) for values in lines.values())))
        _name(axes, "components", "variance explained, %")
        axes.legend(frameon=False, loc="lower right")
    return figure


def draw_scatter(
    points: FloatArray, labels: IntArray, centres: FloatArray, *, x: str, y: str
) -> Figure:
    """Draw points by group, each group's number on its centre.

    Parameters
    ----------
    points : ndarray, shape (n_points, 2)
    labels : ndarray, shape (n_points,)
        Group of each, from 0. Of more groups than colours, those share one that lie far apart,
        and have other marks.
    centres : ndarray, shape (n_groups, 2)
    x, y : str
    """
    with plain_style():
        figure, axes = new_axes((SIZE_IN[0], 4.0))
        kinds = share_out(centres, len(COLOURS))
        for group, kind in enumerate(kinds.tolist()):
            own = points[labels == group]
            turn = int((kinds[:group] == kind).sum())
            axes.scatter(
                own[:, 0],
                own[:, 1],
                s=7,
                color=COLOURS[kind],
                marker=MARKERS[turn % len(MARKERS)],
                alpha=0.45,
                linewidths=0,
                rasterized=True,
            )
        _number(axes, centres, [COLOURS[kind] for kind in kinds])
        axes.grid(color=GRID)
        _name(axes, x, y)
    return figure


def draw_heat_map(
    values: FloatArray,
    texts: Sequence[Sequence[str]],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
) -> Figure:
    """Draw how far groups are from the mean playlist, in its sd, figures in the cells.

    Parameters
    ----------
    values : ndarray, shape (n_rows, n_columns)
        What decides the colour.
    texts : sequence of sequences of str
        What stands in each cell.
    rows, columns : sequence of str
    """
    colours, limit = mpl.colormaps["cividis"], max(1.0, float(np.abs(values).max(initial=0.0)))
    with plain_style():
        figure, axes = new_axes((6.4, 1.6 + 0.24 * len(rows)))
        image = axes.imshow(values, cmap=colours, vmin=-limit, vmax=limit, aspect="auto")
        for row, column in np.ndindex(values.shape):
            red, green, blue, _ = colours((values[row, column] + limit) / (2 * limit))
            is_light = 0.2126 * red + 0.7152 * green + 0.0722 * blue > _LIGHT
            ink = "black" if is_light else "white"
            axes.text(
                column, row, texts[row][column], ha="center", va="center", color=ink, fontsize=7
            )
        axes.set_xticks(range(len(columns)), columns, rotation=40, ha="right")
        axes.set_yticks(range(len(rows)), rows)
        axes.grid(visible=False)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        label = "sd from the mean playlist"
        figure.colorbar(image, ax=axes, label=label, fraction=0.04, aspect=25)
    return figure


def plain_text(name: str) -> str:
    r"""Shorten a name, and take from it what the font lacks and what would be read as a formula.

    Examples
    --------
    >>> plain_text("рок"), plain_text("a$b$"), plain_text("夏"), len(plain_text("a" * 400))
    ('рок', 'a\\$b\\$', '?', 24)
    """
    letters = _letters()
    known = "".join(one if ord(one) in letters and one.isprintable() else "?" for one in name)
    short = known if len(known) <= _MOST_LETTERS else known[: _MOST_LETTERS - 1] + "…"
    return short.replace("$", r"\$")


@cache
def _letters() -> frozenset[int]:
    """Code points that the library's own font has."""
    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())


def _number(axes: Axes, centres: FloatArray, colours: Sequence[str]) -> None:
    """Write 1, 2, … on the centres, or beside them where numbers would hide each other."""
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]  # no axes within axes
    on_paper = axes.transData.transform(centres) * 72 / axes.figure.dpi
    for group, away in enumerate(spread_out(on_paper, least=_NUMBER_PT) - on_paper):
        is_led = float(np.hypot(*away)) > _NUMBER_PT / 3
        axes.annotate(
            str(group + 1),
            (float(centres[group, 0]), float(centres[group, 1])),
            (float(away[0]), float(away[1])),
            textcoords="offset points",
            ha="center",
            va="center",
            weight="bold",
            fontsize=8,
            bbox={"boxstyle": "circle,pad=0.2", "fc": "white", "ec": colours[group], "lw": 2},
            arrowprops={"arrowstyle": "-", "color": "0.2", "lw": 0.8} if is_led else None,
        )


def _name(axes: Axes, x: str, y: str) -> None:
    axes.set_xlabel(x)
    axes.set_ylabel(y)


def _go_logarithmic(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(10, numticks=9))


def _say_thousands(axes: Axes) -> None:
    """Write 1k for a thousand, 1M for a million, and no powers of ten."""
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(EngFormatter(sep=""))
        axis.set_minor_formatter(NullFormatter())
