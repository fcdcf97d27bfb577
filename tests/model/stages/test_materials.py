import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.settings import PARTS, Settings
from model.stages.materials import Materials
from model.stages.workspace import Workspace

SETTINGS = Settings(min_count=2, n_clusters=3)
ALL = {"corpus", "split", "similarity", "features", "clusters", "followers"}


@pytest.fixture
def state(tmp_path: Path, made_up: Any) -> Path:
    return made_up.write_state(tmp_path / "state", *made_up.make_catalogue())


def make(state: Path, **changes: Any) -> tuple[Materials, set[str]]:
    """Make all materials, and say which stages were run for it."""
    said: list[str] = []
    materials = Materials.of(Workspace(state, replace(SETTINGS, **changes), said.append))
    return materials, {line.split(":")[0] for line in said if "made in" in line}


def test_nothing_is_made_twice(state: Path) -> None:
    assert make(state)[1] == ALL
    assert make(state)[1] == set()


@pytest.mark.parametrize(
    ("changes", "made"),
    [
        ({"n_clusters": 2}, {"clusters"}),
        ({"min_count": 3}, {"similarity"}),
        ({"weighting": "cosine"}, {"similarity"}),
        ({"weighting": "cosine", "damping": 0.75}, {"similarity"}),
        ({"neighbours": 20}, {"similarity"}),
        ({"share": 0.1, "similar": 5, "playlists_per_cluster": 2, "n_seeds": 3}, set()),
        ({"random_state": 1}, ALL - {"corpus"}),
        ({"protocol": "published", "parts": PARTS}, ALL),
    ],
)
def test_a_changed_parameter_rebuilds_just_what_depends_on_it(
    state: Path, changes: dict[str, Any], made: set[str]
) -> None:
    make(state)
    assert make(state, **changes)[1] == made


def test_a_changed_input_rebuilds_what_its_change_reaches(state: Path) -> None:
    before, _ = make(state)
    # Touched, but with the same features in it: read again, and found to be the same.
    (state / "harvest.db").touch()
    after, made = make(state)
    assert made == {"corpus"}
    assert after.contents == before.contents


def test_the_same_inputs_give_the_same_bytes(state: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(state, tmp_path / "other"))
    for protocol in ("holdout", "published"):
        one, _ = make(state, protocol=protocol)
        same, _ = make(other, protocol=protocol)
        assert one.contents == same.contents


def test_threads_change_no_byte(state: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(state, tmp_path / "other"))
    one = Materials.of(Workspace(state, SETTINGS, lambda _: None, workers=1))
    two = Materials.of(Workspace(other, SETTINGS, lambda _: None, workers=2))
    assert one.contents == two.contents
