import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from model.settings import Settings
from model.sweeping.choosing import Comparison, Sweep
from model.sweeping.console import render_sweep, say_best, say_comparison
from model.sweeping.grid import Cell, parse_grid
from model.sweeping.sweep import sweep

HOLDOUT = Settings(parts=("validation",), min_count=2)
PUBLISHED = replace(HOLDOUT, protocol="published")
OTHER = Cell(2, 5, 5, 0.5)


def printed(sweep: Sweep) -> str:
    stream = io.StringIO()
    Console(file=stream, width=80, highlight=False).print(render_sweep(sweep))
    return stream.getvalue()


def swept(state: Path, settings: Settings, text: str) -> Sweep:
    return sweep(state, settings, parse_grid(text, defaults=settings))


@pytest.mark.parametrize("settings", [HOLDOUT, PUBLISHED])
def test_the_best_twenty_stand_in_eighty_columns(catalogue_state: Path, settings: Settings) -> None:
    found = swept(catalogue_state, settings, "clusters=2,4 similar=2,5 share=0:1:0.2")
    text = printed(found)
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    start = next(place for place, line in enumerate(lines) if line.startswith("───")) + 1
    assert len([line for line in lines[start:] if line[:8].strip().isdigit()]) == 20
    assert lines[start].split()[:4] == [part.split("=")[1] for part in str(found.best).split()]
    assert "… 4 more in table.csv" in text
    assert text.count("…") == 1
    assert "partly luck" in text


def test_few_cells_are_all_shown(catalogue_state: Path) -> None:
    assert "more in table.csv" not in printed(swept(catalogue_state, HOLDOUT, "share=0.25,0.5"))


def test_playlists_are_counted_where_some_fail_in_some_cells(catalogue_state: Path) -> None:
    found = swept(catalogue_state, HOLDOUT, "share=0.25,0.5")
    assert "with care" not in printed(found)
    table = found.table.copy()
    table.loc[0, "r_precision_n"] -= 1
    assert "with care" in printed(replace(found, table=table))


def test_a_difference_that_may_be_chance_is_called_so() -> None:
    said = say_comparison("the default", Comparison(OTHER, 0.01, -0.02, 0.04, 1200, 0.01))
    assert said.startswith("Not distinguishable from the default, clusters=2 similar=5")
    assert "+0.010 (95 % interval -0.020 to +0.040; 1,200 playlists)" in said
    assert "may be chance" in said


def test_a_difference_that_is_sure_is_called_so() -> None:
    said = say_comparison("the second best", Comparison(OTHER, 0.03, 0.02, 0.04, 9, 0.03))
    assert said == (
        "Better than the second best, clusters=2 similar=5 playlists=5 share=0.5, by +0.030 "
        "(95 % interval +0.020 to +0.040; 9 playlists)."
    )


def test_what_makes_no_difference_at_all_is_called_so() -> None:
    assert "very same figures" in say_comparison("the default", Comparison(OTHER, 0, 0, 0, 9, 0))


def test_a_lead_that_failures_alone_give_is_called_so() -> None:
    said = say_comparison("the default", Comparison(OTHER, -0.03, -0.04, -0.02, 9, 0.01))
    assert "only where playlists fail" in said


def test_a_grid_whose_best_is_worse_than_the_default_is_not_called_ahead() -> None:
    said = say_comparison("the default", Comparison(OTHER, -0.149, -0.2, -0.1, 38, -0.149))
    assert said == (
        "Worse than the default, clusters=2 similar=5 playlists=5 share=0.5, by 0.149 (95 % "
        "interval 0.100 to 0.200; 38 playlists): keep the default, or take it into the grid."
    )


def test_the_sentences_name_each_other_cell_once(catalogue_state: Path) -> None:
    found = swept(catalogue_state, HOLDOUT, "share=0.25,0.5")
    other = Comparison(OTHER, 0.01, -0.02, 0.04, 12, 0.01)
    both = say_best(replace(found, default=other, runner_up=other))
    assert len([line for line in both if str(OTHER) in line]) == 1
    assert "the default, the second best" in both[1]
    alone = say_best(replace(found, default=None, runner_up=None))
    assert alone[0].startswith(f"Best: {found.best}, R-precision ")
    assert "It is the default." in alone


def test_one_batch_alone_is_said_to_have_no_deviation(catalogue_state: Path) -> None:
    found = swept(catalogue_state, PUBLISHED, "share=0.25,0.5")
    one = replace(found, table=found.table.assign(**{f"{found.metric}_sd": np.nan}))
    assert "(one batch: no deviation)" in say_best(one)[0]
    assert "nan" not in printed(one)


def test_a_difference_of_one_playlist_has_no_interval_and_may_be_chance() -> None:
    alone = Comparison(OTHER, 0.01, np.nan, np.nan, 1, 0.01)
    said = say_comparison("the default", alone)
    assert "+0.010 (no interval; 1 playlist)" in said
    assert "may be chance" in said
