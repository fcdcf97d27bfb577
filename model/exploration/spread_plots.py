"""Small multiples, a panel a figure: boxes, bands and losses of several runs."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import EngFormatter, NullFormatter

from model.drawing import plain_style
from model.exploration.plots import COLOURS, GRID, MARKERS
from model.figures.directions import LABELS
from model.settings import PARTS

PART_COLOURS: Final[dict[str, str]] = {
    "train": "#56B4E9",
    "validation": "#009E73",
    "test": "#0072B2",
}
PART_MARKERS: Final[dict[str, str]] = {"train": "^", "validation": "s", "test": "D"}
_BOX_PARTS: Final = {
    "p5": "whislo",
    "p25": "q1",
    "p50": "med",
    "p75": "q3",
    "p95": "whishi",
    "mean": "mean",
}
_ACROSS: Final = 2
_PANEL_IN: Final = (3.1, 2.1)
_DPI: Final = 160
_BOX: Final = 0.8
"""Of the room between two values, that boxes of all parts take together."""


def draw_boxes(over_all: pd.DataFrame) -> Figure:
    """Draw a box a part and number of clusters, in a panel a metric.

    Parameters
    ----------
    over_all : DataFrame
        k, part, metric, mean, p5 … p95.
    """
    with plain_style():
        figure, panels = _panels(over_all["metric"].unique().tolist())
        for metric, axes in panels:
            own = over_all[over_all["metric"] == metric]
            _box_panel(axes, own)
            _say_clusters(axes, own)
            if own["p5"].min() > 0 and own["p95"].max() > 15 * own["p50"].median():
                axes.set_yscale("log")
                axes.yaxis.set_minor_formatter(NullFormatter())
                axes.yaxis.set_major_formatter(EngFormatter(sep=""))
        _legend(figure, over_all)
    return figure


def draw_bands(bands: pd.DataFrame) -> Figure:
    """Draw means with two standard deviations to either side, and the study's beside them."""
    with plain_style():
        figure, panels = _panels(bands["metric"].unique().tolist())
        for metric, axes in panels:
            own = bands[bands["metric"] == metric]
            for part, rows in own.groupby("part", sort=False):
                _band(axes, own, rows.sort_values("k"), str(part))
            _say_clusters(axes, own)
        _legend(figure, bands, further=["the study"] if bands["study"].notna().any() else [])
    return figure


def draw_batches(losses: pd.DataFrame) -> Figure:
    """Draw the loss of each batch, a line a number of clusters, a panel a part and metric."""
    parts = [part for part in PARTS if part in set(losses["part"])]
    metrics = losses["metric"].unique().tolist()
    clusters = sorted(losses["k"].unique().tolist())
    size = (max(2.1 * len(parts), 4.2), 2.0 * len(metrics) + 0.4)
    with plain_style():
        figure = _figure(size)
        grid = figure.subplots(len(metrics), len(parts), squeeze=False, sharex=True, sharey="row")
        for row, metric in enumerate(metrics):
            for column, part in enumerate(parts):
                own = losses[(losses["part"] == part) & (losses["metric"] == metric)]
                _loss_panel(grid[row, column], own, clusters)
                grid[row, column].set_title(part if row == 0 else "", fontsize="medium")
            grid[row, 0].set_ylabel(LABELS[metric])
        figure.supxlabel("batch", fontsize="medium")
        handles, labels = grid[0, 0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=6, frameon=False)
    return figure


