"""Recommenders stand side by side, a column a metric; what was not run names its command."""

from pathlib import Path
from typing import Any

import pytest

from model.report.blocks import Missing, Picture, Table, Text
from model.report.compared import ablation_part, curve_part, recommenders_part
from model.report.reading import Found
from model.report.shapes import Compared
from tests.model.report.cells import cells


def compared(**tables: list[dict[str, Any]]) -> Found:
    one = Compared(
        settings={},
        versions={},
        definition="code",
        n_playlists=1200,
        notes=["made up"],
        tables=tables,
    )
    return Found(Path("state"), compared={"compare-test": one})


@pytest.mark.parametrize(
    ("make", "command"),
    [
        (recommenders_part, "model compare"),
        (curve_part, "model compare --curve"),
        (ablation_part, "model compare --ablation"),
    ],
)
def test_what_has_not_been_run_names_its_command(make: Any, command: str) -> None:
    for found in (Found(Path("state")), compared()):
        (block,) = make(found).blocks
        assert isinstance(block, Missing)
        assert block.command == command


def test_recommenders_stand_side_by_side_by_the_definition_that_counts() -> None:
    row = {"metric": "r_precision", "low": 0.1, "high": 0.3}
    quality = [
        row
        | {"recommender": name, "definition": definition, "category": category, "mean": mean}
        | {"label": "all" if category < 0 else "title only"}
        for name, mean in (("popularity", 0.2), ("neighbours", 0.25))
        for definition in ("code", "paper")
        for category in (-1, 1)
    ]
    together, picture, each, note = recommenders_part(compared(quality=quality)).blocks
    assert isinstance(together, Table)
    assert isinstance(each, Table)
    assert isinstance(picture, Picture)
    assert "1,200 playlists" in together.caption
    assert together.columns == ("recommender", "R-precision ↑")
    assert cells(together) == [
        ["popularity", "0.200 (0.100–0.300)"],
        ["neighbours", "0.250 (0.100–0.300)"],
    ]
    assert cells(each) == [["title only", "0.200", "0.250"]]
    assert note == Text("Note: made up", True)


def test_the_least_p_value_is_told_as_a_bound() -> None:
    row = {"recommender": "ranker", "category": -1, "mean": 0.2, "full_mean": 0.3}
    row |= {"difference": -0.1, "low": -0.2, "high": -0.05, "metric": "ndcg"}
    cases = {"tags": 2 / 2001, "audio": 0.02, "titles": None}
    ablation = [row | {"without": source, "p_value": p} for source, p in cases.items()]
    _, table = ablation_part(compared(ablation=ablation)).blocks
    assert isinstance(table, Table)
    assert [one[-1] for one in cells(table)] == ["≤ 0.001", "0.020", "–"]
    assert table.is_number[-1]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("recall_ceiling", "Of a playlist's hidden tracks, 50 %, 90 % on average occur"),
        ("ceiling", "Of the hidden tracks, 50 %, 90 % occur"),
    ],
)
def test_a_ceiling_of_older_results_is_not_called_that_of_recall(name: str, words: str) -> None:
    row = {"recommender": "als", "metric": "r_precision", "mean": 0.2, "low": 0.1, "high": 0.3}
    curve = [row | {"n_training_playlists": n, name: at} for n, at in ((200, 0.9), (100, 0.5))]
    *_, last = curve_part(compared(curve=curve)).blocks
    assert isinstance(last, Text)
    assert last.words.startswith(words)
