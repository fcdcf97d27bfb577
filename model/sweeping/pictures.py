"""What the pictures of a sweep have in common: words and a frame."""

from math import floor, log10
from textwrap import fill
from typing import Final

import numpy as np
from matplotlib.figure import Figure

from model.amounts import amount
from model.drawing import TEXT_SIZE
from model.figures.directions import HIGHER_IS_BETTER, LABELS
from model.layout import GAP
from model.ragged import FloatArray
from model.sweeping.choosing import Sweep
from model.sweeping.grid import DIMENSIONS, format_value

FRAME_COLOUR: Final = "black"
_CHARACTERS_AN_INCH: Final = 14.5
"""Of text of this size, on average."""


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
