import json
from pathlib import Path
from typing import Any

import pytest

from model.status.older_results import older_results


@pytest.fixture
def state(tmp_path: Path) -> Path:
    (tmp_path / "tables").mkdir()
    files = {"tracks": {"size": 1, "sha256": "now"}}
    (tmp_path / "tables" / "manifest.json").write_text(json.dumps({"files": files}))
    return tmp_path


def made_of(path: Path, tracks: str, settings: dict[str, Any], **more: object) -> None:
    inputs = {"tracks.parquet": tracks, "harvest.db": "x"}
    content = {"settings": settings, "inputs": inputs, **more}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def test_each_has_the_command_that_makes_it_again(state: Path) -> None:
    results = state / "results"
    study = {"protocol": "published", "n_clusters": 2}
    made_of(results / "holdout-k10" / "summary.json", "now", {"protocol": "holdout"})
    made_of(results / "published-k2" / "summary.json", "old", study)
    swept = {"grid": {"clusters": [2, 10], "share": [0.5]}, "metric": "match"}
    made_of(results / "sweep-published" / "sweep.json", "old", study, **swept)
    made_of(results / "compare-test" / "compare.json", "old", {"cutting": {}})
    made_of(state / "explore" / "explore.json", "old", {"n_clusters": 10})
    assert older_results(state) == {
        "published-k2": "model evaluate --protocol published --clusters 2",
        "sweep-published": (
            'model sweep --protocol published --grid "clusters=2,10" --clusters 2 --metric match'
        ),
        "compare-test": "model compare --playlists 1000",
        "explore": "model explore",
    }


def test_a_command_has_every_option_by_which_its_folder_is_named(state: Path) -> None:
    settings = {"protocol": "holdout", "n_seeds": 3, "sources": ["tags"]}
    made_of(state / "results" / "holdout-k10-tags-seeds3" / "summary.json", "old", settings)
    assert list(older_results(state).values()) == ["model evaluate --seeds 3 --sources tags"]


def test_what_was_harvested_since_makes_results_older(state: Path) -> None:
    for name, mark in (("holdout-k10", ""), ("holdout-k5", "12 1.5")):
        place = state / "results" / name / "summary.json"
        place.parent.mkdir(parents=True)
        made = {"settings": {"protocol": "holdout"}, "inputs": {"audio_features": mark}}
        place.write_text(json.dumps(made))
    assert list(older_results(state)) == ["holdout-k5"]


OLD = '"inputs": {"tracks.parquet": "old"}'


@pytest.mark.parametrize(
    "content",
    [
        '{"settings": {}}',
        "{",
        "[]",
        f'{{"settings": {{}}, {OLD}}}',
        f'{{"settings": {{"protocol": "holdout", "parts": 5}}, {OLD}}}',
    ],
)
def test_what_does_not_say_of_which_tables_it_is_is_left_out(state: Path, content: str) -> None:
    (state / "results" / "holdout-k10").mkdir(parents=True)
    (state / "results" / "holdout-k10" / "summary.json").write_text(content)
    assert older_results(state) == {}


def test_a_state_that_holds_nothing_has_none(tmp_path: Path) -> None:
    assert older_results(tmp_path) == {}