def _figure(size_in: tuple[float, float]) -> Figure:
    figure = Figure(figsize=size_in, dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _panels(metrics: Sequence[str]) -> tuple[Figure, list[tuple[str, Axes]]]:
    across = min(_ACROSS, len(metrics))
    down = -(-len(metrics) // across)
    figure = _figure((_PANEL_IN[0] * max(across, 1.5), _PANEL_IN[1] * down + 0.3))
    grid: Any = figure.subplots(down, across, squeeze=False)
    for place, axes in enumerate(grid.flat):
        if place >= len(metrics):
            axes.set_visible(False)
            continue
        axes.set_title(LABELS[metrics[place]], fontsize="medium")
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color=GRID)
        axes.set_axisbelow(True)
    return figure, list(zip(metrics, grid.flat, strict=False))


def _places(own: pd.DataFrame) -> dict[int, int]:
    """Put numbers of clusters at even distances: neighbours are what is compared."""
    return {k: place for place, k in enumerate(sorted(own["k"].unique().tolist()))}


def _say_clusters(axes: Axes, own: pd.DataFrame) -> None:
    places = _places(own)
    axes.set_xticks(list(places.values()), [str(k) for k in places])
    axes.set_xlim(-0.5, len(places) - 0.5)
    axes.set_xlabel("clusters")


def _shifts(own: pd.DataFrame) -> Iterator[tuple[str, float, float]]:
    """Give each part its place beside a value, and the width that it may take."""
    parts = [part for part in PARTS if part in set(own["part"])]
    width = _BOX / len(parts)
    for place, part in enumerate(parts):
        yield part, (place - (len(parts) - 1) / 2) * width, 0.8 * width


def _box_panel(axes: Axes, own: pd.DataFrame) -> None:
    places = _places(own)
    for part, shift, width in _shifts(own):
        rows = own[(own["part"] == part) & own["p50"].notna()]
        if rows.empty:
            continue
        named = rows.rename(columns=_BOX_PARTS)[list(_BOX_PARTS.values())]
        stats = [
            {str(name): value for name, value in row.items()} for row in named.to_dict("records")
        ]
        axes.bxp(
            stats,
            positions=[places[k] + shift for k in rows["k"]],
            widths=width,
            showfliers=False,
            showmeans=True,
            patch_artist=True,
            manage_ticks=False,
            boxprops={"facecolor": PART_COLOURS[part], "alpha": 0.75, "linewidth": 0.6},
            medianprops={"color": "black", "linewidth": 1.2},
            whiskerprops={"linewidth": 0.7},
            capprops={"linewidth": 0.7},
            meanprops={"marker": "o", "markersize": 3, "mfc": "white", "mec": "black", "mew": 0.6},
        )


def _band(axes: Axes, own: pd.DataFrame, rows: pd.DataFrame, part: str) -> None:
    places = _places(own)
    shift = {name: at for name, at, _ in _shifts(own)}[part] * 0.4
    x = np.array([places[k] for k in rows["k"]]) + shift
    colour, mean, sd = PART_COLOURS[part], rows["mean"].to_numpy(), rows["sd"].to_numpy()
    if len(x) > 1:
        axes.fill_between(x, mean - 2 * sd, mean + 2 * sd, color=colour, alpha=0.2, linewidth=0)
    axes.errorbar(
        x, mean, 2 * sd, color=colour, marker=PART_MARKERS[part], markersize=4, capsize=2, lw=1
    )
    axes.plot(
        x, rows["study"], "d", mfc=colour, mec="black", mew=1.0, markersize=6, linestyle="none"
    )


def _loss_panel(axes: Axes, own: pd.DataFrame, clusters: Sequence[int]) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color=GRID)
    for place, k in enumerate(clusters):
        rows = own[own["k"] == k].sort_values("batch")
        axes.plot(
            rows["batch"],
            rows["mean"],
            color=COLOURS[place % len(COLOURS)],
            marker=MARKERS[place % len(MARKERS)],
            markersize=3.5,
            linewidth=1,
            label=f"k = {k}",
        )
    axes.set_xticks(sorted(own["batch"].unique().tolist()))


def _legend(figure: Figure, own: pd.DataFrame, *, further: Sequence[str] = ()) -> None:
    parts = [part for part in PARTS if part in set(own["part"])]
    handles = [
        Line2D([], [], color=PART_COLOURS[part], marker=PART_MARKERS[part], lw=1, markersize=4)
        for part in parts
    ]
    handles += [
        Line2D([], [], color="none", marker="d", mfc="white", mec="black", markersize=6)
        for _ in further
    ]
    labels = [*parts, *further]
    figure.legend(handles, labels, loc="outside upper center", ncols=4, frameon=False)
