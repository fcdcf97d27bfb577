from pathlib import Path
from typing import Any

import pandas as pd

from model.report.blocks import Table
from model.report.changes import changes_part
from model.report.reading import Found
from model.report.shapes import Run
from tests.model.report.cells import cells


def run(mean: float, low: float, high: float, **settings: Any) -> Run:
    row = {"part": "test", "recommender": "nucleus", "metric": "match"}
    return Run(
        settings={"protocol": "holdout", "n_clusters": 10, "random_state": 0} | settings,
        versions={"python": "3.13"},
        n_playlists={},
        unused=[],
        failures=[],
        notes=[],
        summary=[row | {"mean": mean, "low": low, "high": high}],
    )


def tables(here: Found, there: Found) -> dict[str, list[list[str]]]:
    part = changes_part(here, there)
    return {one.caption: cells(one) for one in part.blocks if isinstance(one, Table)}


def test_counts_figures_and_settings_stand_beside_each_other() -> None:
    features = pd.DataFrame({"provider": ["spotify"], "tracks": [120]})
    fewer = features.assign(tracks=100)
    here = Found(Path("a"), {"features": features}, runs={"holdout-k10": run(4.0, 3.5, 4.5)})
    there = Found(
        Path("b"), {"features": fewer}, runs={"holdout-k10": run(3.0, 2.5, 3.4, random_state=1)}
    )
    found = tables(here, there)
    assert found["Harvested and learnt of"] == [
        ["tracks with features from spotify", "120", "100", "+20"]
    ]
    (row,) = found["Figures of holdout-k10"]
    assert row[-4:] == ["4.00 (3.50–4.50)", "3.00 (2.50–3.40)", "+1.00", "intervals apart"]
    assert found["Settings and versions of holdout-k10 that differ"] == [["random_state", "0", "1"]]


def test_what_one_state_alone_has_is_a_dash_and_overlap_is_said() -> None:
    features = pd.DataFrame({"provider": ["spotify"], "tracks": [120]})
    here = Found(Path("a"), {"features": features}, runs={"holdout-k10": run(4.0, 3.0, 4.5)})
    there = Found(Path("b"), runs={"holdout-k10": run(4.5, 4.2, 5.0)})
    found = tables(here, there)
    assert found["Harvested and learnt of"][0][1:] == ["120", "–", "–"]
    assert found["Figures of holdout-k10"][0][-2:] == ["−0.500", "intervals overlap"]
