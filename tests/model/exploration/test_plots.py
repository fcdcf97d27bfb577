from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from model.drawing import picture_writer
from model.exploration.counting import histogram, log_edges
from model.exploration.plots import (
    draw_bars,
    draw_heat_map,
    draw_histogram,
    draw_ranks,
    draw_scatter,
    plain_text,
)

ODD_NAMES = ["<script>alert(1)</script>", "😀 夏", "مرحبا", "a$b_c$^", "\x07\u202e", "x" * 400, ""]


def written(figure: Figure) -> str:
    file = BytesIO()
    picture_writer(figure, "svg")(file)
    return file.getvalue().decode()


def test_names_from_the_data_are_drawn_as_shapes_whatever_is_in_them() -> None:
    drawing = written(draw_bars(ODD_NAMES, np.arange(len(ODD_NAMES), dtype=float)))
    # Words stand in comments, in which nothing is a tag.
    assert "<script" not in drawing
    ElementTree.fromstring(drawing)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_name_in_a_figure_is_short_and_printable(name: str) -> None:
    assert len(plain_text(name).replace(r"\$", "$")) <= 24
    assert plain_text(name).isprintable()


def test_axes_say_what_they_show() -> None:
    bins = histogram(np.array([1, 5, 1000]), log_edges(1, 1000), count="n")
    for figure in (
        draw_histogram(bins, x="followers", y="playlists", is_log=True),
        draw_histogram(bins, x="followers", y="playlists"),
        draw_ranks(np.array([5, 3, 1]), x="followers", y="playlists", is_log=True),
    ):
        (axes,) = figure.axes
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("followers", "playlists")
        assert written(figure).startswith("<?xml")


def test_many_clusters_are_never_drawn_alike() -> None:
    n = 40
    places = np.random.default_rng(1).random((n, 2))
    figure = draw_scatter(places, np.arange(n), places, x="a", y="b")
    looks = {
        (tuple(one.get_facecolor()[0]), one.get_paths()[0].vertices.tobytes())
        for one in figure.axes[0].collections
    }
    assert len(looks) == n


def test_a_heat_map_of_values_that_are_all_alike_is_drawn() -> None:
    values = np.zeros((2, 1))
    figure = draw_heat_map(values, [["1"], ["2"]], rows=["a", "b"], columns=["c"])
    assert written(figure)


def test_bins_that_hold_nothing_stay_empty() -> None:
    bins = pd.DataFrame({"from": [1, 2], "to": [1, 3], "n": [0, 4]})
    assert written(draw_histogram(bins, x="x", y="y", is_log=True))
