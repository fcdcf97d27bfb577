"""Figures show every name, metric and model that their table has."""

import numpy as np
import pandas as pd
from matplotlib.text import Text

from model.report.figures import draw_calibration, draw_intervals, draw_learning, drawn


def test_there_is_a_panel_a_metric_and_a_row_a_name() -> None:
    rows = [
        (name, metric, 0.2, 0.1, 0.3)
        for metric in ("ndcg", "clicks", "recall", "match")
        for name in ("one", "two")
    ]
    table = pd.DataFrame(rows, columns=["name", "metric", "mean", "low", "high"])
    figure = draw_intervals(table, labels={"ndcg": "NDCG ↑"})
    shown = [axes for axes in figure.axes if axes.get_visible()]
    # Three panels go across, so that two of the second row are empty.
    assert (len(figure.axes), len(shown)) == (6, 4)
    assert shown[0].get_title() == "NDCG ↑"
    assert shown[1].get_title().endswith("↓")
    assert [label.get_text() for label in shown[0].get_yticklabels()] == ["one", "two"]


def test_a_learning_curve_goes_from_few_playlists_to_many() -> None:
    table = pd.DataFrame(
        {
            "recommender": ["popularity"] * 2,
            "n_training_playlists": [1000, 100],
            "mean": [0.3, 0.2],
            "low": [0.2, 0.1],
            "high": [0.4, 0.3],
        }
    )
    (axes,) = draw_learning(table).axes
    (line,) = axes.lines
    assert np.asarray(line.get_xdata()).tolist() == [100, 1000]
    assert np.asarray(line.get_ydata()).tolist() == [0.2, 0.3]
    assert axes.get_xscale() == "log"
    assert axes.get_ylabel().endswith("↑")


def test_every_line_of_a_learning_curve_bears_its_name_and_no_name_hides_another() -> None:
    names = [f"recommender {place}" for place in range(12)]
    rows = [
        (name, size, 0.2 + 0.001 * place, 0.1, 0.3)  # all but on top of each other
        for place, name in enumerate(names)
        for size in (1000, 8000)
    ]
    columns = ["recommender", "n_training_playlists", "mean", "low", "high"]
    figure = draw_learning(pd.DataFrame(rows, columns=columns))
    figure.draw_without_rendering()
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1,000", "8,000"]
    assert [text.get_text() for text in axes.texts] == names
    boxes = [Text.get_window_extent(text) for text in axes.texts]  # without their lines
    heights = sorted((box.y0 + box.y1) / 2 for box in boxes)
    assert min(np.diff(heights)) >= 10 * figure.dpi / 72
    assert max(box.x1 for box in boxes) <= figure.bbox.width


def test_differences_have_a_line_at_zero() -> None:
    rows = [("one", "ndcg", -0.1, -0.2, 0.1)]
    table = pd.DataFrame(rows, columns=["name", "metric", "mean", "low", "high"])
    (axes, *_) = draw_intervals(table, has_zero=True).axes
    assert np.asarray(axes.lines[0].get_xdata()).tolist() == [0, 0]


def test_a_calibration_shows_the_models_asked_for_and_is_an_svg() -> None:
    table = pd.DataFrame(
        {
            "model": ["mean_model", "mean_model", "other"],
            "predicted_mean": [1.0, 2.0, 9.0],
            "observed_mean": [1.5, 2.5, 9.0],
            "observed_mean_low": [1.0, 2.0, 8.0],
            "observed_mean_high": [2.0, 3.0, 10.0],
        }
    )
    figure = draw_calibration(table, ["mean_model"])
    (axes,) = figure.axes
    legend = axes.get_legend()
    assert legend is not None
    assert [one.get_text() for one in legend.get_texts()] == ["as predicted", "mean model"]
    assert np.asarray(axes.lines[0].get_xdata()).tolist() == [1.0, 2.0]
    assert b"<svg" in drawn(figure)


def test_a_mean_without_an_interval_has_no_bar() -> None:
    rows = [("one", "ndcg", 0.2, np.nan, np.nan), ("two", "ndcg", 0.2, 0.1, 0.3)]
    table = pd.DataFrame(rows, columns=["name", "metric", "mean", "low", "high"])
    (axes,) = draw_intervals(table).axes
    assert len(axes.collections) == 1
