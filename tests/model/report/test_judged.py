"""Evaluations stand beside the study and the baselines; examples mark what was found."""

from pathlib import Path
from typing import Any

import pytest

from model.report.blocks import Lists, Missing, Table, Text
from model.report.judged import examples_part, holdout_part, published_part, sweep_part
from model.report.reading import Found
from model.report.shapes import Example, Examples, Run, Song
from tests.model.report.cells import cells


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


def holdout_run(n_seeds: int) -> Run:
    row = {"part": "test", "metric": "ndcg", "recommender": "nucleus"}
    return Run(
        settings={"protocol": "holdout", "n_clusters": 2, "parts": ["test"], "n_seeds": n_seeds},
        versions={},
        n_playlists={},
        unused=[],
        failures=[],
        notes=[],
        summary=[row | {"mean": 0.2, "low": 0.1, "high": 0.3}],
    )


@pytest.mark.parametrize(
    ("numbers", "words", "captions"),
    [
        ((1,), "the first song is given, all", ["Holdout protocol, k0: test part"]),
        ((3,), "the first 3 songs are given, all", ["…, 3 songs given"]),
        ((1, 3), "or as many as the table says", ["…", "…, 3 songs given"]),
    ],
)
def test_holdout_results_say_how_many_songs_are_given(
    tmp_path: Path, numbers: tuple[int, ...], words: str, captions: list[str]
) -> None:
    runs = {f"holdout-k{place}": holdout_run(n) for place, n in enumerate(numbers)}
    blocks = holdout_part(Found(tmp_path, runs=runs)).blocks
    assert isinstance(blocks[0], Text)
    assert words in blocks[0].words
    tables = [block.caption for block in blocks if isinstance(block, Table)]
    assert tables == [
        caption.replace("…", f"Holdout protocol, k{place}: test part")
        for place, caption in enumerate(captions)
    ]


def test_an_example_marks_the_songs_that_were_found() -> None:
    hit, miss = Song("A", "Ann", True), Song("B", "Bob", False)
    example = Example("", 1234, seeds=[Song("S", "Sue", False)], made=[miss, hit], true=[hit])
    held = Examples({"protocol": "holdout"}, [example])
    _, lists = examples_part(Found(Path("state"), examples={"holdout-k10": held})).blocks
    assert isinstance(lists, Lists)
    assert lists.title == "(no name)"
    assert lists.says == "1,234 followers. Given: S – Sue. Found: 1 of 1."
    assert cells(lists.made) == [["1", "B", "Bob", ""], ["2", "A", "Ann", "✓"]]
