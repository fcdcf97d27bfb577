"""A Sweep over one dimension -> a curve with its band."""

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model.drawing import new_figure
from model.ragged import FloatArray
from model.sweeping.choosing import Sweep
from model.sweeping.grid import DIMENSIONS, format_value
from model.sweeping.pictures import FRAME_COLOUR, name_metric, set_title

MAX_LABELS: Final = 20
"""On the axis; of more values only some are named."""

_SIZE_IN: Final = (6.5, 4.2)
_COLOUR: Final = "#0072B2"
"""Blue of the colours that are told apart by everybody (Okabe & Ito 2008)."""


def draw_curve(sweep: Sweep) -> Figure:
    """Draw the metric over the values of the one dimension, evenly spaced.

    The band is the 95 % interval, or as in the study two standard deviations of the batch means
    to either side.
    """
    dimension = (*sweep.grid.varied, DIMENSIONS[0])[0]
    values = sweep.grid.values(dimension)
    figure = new_figure(*_SIZE_IN)
    axes = figure.add_subplot()
    ends = _draw(axes, sweep)
    axes.set_xlabel(dimension.label)
    axes.set_ylabel(name_metric(sweep.metric))
    places = range(0, len(values), -(-len(values) // MAX_LABELS))
    axes.set_xticks(list(places), [format_value(values[place]) for place in places])
    axes.set_xlim(-0.5, len(values) - 0.5)
    _leave_room(axes, ends)
    axes.grid(axis="y", color="0.9")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="best")
    set_title(figure, sweep, marks="filled")
    return figure


def _draw(axes: Axes, sweep: Sweep) -> FloatArray:
    """Draw band, line and marks; return the means and the ends of the band."""
    mean, low, high = np.array([sweep.figure(place) for place in range(len(sweep.grid))]).T
    band = "95 % interval"
    if not sweep.has_intervals:
        band = "± 2 sd of the batch means"
        low, high = mean - 2 * (mean - low), mean + 2 * (high - mean)
    places, best = np.arange(len(mean)), sweep.ranked[0]
    if len(mean) > 1:
        axes.fill_between(places, low, high, color=_COLOUR, alpha=0.2, linewidth=0, label=band)
    else:
        axes.vlines(places, low, high, color=_COLOUR, alpha=0.4, linewidth=6, label=band)
    axes.plot(places, mean, color=_COLOUR, marker="o", markersize=6, mfc="white", label="mean")
    equal = np.flatnonzero(sweep.is_equal)
    if equal.size:
        axes.plot(equal, mean[equal], "o", color=_COLOUR, label="not told apart from the best")
    axes.plot(
        best, mean[best], "s", markersize=12, mfc="none", mec=FRAME_COLOUR, mew=1.5, label="best"
    )
    # One batch alone has no spread: there is no band then.
    return np.concatenate([mean, low, high])


def _leave_room(axes: Axes, ends: FloatArray) -> None:
    """Show the whole band, and a little more."""
    bottom, top = float(np.nanmin(ends)), float(np.nanmax(ends))
    margin = 0.08 * (top - bottom) or 0.1 * abs(top) or 1.0
    axes.set_ylim(bottom - margin, top + margin)
