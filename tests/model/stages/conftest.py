"""A state of its own for the tests of stages, with everything made once."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from model.settings import Settings
from model.stages.materials import Materials
from model.stages.workspace import Workspace

SETTINGS = Settings(min_count=2, n_clusters=3)


@pytest.fixture(scope="session")
def stage_state(catalogue_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = shutil.ignore_patterns("model", "results")
    target = tmp_path_factory.mktemp("stages") / "state"
    return Path(shutil.copytree(catalogue_state, target, ignore=made))


@pytest.fixture(scope="session")
def holdout(stage_state: Path) -> tuple[Workspace, Materials]:
    workspace = Workspace(stage_state, SETTINGS, lambda _: None)
    return workspace, Materials.of(workspace)


@pytest.fixture(scope="session")
def published(stage_state: Path) -> tuple[Workspace, Materials]:
    settings = replace(SETTINGS, protocol="published")
    workspace = Workspace(stage_state, settings, lambda _: None)
    return workspace, Materials.of(workspace)


@pytest.fixture
def workspace(stage_state: Path, tmp_path: Path) -> Workspace:
    """A copy that a test may change, with nothing made."""
    target = shutil.copytree(
        stage_state, tmp_path / "state", ignore=shutil.ignore_patterns("model")
    )
    return Workspace(Path(target), Settings(), lambda _: None)
