"""A result that decodes but lacks something is as good as damaged, and the page is made without."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from model.report.compared import ablation_part, curve_part, recommenders_part
from model.report.judged import examples_part, holdout_part, published_part, sweep_part
from model.report.origin import origin_part
from model.report.reading import read_state
from model.report.shapes import Run, decoded
from model.status.asked_by import evaluate_command

FIGURE = {"part": "test", "recommender": "nucleus", "metric": "ndcg", "mean": 0.5, "n": 2}
SETTINGS = {"protocol": "holdout", "n_clusters": 10, "parts": ["test"], "random_state": 0}
SUMMARY = {
    "settings": SETTINGS,
    "versions": {"python": "3.11"},
    "n_playlists": {"test": 2},
    "unused": [],
    "failures": [],
    "notes": [],
    "summary": [FIGURE | {"low": 0.25, "high": 0.75}],
}
SWEEP = {
    "settings": SETTINGS,
    "versions": {},
    "grid": {"clusters": [2, 10]},
    "metric": "ndcg",
    "n_playlists": 9,
    "n_cells": 2,
    "n_not_told_apart_from_best": 0,
    "best": {"n_clusters": 10, "share": 0.5},
}
ROW = {"recommender": "als", "metric": "r_precision", "mean": 0.5, "low": 0.25, "high": 0.75}
LOST = {"without": "tags", "full_mean": 0.5, "difference": 0.0, "p_value": 1.0}
COMPARE = {
    "settings": {},
    "versions": {},
    "definition": "code",
    "n_playlists": 9,
    "notes": [],
    "tables": {
        "quality": [
            ROW | {"definition": "code", "category": number, "label": str(number)}
            for number in (-1, 1)
        ],
        "curve": [ROW | {"n_training_playlists": 100, "recall_ceiling": 0.5}],
        "ablation": [ROW | {"category": -1} | LOST],
    },
}
SONG = {"title": "Creep", "artist": "Radiohead", "is_hit": True}
EXAMPLE = {"name": "a", "followers": 3, "seeds": [SONG], "made": [SONG], "true": [SONG]}
EXAMPLES = {"settings": SETTINGS, "examples": [EXAMPLE]}
RESULTS = {
    "summary.json": SUMMARY,
    "sweep.json": SWEEP,
    "compare.json": COMPARE,
    "examples.json": EXAMPLES,
}
PARTS = {
    "summary.json": (holdout_part, published_part, origin_part),
    "sweep.json": (sweep_part, origin_part),
    "compare.json": (recommenders_part, curve_part, ablation_part, origin_part),
    "examples.json": (examples_part,),
}
OTHERS = (None, "x")
Place = tuple[str | int, ...]


def places(value: Any, so_far: Place = ()) -> Iterator[Place]:
    """Give the place of everything that a result holds, of lists what the first has."""
    if so_far:
        yield so_far
    first = [0] if isinstance(value, list) and value else []
    for key in value if isinstance(value, dict) else first:
        yield from places(value[key], (*so_far, key))


def spoilt(result: dict[str, Any], place: Place) -> Iterator[dict[str, Any]]:
    """Give a result without one of its values, and with others in its place."""
    for other in (..., *OTHERS):
        made = copy.deepcopy(result)
        inner: Any = made
        for key in place[:-1]:
            inner = inner[key]
        if other is ...:
            del inner[place[-1]]
        else:
            inner[place[-1]] = other
        yield made


@pytest.mark.parametrize("name", RESULTS)
def test_whatever_a_result_lacks_the_page_is_made(tmp_path: Path, name: str) -> None:
    path = tmp_path / "results" / "holdout-k10" / name
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(RESULTS[name]))
    assert not read_state(tmp_path).damaged
    n_damaged = 0
    for place in places(RESULTS[name]):
        for made in spoilt(RESULTS[name], place):
            path.write_text(json.dumps(made))
            found = read_state(tmp_path)
            n_damaged += path in found.damaged
            for part in PARTS[name]:
                part(found)
    assert n_damaged > len(list(places(RESULTS[name])))  # of three times as many


def test_what_is_lacking_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "results" / "holdout-k10" / "summary.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(SUMMARY | {"settings": {"protocol": "holdout"}}))
    assert str(read_state(tmp_path).damaged[path]) == (
        f"cannot read {path} (settings without n_clusters, parts, random_state); make it again by "
        "the command that wrote it"
    )


def test_what_later_versions_add_is_no_damage() -> None:
    run = decoded(json.dumps(SUMMARY | {"later": 1}).encode(), Run)
    assert evaluate_command(run.settings) == "model evaluate --protocol holdout"
