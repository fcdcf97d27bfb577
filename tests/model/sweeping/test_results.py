import json
from pathlib import Path

import pandas as pd
import pytest

from model.errors import StorageError
from model.settings import Settings
from model.storage import whole_files
from model.sweeping import results
from model.sweeping.choosing import Sweep
from model.sweeping.grid import parse_grid
from model.sweeping.results import write_sweep
from model.sweeping.sweep import sweep


@pytest.fixture(scope="module")
def swept(catalogue_state: Path) -> Sweep:
    settings = Settings(parts=("validation",), min_count=2)
    return sweep(catalogue_state, settings, parse_grid("clusters=2,4 share=0.25,0.75"))


def test_the_table_is_written_with_all_figures_of_all_cells(swept: Sweep, tmp_path: Path) -> None:
    folder = write_sweep(swept, tmp_path)
    assert folder == tmp_path / "results" / "sweep-holdout"
    table = pd.read_csv(folder / "table.csv")
    assert list(table.columns[:4]) == ["n_clusters", "similar", "playlists_per_cluster", "share"]
    figures = ("r_precision_mean", "r_precision_low", "r_precision_high", "r_precision_n")
    assert {*figures, "clicks_mean", "behind", "behind_low", "behind_high"} <= set(table)
    pd.testing.assert_frame_equal(table, swept.table)


def test_the_summary_tells_how_to_make_it_again(swept: Sweep, tmp_path: Path) -> None:
    summary = json.loads((write_sweep(swept, tmp_path) / "sweep.json").read_text())
    assert summary["settings"]["parts"] == ["validation"]
    assert summary["grid"]["share"] == [0.25, 0.75]
    assert summary["grid"]["similar"] == [10]
    assert {"python", "numpy", "matplotlib"} <= set(summary["versions"])
    assert summary["best"]["n_clusters"] == swept.best.n_clusters
    assert summary["best"]["r_precision_low"] <= summary["best"]["r_precision_mean"]
    assert summary["best_beside_default"]["cell"]["share"] == 0.5
    assert isinstance(summary["best_beside_runner_up"]["is_distinguishable"], bool)
    written = {path.name for path in (tmp_path / "results" / "sweep-holdout").iterdir()}
    assert written == {*summary["files"], "sweep.json"}


def test_the_same_sweep_gives_the_same_bytes(swept: Sweep, tmp_path: Path) -> None:
    first, again = write_sweep(swept, tmp_path / "a"), write_sweep(swept, tmp_path / "b")
    for path in first.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()


def test_an_interrupted_write_leaves_the_old_files_and_nothing_else(
    swept: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_sweep(swept, tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def break_off(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_files.os, "fsync", break_off)
    with pytest.raises(StorageError, match="No space left"):
        write_sweep(swept, tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_table_does_not_hang_on_the_picture(
    swept: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Sweep) -> None:
        raise ValueError("nothing can be drawn")

    monkeypatch.setattr(results, "draw_sweep", fail)
    with pytest.raises(ValueError, match="nothing can be drawn"):
        write_sweep(swept, tmp_path)
    pd.testing.assert_frame_equal(
        pd.read_csv(tmp_path / "results" / "sweep-holdout" / "table.csv"), swept.table
    )
