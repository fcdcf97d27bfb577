"""Figures of results that no other command draws, in the colours of exploration."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

from model.drawing import picture_writer, plain_style
from model.exploration.placing import stack
from model.exploration.plots import COLOURS, GRID, MARKERS, SIZE_IN, dress, new_axes, plain_text
from model.figures.directions import label

_ACROSS: Final = 3
_DPI: Final = 160
_LINE_PT: Final = 11.0
"""From the middle of one line of small text to the next."""


def drawn(figure: Figure) -> bytes:
    """Give a figure as SVG."""
    file = BytesIO()
    picture_writer(figure, "svg")(file)
    return file.getvalue()


def draw_calibration(table: pd.DataFrame, models: Sequence[str]) -> Figure:
    """Draw what is observed over what is predicted, a line a model, with 95 % intervals.

    Parameters
    ----------
    table : DataFrame
        model, predicted_mean, observed_mean, observed_mean_low, observed_mean_high: of
        log(1 + followers).
    models : sequence of str
    """
    with plain_style():
        figure, axes = new_axes((SIZE_IN[0], 3.6))
        shown = table[table["model"].isin(models)]
        ends = [shown["predicted_mean"].min(), shown["predicted_mean"].max()]
        axes.plot(ends, ends, color="0.4", linestyle=":", linewidth=1, label="as predicted")
        for place, model in enumerate(models):
            own = table[table["model"] == model].sort_values("predicted_mean")
            middle = own["observed_mean"].to_numpy()
            low = np.maximum(middle - own["observed_mean_low"].to_numpy(), 0)
            high = np.maximum(own["observed_mean_high"].to_numpy() - middle, 0)
            axes.errorbar(
                own["predicted_mean"],
                middle,
                [low, high],
                color=COLOURS[place % len(COLOURS)],
                marker=MARKERS[place % len(MARKERS)],
                markersize=4,
                linewidth=1,
                capsize=2,
                label=model.replace("_", " "),
            )
        axes.set_xlabel("predicted mean of log(1 + followers), by tenths")
        axes.set_ylabel("observed mean of log(1 + followers)")
        axes.grid(color=GRID)
        axes.legend(frameon=False)
    return figure


def draw_intervals(
    table: pd.DataFrame, *, labels: dict[str, str] | None = None, has_zero: bool = False
) -> Figure:
    """Draw means with intervals, a row a name, a panel a metric.

    Parameters
    ----------
    table : DataFrame
        name, metric, mean, low, high; the order is kept.
    labels : dict, optional
        Of metrics, where they are not `figures.directions.label`.
    has_zero : bool
        Whether a line marks zero, as differences need it.
    """
    metrics, names = table["metric"].unique().tolist(), table["name"].unique().tolist()
    across = min(_ACROSS, len(metrics))
    down = -(-len(metrics) // across)
    size_in = (6.4, down * (0.75 + 0.2 * len(names)))
    with plain_style():
        figure = Figure(figsize=size_in, dpi=_DPI, layout="constrained")
        FigureCanvasAgg(figure)
        panels = figure.subplots(down, across, squeeze=False, sharey=True).ravel().tolist()
        for axes, metric in zip(panels, metrics, strict=False):
            own = table[table["metric"] == metric].set_index("name").reindex(names)
            if has_zero:
                axes.axvline(0, color="0.4", linestyle=":", linewidth=1)
            _draw_rows(axes, own)
            axes.set_title((labels or {}).get(metric) or label(metric), fontsize="medium")
        for axes in panels[len(metrics) :]:
            axes.set_visible(False)
    return figure


def _draw_rows(axes: Axes, own: pd.DataFrame) -> None:
    """Draw a mean with its interval a row, the first on top."""
    middle, low, high = (own[name].to_numpy(np.float64) for name in ("mean", "low", "high"))
    down, up = (np.maximum(np.nan_to_num(one), 0) for one in (middle - low, high - middle))
    for row in range(len(own)):
        axes.errorbar(
            middle[row],
            row,
            xerr=None if np.isnan(low[row]) else [[down[row]], [up[row]]],
            color=COLOURS[row % len(COLOURS)],
            marker=MARKERS[row % len(MARKERS)],
            markersize=4,
            capsize=2,
        )
    axes.set_yticks(range(len(own)), [plain_text(str(name)) for name in own.index])
    axes.set_ylim(len(own) - 0.5, -0.5)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    dress(axes, axis="x")


def draw_learning(table: pd.DataFrame) -> Figure:
    """Draw R-precision over the training playlists, a line a recommender, with its interval.

    Each line bears its name at its end: a legend of twelve would hide the lines.

    Parameters
    ----------
    table : DataFrame
        recommender, n_training_playlists, mean, low, high: of R-precision alone.
    """
    n_names, sizes = table["recommender"].nunique(), sorted(set(table["n_training_playlists"]))
    with plain_style():
        figure, axes = new_axes((SIZE_IN[0], max(3.4, 1.0 + 0.2 * n_names)))
        for place, (_, rows) in enumerate(table.groupby("recommender", sort=False)):
            own = rows.sort_values("n_training_playlists")
            colour, x = COLOURS[place % len(COLOURS)], own["n_training_playlists"]
            marker = MARKERS[place // len(COLOURS) % len(MARKERS)]
            axes.fill_between(x, own["low"], own["high"], color=colour, alpha=0.15, linewidth=0)
            axes.plot(x, own["mean"], color=colour, marker=marker, markersize=4)
        axes.set_xscale("log")
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlabel("training playlists")
        axes.set_ylabel(label("r_precision"))
        _name_lines(axes, table)
    return figure


def _name_lines(axes: Axes, table: pd.DataFrame) -> None:
    """Write each recommender's name beside the end of its line, none over another."""
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]  # no axes within axes
    last = table.sort_values("n_training_playlists").groupby("recommender", sort=False).tail(1)
    ends = last.set_index("recommender").loc[table["recommender"].unique()]
    places = ends[["n_training_playlists", "mean"]].to_numpy(np.float64)
    heights = axes.transData.transform(places)[:, 1] * 72 / axes.figure.dpi
    for place, (name, height) in enumerate(zip(ends.index, stack(heights, _LINE_PT), strict=True)):
        axes.annotate(
            plain_text(str(name)),
            (float(places[place, 0]), float(places[place, 1])),
            (16.0, height - heights[place]),
            textcoords="offset points",
            va="center",
            fontsize="small",
            arrowprops={"arrowstyle": "-", "color": COLOURS[place % len(COLOURS)], "lw": 0.8},
        )
