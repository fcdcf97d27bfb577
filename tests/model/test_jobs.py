from pathlib import Path

import pytest

from model.jobs import run_evaluation
from model.settings import Settings


def test_figures_go_to_stdout_and_progress_to_the_callable(
    catalogue_state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    run_evaluation(catalogue_state, Settings(min_count=2), say=said.append)
    assert "holdout protocol" in capsys.readouterr().out
    assert "results are in" in said[-1]
    assert (catalogue_state / "results" / "holdout-k10" / "summary.json").is_file()
