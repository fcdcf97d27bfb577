import io
import math
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from model.evaluate import evaluate
from model.evaluation.console import format_figure, render
from model.settings import PARTS, Settings


def printed(state: Path, settings: Settings, width: int = 80) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width, highlight=False).print(render(evaluate(state, settings)))
    return stream.getvalue()


HOLDOUT = Settings(min_count=2)
PUBLISHED = Settings(protocol="published", parts=PARTS, n_clusters=2, min_count=2)


@pytest.mark.parametrize("settings", [HOLDOUT, PUBLISHED])
def test_tables_fit_into_eighty_columns_without_cutting_anything(
    catalogue_state: Path, settings: Settings
) -> None:
    text = printed(catalogue_state, settings)
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text


@pytest.mark.parametrize("settings", [HOLDOUT, PUBLISHED])
def test_every_figure_stands_beside_both_baselines(
    catalogue_state: Path, settings: Settings
) -> None:
    text = printed(catalogue_state, settings)
    assert "study's generator" in text
    for name in ("followers diff", "distance", "match", "metric ", "metric2"):
        assert f"{name}" in text
    for name in ("R-precision", "NDCG", "clicks", "random", "popularity", "not used"):
        assert name in text


def test_a_holdout_figure_has_its_interval_and_no_published_column(catalogue_state: Path) -> None:
    text = printed(catalogue_state, HOLDOUT)
    match = next(line for line in text.splitlines() if line.startswith("match"))
    assert match.count("(") == match.count("–") == 3
    assert "published" not in text


def test_the_published_protocol_shows_the_studys_figures_for_its_parts(
    catalogue_state: Path,
) -> None:
    text = printed(catalogue_state, PUBLISHED)
    lines = [line for line in text.splitlines() if line.startswith("match ↑")]
    # The study's means for k = 2: train, validation, test.
    assert [line.split()[-1] for line in lines] == ["6.02", "6.22", "6.19"]
    assert "holdout" not in text


def test_figures_have_the_digits_that_their_size_deserves() -> None:
    assert format_figure(1234.0) == "1,234"
    assert format_figure(-0.5) == "-0.500"
    assert format_figure(math.nan) == "–"


def test_the_reading_says_how_many_songs_are_given(catalogue_state: Path) -> None:
    text = " ".join(printed(catalogue_state, replace(HOLDOUT, n_seeds=3)).split())
    assert "alone. The first 3 songs are given, all others are hidden;" in text
    text = " ".join(printed(catalogue_state, HOLDOUT).split())
    assert "alone. The first song is given, all others are hidden;" in text


def test_the_reading_says_what_distances_are_clipped_to(catalogue_state: Path) -> None:
    text = " ".join(printed(catalogue_state, HOLDOUT).split())
    assert "by the training part's range, to whose ends what lies beyond is moved." in text


def test_a_figure_that_no_playlist_has_is_one_dash(catalogue_state: Path) -> None:
    text = printed(catalogue_state, replace(HOLDOUT, n_seeds=10_000))
    match = next(line for line in text.splitlines() if line.startswith("match"))
    assert match.split() == ["match", "↑", "–", "–", "–"]
