import time

import numpy as np
import pandas as pd
import pytest

from model.challenge.scores import ALL, FIGURES, score, summarise
from model.ragged import Ragged


def test_a_row_a_playlist_has_all_figures_and_nan_without_a_truth() -> None:
    figures = score(Ragged.of([[0], [0]]), Ragged.of([[0], []]), np.array([0]))
    assert tuple(figures.columns) == FIGURES
    assert figures.iloc[0].tolist() == [1, 1, 1, 0]
    assert figures.iloc[1].isna().all()


def test_the_organisers_code_is_what_is_computed_unless_asked_otherwise() -> None:
    lists, truth, artists = Ragged.of([[0, 9]]), Ragged.of([[0, 1]]), np.zeros(10, dtype=np.int64)
    # Hit 0, miss 9 by the same artist: 1.25 / 2; a hit in front of two: 1 / (1 + 1 / log2 3).
    assert score(lists, truth, artists)["ndcg"][0] == pytest.approx(0.6131, abs=1e-4)
    assert score(lists, truth, artists, definition="rules")["ndcg"][0] == 1


def test_categories_come_in_order_and_all_playlists_last() -> None:
    figures = pd.DataFrame({"ndcg": [0.0, 1.0, 0.5], "clicks": [51.0, 0.0, 4.0]})
    summary = summarise(figures, np.array([7, 1, 7]))
    assert list(summary["label"].unique()) == ["title only", "title, first 25", ALL]
    of_ndcg = summary[summary["metric"] == "ndcg"]
    assert of_ndcg["mean"].tolist() == [1.0, 0.25, 0.5]
    assert of_ndcg["n_playlists"].tolist() == [1, 2, 3]


def test_an_interval_holds_the_mean_and_narrows_with_more_playlists() -> None:
    rng = np.random.default_rng(0)
    widths = []
    for size in (50, 5000):
        figures = pd.DataFrame({"ndcg": rng.random(size)})
        row = summarise(figures, np.ones(size, dtype=np.int64)).iloc[-1]
        assert row["low"] < row["mean"] < row["high"]
        widths.append(row["high"] - row["low"])
    # The standard error of a uniform mean is 0.2887 / sqrt(n); 3.92 of them are 0.160 and 0.016.
    assert widths == pytest.approx([0.160, 0.016], rel=0.2)


def test_a_playlist_without_truth_is_in_no_mean() -> None:
    figures = pd.DataFrame({"ndcg": [np.nan, 0.5]})
    summary = summarise(figures, np.array([1, 1]))
    assert summary["mean"].tolist() == [0.5, 0.5]
    assert summary["n_playlists"].tolist() == [1, 1]


def test_playlists_without_truth_change_no_interval() -> None:
    known = pd.DataFrame({"ndcg": np.random.default_rng(0).random(50)})
    beside = pd.concat([known, pd.DataFrame({"ndcg": [np.nan] * 200})])
    alone = summarise(known, np.ones(50, dtype=np.int64))
    assert summarise(beside, np.ones(250, dtype=np.int64)).equals(alone)


def test_a_category_without_any_truth_has_neither_mean_nor_interval() -> None:
    figures = pd.DataFrame({"ndcg": [np.nan, 0.5]})
    first = summarise(figures, np.array([1, 2])).iloc[0]
    assert first["n_playlists"] == 0
    assert first[["mean", "low", "high"]].isna().all()


def test_ten_thousand_playlists_are_scored_within_seconds() -> None:
    rng = np.random.default_rng(0)
    lists = Ragged.cut(rng.integers(100_000, size=5_000_000), np.full(10_000, 500))
    truth = Ragged.cut(rng.integers(100_000, size=500_000), np.full(10_000, 50))
    start = time.process_time()
    score(lists, truth, np.arange(100_000) // 8)
    assert time.process_time() - start < 3  # 0.04 s, what it is compiled in left aside.
