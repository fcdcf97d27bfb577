import gzip
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model.columns import STUDY_RESULT_COLUMNS
from model.errors import StorageError
from model.evaluate import Evaluation, evaluate
from model.evaluation.results import write_results
from model.settings import Settings
from model.storage import whole_files


@pytest.fixture(scope="module")
def evaluation(catalogue_state: Path) -> Evaluation:
    return evaluate(catalogue_state, Settings(min_count=2))


def test_rows_begin_with_the_studys_columns_and_are_compressed(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    folder = write_results(evaluation, tmp_path)
    assert folder == tmp_path / "results" / "holdout-k10"
    rows = pd.read_csv(folder / "test-nucleus.csv.gz")
    assert tuple(rows.columns[:8]) == STUDY_RESULT_COLUMNS
    assert len(rows) == evaluation.n_playlists["test"]
    assert rows["n_clusters"].unique().tolist() == [10]


def test_the_summary_tells_how_to_make_it_again(evaluation: Evaluation, tmp_path: Path) -> None:
    folder = write_results(evaluation, tmp_path)
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["settings"]["protocol"] == "holdout"
    assert summary["settings"]["random_state"] == 0
    assert {"python", "numpy", "scikit-learn"} <= set(summary["versions"])
    assert summary["n_playlists"] == evaluation.n_playlists
    assert {path.name for path in folder.iterdir()} == {*summary["files"], "summary.json"}
    assert all({"recommender", "metric", "mean"} <= set(one) for one in summary["summary"])


def test_the_same_evaluation_gives_the_same_bytes(evaluation: Evaluation, tmp_path: Path) -> None:
    first = write_results(evaluation, tmp_path / "a")
    again = write_results(evaluation, tmp_path / "b")
    for path in first.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()


def test_rows_of_an_earlier_run_do_not_stay_beside_the_new_summary(
    catalogue_state: Path, evaluation: Evaluation, tmp_path: Path
) -> None:
    two = evaluate(catalogue_state, Settings(min_count=2, parts=("validation", "test")))
    folder = write_results(two, tmp_path)
    (folder / "validation-mine.csv.gz").write_bytes(b"somebody's own")
    assert (folder / "validation-nucleus.csv.gz").exists()
    write_results(evaluation, tmp_path)
    summary = json.loads((folder / "summary.json").read_text())
    expected = {*summary["files"], "summary.json", "validation-mine.csv.gz"}
    assert {path.name for path in folder.iterdir()} == expected


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    evaluation: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_results(evaluation, tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def break_off(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_files.os, "fsync", break_off)
    with pytest.raises(StorageError, match=r"cannot write results.*No space left.*--state"):
        write_results(evaluation, tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_file_in_the_place_of_the_folder_cannot_be_written_to(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    (tmp_path / "results").write_text("in the way")
    with pytest.raises(StorageError, match="cannot write results"):
        write_results(evaluation, tmp_path)


def test_rows_are_readable_as_plain_gzip(evaluation: Evaluation, tmp_path: Path) -> None:
    path = write_results(evaluation, tmp_path) / "test-random.csv.gz"
    header = gzip.decompress(path.read_bytes()).decode().splitlines()[0]
    assert header.startswith("playlist_id,n_clusters,start_num,metric,match,distance,numf,diff")


def test_unknown_figures_are_null_in_the_summary(
    evaluation: Evaluation, tmp_path: Path, made_up: Any
) -> None:
    playlists = [made_up.Listed("x", 2 + row, [row % 11 + 1]) for row in range(40)]
    state = made_up.write_state(tmp_path / "state", playlists, made_up.make_catalogue()[1])
    folder = write_results(evaluate(state, Settings()), state)
    summary = json.loads((folder / "summary.json").read_text())
    assert {one["mean"] for one in summary["summary"]} == {None}
