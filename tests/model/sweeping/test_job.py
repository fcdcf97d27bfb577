import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from model.errors import InputError
from model.settings import Settings
from model.sweeping.job import run_sweep

SETTINGS = Settings(parts=("validation",), min_count=2, n_clusters=3)


def test_the_best_goes_to_stdout_and_table_and_picture_to_files(
    catalogue_state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = shutil.ignore_patterns("model", "results")
    state = Path(shutil.copytree(catalogue_state, tmp_path / "state", ignore=made))
    said: list[str] = []
    run_sweep(state, SETTINGS, "share=0.25,0.75", metric=None, say=said.append)
    assert "share" in capsys.readouterr().out
    assert {path.name for path in (state / "results" / "sweep-holdout").iterdir()} == {
        "heat_map.png",
        "heat_map.svg",
        "sweep.json",
        "table.csv",
    }
    assert any("cell 1 of" in line for line in said)


def test_the_test_part_is_refused(tmp_path: Path) -> None:
    settings = replace(SETTINGS, parts=("test",))
    with pytest.raises(InputError, match="validation"):
        run_sweep(tmp_path, settings, "share=0.5", metric=None, say=lambda _: None)
