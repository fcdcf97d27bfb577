"""A comparison written by hand, and the files that are made of it."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from model.comparison.comparing import Compared, Wish
from model.comparison.results import write_compared
from model.comparison.task import Cutting

COMPARED = Compared(
    wish=Wish(("popularity", "titles"), Cutting("validation", 7, 2)),
    n_playlists=2,
    n_training_playlists=8,
    tables={
        "quality": pd.DataFrame({"recommender": ["popularity", "titles"], "mean": [0.5, None]}),
        "curve": pd.DataFrame({"share": [0.5]}),
    },
    rows=pd.DataFrame({"recommender": ["popularity"], "clicks": [3]}),
    notes=("few playlists",),
)


def test_the_description_holds_settings_counts_and_tables(tmp_path: Path) -> None:
    folder = write_compared(COMPARED, tmp_path)
    assert folder == tmp_path / "results" / "compare-validation"
    found = json.loads((folder / "compare.json").read_text("utf-8"), parse_constant=pytest.fail)
    assert found["settings"]["cutting"] == {"part": "validation", "seed": 7, "n_playlists": 2}
    assert (found["n_playlists"], found["n_training_playlists"]) == (2, 8)
    assert found["notes"] == ["few playlists"]
    assert found["files"] == ["quality.csv", "curve.csv", "playlists.csv.gz"]
    assert found["tables"]["quality"] == [
        {"recommender": "popularity", "mean": 0.5},
        {"recommender": "titles", "mean": None},
    ]


def test_tables_and_rows_are_read_back_as_they_were(tmp_path: Path) -> None:
    folder = write_compared(COMPARED, tmp_path)
    pd.testing.assert_frame_equal(pd.read_csv(folder / "curve.csv"), COMPARED.tables["curve"])
    assert pd.read_csv(folder / "playlists.csv.gz").to_dict("records") == [
        {"recommender": "popularity", "clicks": 3}
    ]


def test_a_curve_that_was_not_made_again_is_removed_and_nothing_else(tmp_path: Path) -> None:
    folder = write_compared(COMPARED, tmp_path)
    write_compared(replace(COMPARED, tables={"quality": COMPARED.tables["quality"]}), tmp_path)
    assert {path.name for path in folder.iterdir()} == {
        "compare.json",
        "playlists.csv.gz",
        "quality.csv",
    }
