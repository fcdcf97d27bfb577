import numpy as np
import pandas as pd

from model.exploration.spread_plots import draw_bands, draw_batches, draw_boxes
from model.figures.directions import LABELS


def boxes(*, p95: float = 5.0) -> pd.DataFrame:
    spread = {"mean": 3.0, "p5": 1.0, "p25": 2.0, "p50": 3.0, "p75": 4.0, "p95": p95}
    rows = [(k, "train", metric) for k in (2, 10) for metric in ("diff", "distance", "match")]
    return pd.DataFrame(rows, columns=["k", "part", "metric"]).assign(**spread)


def test_each_metric_has_a_panel_with_a_place_for_each_number_of_clusters() -> None:
    figure = draw_boxes(boxes())
    # Three metrics in a grid of two by two: the fourth panel stays hidden.
    assert [axes.get_visible() for axes in figure.axes] == [True, True, True, False]
    for axes, metric in zip(figure.axes, ("diff", "distance", "match"), strict=False):
        assert axes.get_title() == LABELS[metric]
        assert [label.get_text() for label in axes.get_xticklabels()] == ["2", "10"]
        corners = [box.get_path().get_extents().intervaly.tolist() for box in axes.patches]
        assert corners == [[2.0, 4.0], [2.0, 4.0]]
        assert axes.get_yscale() == "linear"


def test_a_long_tail_is_drawn_on_a_logarithmic_axis() -> None:
    # Above 15 times the median of 3.
    assert draw_boxes(boxes(p95=46.0)).axes[0].get_yscale() == "log"
    assert draw_boxes(boxes(p95=45.0)).axes[0].get_yscale() == "linear"


def test_a_band_reaches_two_standard_deviations_to_either_side() -> None:
    bands = pd.DataFrame(
        {"k": [10, 2], "part": "train", "metric": "diff", "mean": [4.0, 10.0], "sd": [0.5, 1.0]}
    )
    figure = draw_bands(bands.assign(study=[np.nan, 9.0]))
    axes = figure.axes[0]
    corners = axes.collections[0].get_paths()[0].vertices
    # Of two clusters 8 to 12, of ten 3 to 5.
    assert {tuple(corner) for corner in corners.tolist()} == {(0, 8), (0, 12), (1, 3), (1, 5)}
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert words == ["train", "the study"]


def test_losses_are_drawn_in_the_order_of_the_batches() -> None:
    losses = pd.DataFrame(
        {"k": [2, 2, 10], "part": "test", "metric": "diff", "batch": [2, 1, 1], "mean": [5, 7, 6]}
    )
    (axes,) = draw_batches(losses).axes
    lines = {str(line.get_label()): np.asarray(line.get_xydata()) for line in axes.lines}
    assert {label: points.tolist() for label, points in lines.items()} == {
        "k = 2": [[1, 7], [2, 5]],
        "k = 10": [[1, 6]],
    }
    assert axes.get_title() == "test"
    assert axes.get_ylabel() == LABELS["diff"]
