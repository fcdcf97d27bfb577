import re

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from model.evaluation import source_console
from model.evaluation.source_console import render_effects
from model.evaluation.source_effects import Effects, variants_of
from model.settings import SOURCES, Settings

TAGS = {
    "n_songs": 200,
    "n_with": 90,
    "coverage": {"n_tagged": 100, "n_answered": 150, "n_tags": 12, "n_rows": 300},
}
SIMILARS = {
    "n_songs": 200,
    "n_with": 40,
    "coverage": {
        "n_answered": 50,
        "n_named": 400,
        "n_by_title": 300,
        "n_by_artist_title": 100,
        "n_msd": 0,
        "n_msd_found": 0,
    },
}


@pytest.fixture
def effects() -> Effects:
    variants = variants_of(SOURCES)
    rows = [
        (
            "test",
            "+".join(one),
            metric,
            0.0512,
            0.0123,
            -0.001 if metric == "clicks" else 0.01,
            0.02,
        )
        for one in variants
        for metric in ("diff_raw", "ndcg", "clicks")
    ]
    columns = ["part", "sources", "metric", "mean", "difference", "low", "high"]
    coverage = {
        "tags": TAGS,
        "similars": SIMILARS,
        "audio": {"n_songs": 9, "n_with": 9, "coverage": {}},
    }
    settings = Settings(sources=SOURCES)
    return Effects(settings, variants, pd.DataFrame(rows, columns=columns).assign(n=5), coverage)


def printed(effects: Effects) -> str:
    console = Console(width=80, record=True, file=None, highlight=False)
    with console.capture() as capture:
        console.print(render_effects(effects))
    return capture.get()


def test_every_variant_fits_into_eighty_columns_with_its_interval(effects: Effects) -> None:
    text = printed(effects)
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "…" not in text
    # Three metrics of seven variants beside co-occurrence alone; two of the three are certain.
    assert len(re.findall(r"\+0\.012 \[\+0\.010,\+0\.020\]\*", text)) == 14
    assert len(re.findall(r"\+0\.012 \[-0\.001,\+0\.020\] ", text)) == 7


def test_coverage_is_said_of_each_source(effects: Effects) -> None:
    text = " ".join(printed(effects).split())
    assert "tags: 100 of 200 (50.0 %) songs have a tag that counts (150 have any)" in text
    assert "100 of 400 (25.0 %) are found by artist and title (75.0 % by title alone)" in text
    assert "audio: 9 of 9 (100.0 %) songs have neighbours" in text


def test_a_difference_of_one_playlist_has_no_interval() -> None:
    alone = pd.Series({"difference": 0.25, "low": np.nan, "high": np.nan})
    assert source_console._difference(alone) == "+0.250 "
