"""Every result names the command, the seed and the versions that made it."""

from pathlib import Path

import pytest

from model.report.blocks import Missing, Table
from model.report.origin import evaluate_command, explore_command, origin_part
from model.report.reading import Compared, Found, SweepRun


def test_a_command_has_only_the_options_that_were_changed() -> None:
    assert evaluate_command({"protocol": "holdout"}) == "model evaluate --protocol holdout"
    settings = {"protocol": "published", "n_clusters": 3, "share": 0.25, "random_state": 7}
    assert evaluate_command(settings) == (
        "model evaluate --protocol published --clusters 3 --share 0.25 --random-state 7"
    )
    assert explore_command({"n_clusters": 3}) == "model explore --clusters 3"


@pytest.mark.parametrize(
    ("protocol", "parts", "option"),
    [
        ("holdout", ["test"], ""),
        ("holdout", ["validation"], " --part validation"),
        ("holdout", ["validation", "test"], " --part all"),
        ("published", ["train", "validation", "test"], ""),
        ("published", ["test"], " --part test"),
    ],
)
def test_a_command_names_the_part_that_it_was_asked_for(
    protocol: str, parts: list[str], option: str
) -> None:
    command = evaluate_command({"protocol": protocol, "parts": parts})
    assert command == f"model evaluate --protocol {protocol}{option}"


def test_numbers_of_a_command_have_all_their_digits() -> None:
    command = evaluate_command({"protocol": "holdout", "share": 0.123456789, "shrinkage": 1e6})
    assert command.endswith("--share 0.123456789 --shrinkage 1000000")


@pytest.mark.parametrize(
    ("grid", "expected"),
    [
        ({"clusters": [10], "similar": [1_000_000]}, "similar=1000000"),
        ({"clusters": [10], "similar": [10]}, "clusters=10 similar=10"),
    ],
)
def test_a_sweep_of_one_cell_has_a_grid_that_makes_it_again(
    grid: dict[str, list[float]], expected: str
) -> None:
    settings = {"protocol": "published", "random_state": 0}
    sweep = SweepRun(settings, {}, grid, "metric2", 1, 1, 0, {})
    table = origin_part(Found(Path("state"), sweeps={"sweep-a": sweep})).blocks[1]
    assert isinstance(table, Table)
    assert table.rows[0][1].text == f'model sweep --protocol published --grid "{expected}"'


def test_results_stand_with_their_command_seed_and_versions() -> None:
    sweep = SweepRun(
        settings={"protocol": "holdout", "random_state": 4},
        versions={"python": "3.13", "numpy": "2.0"},
        grid={"clusters": [2, 3], "share": [0.5]},
        metric="match",
        n_playlists=1,
        n_cells=2,
        n_not_told_apart_from_best=0,
        best={},
    )
    compared = Compared({"cutting": {"seed": 5}}, {}, "code", 1, [], {})
    found = Found(Path("state"), sweeps={"sweep-a": sweep}, compared={"compare-b": compared})
    table = origin_part(found).blocks[1]
    assert isinstance(table, Table)
    assert [[cell.text for cell in row] for row in table.rows] == [
        [
            "sweep-a",
            'model sweep --protocol holdout --grid "clusters=2,3" --random-state 4 --metric match',
            "4",
            "python 3.13, numpy 2.0",
        ],
        ["compare-b", "model compare", "5", ""],
    ]


def test_a_state_without_results_names_the_command_to_begin_with() -> None:
    missing = origin_part(Found(Path("state"))).blocks[-1]
    assert isinstance(missing, Missing)
    assert missing.command == "model evaluate"
