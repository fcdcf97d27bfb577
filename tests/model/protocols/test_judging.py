from pathlib import Path

import numpy as np
import pytest

from model.errors import LeakError
from model.protocols.judging import Case, notes_on, require_no_leaks
from model.protocols.rows import make_rows, read_rows
from model.settings import Settings
from model.stages.materials import Materials
from model.stages.workspace import Workspace
from model.storage.arrays import save_arrays

SETTINGS = Settings(min_count=2, n_clusters=3)


@pytest.fixture
def workspace(catalogue_state: Path) -> Workspace:
    return Workspace(catalogue_state, SETTINGS, lambda _: None)


def test_nothing_that_is_made_saw_a_held_out_playlist(workspace: Workspace) -> None:
    materials = Materials.of(workspace)
    parts = materials.split.manifest.summary
    assert require_no_leaks(materials) == parts["validation"] + parts["test"]


@pytest.mark.parametrize("stage", ["similarity", "features", "clusters", "followers"])
def test_a_stage_that_saw_one_fails_the_run(workspace: Workspace, stage: str) -> None:
    materials = Materials.of(workspace)
    artifact = getattr(materials, stage)
    honest = np.array(artifact.array("fitted_on"))
    corpus, test = materials.corpus.array("playlist_ids"), materials.split.array("test")
    try:
        save_arrays(artifact.folder, {"fitted_on": np.append(honest, corpus[test[0]])})
        with pytest.raises(LeakError, match="saw 1 held-out"):
            require_no_leaks(materials)
    finally:
        save_arrays(artifact.folder, {"fitted_on": honest})


def test_notes_tell_what_the_data_did_not_allow(workspace: Workspace) -> None:
    case = Case(SETTINGS, Materials.of(workspace))
    rows = read_rows(make_rows(workspace, case), case)
    assert "songs, not 500" in " ".join(notes_on(case, rows))
