import shutil
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from model.settings import PARTS, Settings
from model.stages.console import STAGES
from model.stages.workspace import Workspace


@pytest.fixture(scope="module")
def state(catalogue_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("stages") / "state"
    made = shutil.ignore_patterns("model", "results")
    return Path(shutil.copytree(catalogue_state, target, ignore=made))


def show(stage: str, state: Path, settings: Settings) -> str:
    console = Console(width=300)
    with console.capture() as capture:
        console.print(STAGES[stage](Workspace(state, settings, lambda _: None)))
    return capture.get()


@pytest.mark.parametrize("protocol", ["holdout", "published"])
@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("split", ["train", "validation", "test", "share"]),
        ("similarity", ["songs have similar ones"]),
        ("features", ["mean_danceability", "num_followers", "principal components", "study: 4"]),
        ("clusters", ["clusters of"]),
        ("evidence", ["silhouette", "stability"]),
        ("followers", ["linear_raw", "median", "calibration of", "calibration.csv"]),
    ],
)
def test_each_stage_shows_what_it_made(
    state: Path, stage: str, words: list[str], protocol: str
) -> None:
    shown = show(stage, state, Settings(protocol=protocol, min_count=2, n_clusters=3, parts=PARTS))
    for word in words:
        assert word in shown
    assert "…" not in shown.replace("% …", "")


def test_similarity_without_any_pair_is_told(state: Path) -> None:
    shown = show("similarity", state, Settings(min_count=10**6))
    assert shown.startswith("0 of ")


def test_playlists_that_are_all_alike_are_said_to_be_too_few_different_ones(
    tmp_path: Path, made_up: Any
) -> None:
    playlists = [made_up.Listed("same", followers, [0, 1, 2]) for followers in [2, 3] * 20 + [9]]
    songs = [made_up.Song(name) for name in "abc"]
    shown = show("evidence", made_up.write_state(tmp_path, playlists, songs), Settings(min_count=2))
    assert "No candidate could be made: there are fewer different playlists" in shown
