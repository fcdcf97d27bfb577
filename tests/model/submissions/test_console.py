import json

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from model.challenge.definitions import DEFINITIONS, Definition
from model.challenge.judging import Judged
from model.challenge.scores import FIGURES
from model.submissions.console import judged_as_json, render_judged


@pytest.fixture
def judged() -> Judged:
    figures = pd.DataFrame(
        [[0.25, 0.2, 0.5, 3.0], [0.75, 0.6, 1.0, 5.0], [np.nan] * 4], columns=list(FIGURES)
    )
    return Judged(figures, np.array([1, 10, 10]), ("something is missing",))


@pytest.mark.parametrize(
    ("definition", "word"), [("code", "the organisers' code"), ("rules", "the rules' text")]
)
def test_the_table_says_whose_definition_it_is_and_fits_80_columns(
    judged: Judged, definition: Definition, word: str
) -> None:
    console = Console(width=80, record=True)
    console.print(render_judged(judged, definition))
    lines = console.export_text().splitlines()
    assert word in lines[0]
    assert any(f"--definition {definition}" in line for line in lines)
    assert any(line.startswith("title only") and "0.250" in line for line in lines)
    assert any(line.startswith("title, random 100") and "0.750" in line for line in lines)
    assert any(line.startswith("all") and "0.500" in line and "4.00" in line for line in lines)
    assert lines[-1] == "note: something is missing"
    assert max(map(len, lines)) <= 80


def test_playlists_are_counted_that_stand_behind_the_figures(judged: Judged) -> None:
    console = Console(width=80, record=True)
    console.print(render_judged(judged, "code"))
    lines = console.export_text().splitlines()
    assert lines[0].startswith("2 playlists")
    counts = {line[:17].strip(): line[17:].split()[0] for line in lines[4:] if "0." in line[17:]}
    assert counts["title, random 100"] == "1"


def test_where_there_is_no_interval_none_is_shown() -> None:
    figures = pd.DataFrame([[np.nan] * 4, [0.5] * 4], columns=list(FIGURES))
    console = Console(width=80, record=True)
    console.print(render_judged(Judged(figures, np.array([1, 2]), ()), "code"))
    lines = console.export_text().splitlines()
    place = next(row for row, line in enumerate(lines) if line.startswith("title only"))
    assert lines[place].split()[2:] == ["0", "–", "–", "–", "–"]
    assert lines[place + 1].startswith("title, first track")


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_json_holds_a_row_a_category_and_figure(judged: Judged, definition: Definition) -> None:
    found = json.loads(judged_as_json(judged, definition))
    assert found["definition"] == definition
    assert found["n_playlists"] == 3
    assert found["notes"] == ["something is missing"]
    assert len(found["summary"]) == 3 * len(FIGURES)
    last = found["summary"][-1]
    assert (last["label"], last["metric"], last["mean"]) == ("all", "clicks", 4)
    assert last["low"] <= last["mean"] <= last["high"]


def test_what_is_not_known_is_null() -> None:
    figures = pd.DataFrame([[np.nan] * 4], columns=list(FIGURES))
    found = json.loads(judged_as_json(Judged(figures, np.array([1]), ()), "code"))
    assert {row["mean"] for row in found["summary"]} == {None}


def test_one_playlist_has_a_figure_and_no_interval(judged: Judged) -> None:
    console = Console(width=80, record=True)
    console.print(render_judged(judged, "code"))
    lines = console.export_text().splitlines()
    place = next(row for row, line in enumerate(lines) if line.startswith("title only"))
    assert lines[place].split()[2:] == ["1", "0.250", "0.200", "0.500", "3.00"]
    assert lines[place + 1].startswith("title, random 100")
    rows = json.loads(judged_as_json(judged, "code"))["summary"]
    assert [(row["low"], row["high"]) for row in rows if row["n_playlists"] == 1] == [
        (None, None)
    ] * 8
