"""The comparison from a state to files and the terminal."""

import json
from pathlib import Path
from typing import Any

import pytest

from model.comparison import measured
from model.comparison.comparing import Wish
from model.comparison.job import run_comparison
from model.comparison.task import Cutting
from model.engines.engine import Here
from model.errors import InputError

CUTTING = Cutting("validation", 3, 30)


def test_tables_go_to_stdout_and_files_and_the_last_line_names_their_folder(
    tmp_path: Path,
    made_up: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # In this process, which is quicker than a new one.
    monkeypatch.setattr(measured, "Processes", lambda *_, **__: Here())
    catalogue = made_up.make_catalogue(n_playlists=300, n_songs=900)
    state = made_up.write_state(tmp_path / "state", *catalogue)
    said: list[str] = []
    run_comparison(state, Wish(("popularity",), CUTTING), say=said.append)
    folder = state / "results" / "compare-validation"
    assert said[-1] == f"results are in {folder}"
    assert "popularity" in capsys.readouterr().out
    found = json.loads((folder / "compare.json").read_text("utf-8"))
    assert found["settings"]["cutting"]["seed"] == 3
    assert found["n_training_playlists"] == 240
    assert {"compare.json", *found["files"]} == {path.name for path in folder.iterdir()}


def test_an_unknown_recommender_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    said: list[str] = []
    with pytest.raises(InputError, match="oracle"):
        run_comparison(tmp_path, Wish(("oracle",), CUTTING), say=said.append)
    assert not said
    assert not list(tmp_path.iterdir())
