from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes

from model.settings import Settings
from model.sweeping.choosing import Sweep
from model.sweeping.curve import draw_curve
from model.sweeping.grid import parse_grid
from model.sweeping.sweep import sweep

HOLDOUT = Settings(parts=("validation",), min_count=2)
PUBLISHED = replace(HOLDOUT, protocol="published")


def swept(state: Path, settings: Settings, text: str) -> Sweep:
    return sweep(state, settings, parse_grid(text, defaults=settings))


def only_axes(sweep: Sweep) -> Axes:
    figure = draw_curve(sweep)
    figure.canvas.draw()
    (axes,) = figure.axes
    return axes


def test_the_line_goes_through_the_means_and_the_best_is_framed(catalogue_state: Path) -> None:
    found = swept(catalogue_state, HOLDOUT, "share=0,0.5,1")
    axes = only_axes(found)
    assert axes.get_xlabel() == "share of songs by similarity"
    assert axes.get_ylabel() == "R-precision (higher is better)"
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0", "0.5", "1"]
    lines = {line.get_label(): line.get_xydata() for line in axes.lines}
    assert np.asarray(lines["mean"])[:, 1].tolist() == found.means.tolist()
    best = found.ranked[0]
    assert np.asarray(lines["best"]).tolist() == [[best, found.means[best]]]
    assert ("not told apart from the best" in lines) == (found.n_equal > 0)


@pytest.mark.parametrize(
    ("settings", "wide", "label"),
    [(HOLDOUT, 1, "95 % interval"), (PUBLISHED, 2, "± 2 sd of the batch means")],
)
def test_the_band_is_the_interval_or_as_in_the_study_two_deviations(
    catalogue_state: Path, settings: Settings, wide: int, label: str
) -> None:
    found = swept(catalogue_state, settings, "share=0.25,0.5")
    axes = only_axes(found)
    (band,) = axes.collections
    assert band.get_label() == label
    mean, low, high = found.figure(0)
    corners = np.asarray(band.get_paths()[0].vertices)
    ends = corners[corners[:, 0] == 0][:, 1]
    assert ends.min() == pytest.approx(mean - wide * (mean - low))
    assert ends.max() == pytest.approx(mean + wide * (high - mean))


def test_one_cell_alone_has_its_interval_too(catalogue_state: Path) -> None:
    found = swept(catalogue_state, HOLDOUT, "clusters=10")
    axes = only_axes(found)
    assert axes.get_xlabel() == "clusters of playlists"
    bottom, top = axes.get_ylim()
    assert bottom < found.figure(0)[1] < found.figure(0)[2] < top


def test_of_many_values_some_are_named(catalogue_state: Path) -> None:
    # Of 21 values, more than twenty, every second: 11.
    assert len(only_axes(swept(catalogue_state, HOLDOUT, "share=0:1:0.05")).get_xticks()) == 11


@pytest.mark.parametrize("text", ["clusters=10", "share=0.25,0.5"])
def test_without_a_deviation_the_means_are_drawn(catalogue_state: Path, text: str) -> None:
    # One batch alone has no deviation.
    found = swept(catalogue_state, PUBLISHED, text)
    table = found.table.assign(**{f"{found.metric}_sd": np.nan})
    axes = only_axes(replace(found, table=table))
    bottom, top = axes.get_ylim()
    assert bottom < found.means.min() <= found.means.max() < top
