"""Every result names the command, the seed and the versions that made it."""

from pathlib import Path

from model.report.blocks import Missing, Table
from model.report.origin import origin_part
from model.report.reading import Found
from model.report.shapes import Compared, SweepRun


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
