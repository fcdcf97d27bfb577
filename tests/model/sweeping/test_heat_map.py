from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from model.settings import Settings
from model.sweeping.choosing import Sweep
from model.sweeping.grid import parse_grid
from model.sweeping.heat_map import draw_sweep
from model.sweeping.sweep import sweep

SETTINGS = Settings(parts=("validation",), min_count=2)
TWO = "similar=2,5,9 share=0.25,0.5"
THREE = "clusters=2,4 similar=2,5 share=0.25,0.5,0.75"
FOUR = "clusters=2,4 similar=2,5 playlists=1,3 share=0.25,0.5,0.75"


@cache
def swept(state: Path, text: str, metric: str = "r_precision") -> Sweep:
    return sweep(state, SETTINGS, parse_grid(text), metric=metric)


def drawn(sweep: Sweep) -> Figure:
    figure = draw_sweep(sweep)
    figure.canvas.draw()
    return figure


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


@pytest.mark.parametrize(("text", "n_panels"), [(TWO, 1), (THREE, 2), (FOUR, 4)])
def test_each_cell_stands_in_its_panel_and_one_is_framed(
    catalogue_state: Path, text: str, n_panels: int
) -> None:
    found = swept(catalogue_state, text)
    figure = drawn(found)
    assert len(figure.axes) == n_panels + 1  # The last is the scale of colours.
    panels = figure.axes[:-1]
    assert sum(len(axes.texts) for axes in panels) == len(found.grid)
    framed = {
        (place, patch.get_xy())
        for place, axes in enumerate(panels)
        for patch in axes.patches
        if isinstance(patch, Rectangle)
    }
    assert len(framed) == 1
    bold = [one for axes in panels for one in axes.texts if one.get_weight() == "bold"]
    assert len(bold) == 1
    assert sum(len(axes.lines) for axes in panels) == found.n_equal


def test_a_cell_is_where_its_axes_and_its_title_say(catalogue_state: Path) -> None:
    found = swept(catalogue_state, FOUR)
    # The share has most values, then the first of equals: share across, clusters up.
    means = {cell: f"{mean:.4f}" for cell, mean in zip(found.grid.cells, found.means, strict=True)}
    for axes in drawn(found).axes[:-1]:
        similar, playlists = (int(line.split(" = ")[1]) for line in axes.get_title().split("\n"))
        for text in axes.texts:
            x, y = (int(place) for place in text.get_position())
            cell = next(
                cell
                for cell in means
                if (cell.share, cell.n_clusters) == ((0.25, 0.5, 0.75)[x], (2, 4)[y])
                and (cell.similar, cell.playlists_per_cluster) == (similar, playlists)
            )
            assert float(text.get_text()) == pytest.approx(float(means[cell]), abs=0.01)


@pytest.mark.parametrize(
    "text",
    ["playlists=2,5 share=0.5,1", TWO, THREE, FOUR, "similar=2,5 share=0:1:0.1"],
)
def test_no_words_are_cut_or_stand_upon_others(catalogue_state: Path, text: str) -> None:
    figure = drawn(swept(catalogue_state, text))
    # The scale of colours keeps labels beyond its ends, which it does not draw.
    hidden = figure.axes[-1].findobj(Text) if len(figure.axes) > 1 else []
    shown = [
        (one.get_text(), one.get_window_extent())
        for one in figure.findobj(Text)
        if one.get_text() and one.get_visible() and one not in hidden
    ]
    assert len(shown) > 4
    for words, box in shown:
        assert box.x0 >= 0, words
        assert box.y0 >= 0, words
        assert box.x1 <= figure.bbox.x1, words
        assert box.y1 <= figure.bbox.y1, words
    for (words, box), (others, other) in combinations(shown, 2):
        assert not box.overlaps(other), (words, others)


def test_axes_and_colours_are_named_with_their_direction(catalogue_state: Path) -> None:
    found = texts(drawn(swept(catalogue_state, TWO)))
    assert "similar songs a step" in found
    assert "share of songs by\nsimilarity" in found
    assert "R-precision (higher is better)" in found
    assert "clicks (lower is better)" in texts(drawn(swept(catalogue_state, TWO, "clicks")))


@pytest.mark.parametrize("metric", ["r_precision", "clicks"])
def test_the_best_cell_is_the_lightest_in_either_direction(
    catalogue_state: Path, metric: str
) -> None:
    found = swept(catalogue_state, TWO, metric)
    mesh = drawn(found).axes[0].collections[0]
    colours = np.asarray(mesh.get_facecolor())[:, :3].sum(axis=1)
    # Cells are drawn row by row, a row a share; the table has a share beside the other.
    drawn_means = found.means.reshape(3, 2).T.ravel()
    best = drawn_means.argmax() if metric == "r_precision" else drawn_means.argmin()
    assert colours.argmax() == best


def test_a_cell_without_a_figure_is_grey_with_a_dash(catalogue_state: Path) -> None:
    found = swept(catalogue_state, TWO)
    worst = found.ranked[-1]
    table = found.table.copy()
    table.loc[worst, "r_precision_mean"] = np.nan
    figure = drawn(replace(found, table=table))
    assert texts(figure).count("–") == 1
    assert to_hex(figure.axes[0].get_facecolor()) == "#d9d9d9"


def test_cells_that_are_all_alike_are_drawn_too(catalogue_state: Path) -> None:
    found = swept(catalogue_state, TWO)
    table = found.table.assign(r_precision_mean=0.0)
    assert texts(drawn(replace(found, table=table))).count("0.000") >= 6


def test_panels_of_one_dimension_go_into_rows_rather_than_out_of_sight(
    catalogue_state: Path,
) -> None:
    figure = drawn(swept(catalogue_state, "similar=2,5 playlists=1,2 share=0:1:0.125"))
    width, _ = figure.get_size_inches()
    # Nine shares take 5.4 inches, twice which is too wide: the panels stand above each other.
    assert width < 12
    first, second = (axes.get_position() for axes in figure.axes[:2])
    assert first.x0 == pytest.approx(second.x0)
    assert first.y0 > second.y1
