"""Evaluations stand beside the study and the baselines; examples mark what was found."""

from pathlib import Path
from typing import Any

import pytest

from model.report.blocks import Lists, Missing, Table
from model.report.judged import examples_part, holdout_part, published_part, sweep_part
from model.report.reading import Example, Examples, Found, Run, Song


def cells(table: object) -> list[list[str]]:
    assert isinstance(table, Table)
    return [[cell.text for cell in row] for row in table.rows]


@pytest.mark.parametrize(
    ("make", "command"),
    [
        (published_part, "model evaluate --protocol published"),
        (holdout_part, "model evaluate"),
        (sweep_part, 'model sweep --grid "clusters=2,10,50 share=0.25,0.5,0.75"'),
        (examples_part, "model evaluate"),
    ],
)
def test_what_has_not_been_run_names_its_command(make: Any, command: str) -> None:
    (block,) = make(Found(Path("state"))).blocks
    assert isinstance(block, Missing)
    assert block.command == command


def test_the_published_protocol_stands_beside_the_figure_of_the_study(tmp_path: Path) -> None:
    row = {"part": "train", "metric": "diff"}
    run = Run(
        settings={"protocol": "published", "n_clusters": 2},
        versions={},
        n_playlists={},
        unused=[],
        failures=[],
        notes=[],
        summary=[
            row | {"recommender": "nucleus", "mean": 16.5, "sd": 0.25},
            row | {"recommender": "random", "mean": 20.0, "sd": None},
        ],
    )
    blocks = published_part(Found(tmp_path, runs={"published-k2": run})).blocks
    table = blocks[1]
    assert isinstance(table, Table)
    assert table.columns == ("part", "figure", "here", "study", "random")
    assert cells(table) == [["train", "followers diff ↓", "16.5 ± 0.250", "17.4", "20.0 ± –"]]


def test_an_example_marks_the_songs_that_were_found() -> None:
    hit, miss = Song("A", "Ann", True), Song("B", "Bob", False)
    example = Example("", 1234, seeds=[Song("S", "Sue", False)], made=[miss, hit], true=[hit])
    held = Examples({"protocol": "holdout"}, [example])
    _, lists = examples_part(Found(Path("state"), examples={"holdout-k10": held})).blocks
    assert isinstance(lists, Lists)
    assert lists.title == "(no name)"
    assert lists.says == "1,234 followers. Given: S – Sue. Found: 1 of 1."
    assert cells(lists.made) == [["1", "B", "Bob", ""], ["2", "A", "Ann", "✓"]]
