"""What the pictures of a sweep have in common: words, looks, and files that come out the same."""

import contextlib
from collections.abc import Iterator
from math import floor, log10
from textwrap import fill
from typing import IO, Final, Literal

import matplotlib as mpl
import numpy as np
from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from model.amounts import amount
from model.figures.directions import HIGHER_IS_BETTER, LABELS
from model.layout import GAP
from model.ragged import FloatArray
from model.storage.writing import Writer
from model.sweeping.choosing import Sweep
from model.sweeping.grid import DIMENSIONS, format_value

TEXT_SIZE: Final = 8
MIN_WIDTH_IN: Final = 7.0
"""Narrower, titles would take more room than the picture."""

FRAME_COLOUR: Final = "black"
_DPI: Final = 160
_CHARACTERS_AN_INCH: Final = 14.5
"""Of text of this size, on average."""


@contextlib.contextmanager
def plain_style() -> Iterator[None]:
    """Draw in the library's own style, whatever the user has set; leave that as it was."""
    with (
        style.context("default"),
        mpl.rc_context({"font.size": TEXT_SIZE, "svg.hashsalt": "sweep"}),
    ):
        yield


def new_figure(width_in: float, height_in: float) -> Figure:
    """Make an empty figure that no window and no global list knows of."""
    figure = Figure(
        figsize=(max(width_in, MIN_WIDTH_IN), height_in), dpi=_DPI, layout="constrained"
    )
    FigureCanvasAgg(figure)
    return figure


def picture_writer(figure: Figure, kind: Literal["png", "svg"]) -> Writer:
    """Write a figure; the same figure gives the same bytes, as no time stands in them."""

    def write(file: IO[bytes]) -> None:
        unwanted = {"svg": {"Date": None}, "png": {"Software": None}}[kind]
        with plain_style():
            figure.savefig(file, format=kind, metadata=unwanted)

    return write


def set_title(figure: Figure, sweep: Sweep, *, marks: str) -> None:
    """Say above the picture what it shows, and what is best, in lines as wide as the picture.

    Parameters
    ----------
    figure : Figure
    sweep : Sweep
    marks : str
        What marks the cells that are not told apart from the best.
    """
    width = int(figure.get_size_inches()[0] * _CHARACTERS_AN_INCH)
    lines = [fill(line, width) for line in describe(sweep, marks=marks)]
    figure.suptitle("\n".join(lines), x=0.01, ha="left", fontsize=TEXT_SIZE)


def describe(sweep: Sweep, *, marks: str) -> list[str]:
    """Say what a picture shows, what is best, and what was the same in all cells."""
    place = sweep.ranked[0]
    mean, low, high = (number.strip() for number in format_alike(np.array(sweep.figure(place))))
    spread = f"95 % interval {low} to {high}" if sweep.has_intervals else f"± 1 sd {low} to {high}"
    if low == GAP:
        spread = "no interval" if sweep.has_intervals else "one batch: no deviation"
    shown = f"{LABELS[sweep.metric]} of the study's generator, {sweep.settings.protocol} protocol"
    lines = [
        f"{shown}, {amount(sweep.n_playlists, 'validation playlist')}",
        f"best, framed: {sweep.best}: {mean} ({spread})",
    ]
    if sweep.n_equal:
        lines.append(
            f"{marks}: {sweep.n_equal} of {amount(len(sweep.grid) - 1, 'other')}, not told apart "
            "from it"
        )
    fixed = [one for one in DIMENSIONS if one not in sweep.grid.varied]
    if fixed:
        same = ", ".join(f"{one.label} {format_value(sweep.grid.values(one)[0])}" for one in fixed)
        lines.append(f"in all: {same}")
    return lines


def name_metric(metric: str) -> str:
    """Give a figure's name and direction.

    Examples
    --------
    >>> name_metric("ndcg"), name_metric("clicks")
    ('NDCG (higher is better)', 'clicks (lower is better)')
    """
    return f"{LABELS[metric]} ({'higher' if metric in HIGHER_IS_BETTER else 'lower'} is better)"


def format_alike(values: FloatArray) -> list[str]:
    """Give figures in the digits that tell them apart, all alike; NaN gives a dash.

    Parameters
    ----------
    values : ndarray, shape (n_values,)

    Examples
    --------
    >>> format_alike(np.array([0.0812, 0.0855, np.nan]))
    ['0.0812', '0.0855', '–']
    >>> format_alike(np.array([24.13, 26.05])), format_alike(np.array([7.0, 7.0]))
    (['24.13', '26.05'], ['7.000', '7.000'])
    """
    known = values[~np.isnan(values)]
    spread = float(np.ptp(known)) if known.size else 0.0
    most = float(np.abs(known).max(initial=0.0))
    wanted = 2 - floor(log10(spread)) if spread > 0 else 3
    digits = min(max(wanted, 0), max(5 - len(f"{most:.0f}"), 0))
    return [GAP if np.isnan(value) else f"{value:.{digits}f}" for value in values.tolist()]
