import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model.errors import InputError
from model.evaluate import evaluate
from model.evaluation.job import run_evaluation
from model.settings import Settings


def test_figures_go_to_stdout_and_progress_to_the_callable(
    catalogue_state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    run_evaluation(catalogue_state, Settings(min_count=2), say=said.append)
    assert "holdout protocol" in capsys.readouterr().out
    assert "results are in" in said[-1]
    assert (catalogue_state / "results" / "holdout-k10" / "summary.json").is_file()


def test_where_every_playlist_fails_earlier_results_are_kept(catalogue_state: Path) -> None:
    run_evaluation(catalogue_state, Settings(min_count=2), say=lambda _: None)
    folder = catalogue_state / "results" / "holdout-k10"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    reason = r"no playlist of the test part has a figure: too few different songs.*fewer --seeds"
    with pytest.raises(InputError, match=reason):
        run_evaluation(catalogue_state, Settings(min_count=2, n_seeds=10_000), say=lambda _: None)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_other_sources_are_compared_and_written_beside_the_default(
    catalogue_state: Path, tmp_path: Path, made_up: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    made = shutil.ignore_patterns("model", "results")
    state = Path(shutil.copytree(catalogue_state, tmp_path / "state", ignore=made))
    made_up.write_lastfm(state, tags=[(row, f"tag {row % 9}", 100) for row in range(240)])
    settings = Settings(min_count=2, sources=("cooccurrence", "tags"))
    run_evaluation(state, settings, say=lambda _: None)
    out = capsys.readouterr().out
    assert "sources of similar songs" in out
    assert "songs have a tag that counts" in out
    folder = state / "results" / "holdout-k10-cooccurrence+tags"
    table = pd.read_csv(folder / "sources.csv")
    assert list(table["sources"].unique()) == ["cooccurrence", "tags", "cooccurrence+tags"]
    base = table[table["sources"] == "cooccurrence"].set_index("metric")
    assert (base["difference"] == 0).all()
    # Co-occurrence alone is what is evaluated without the option.
    alone = evaluate(state, Settings(min_count=2)).summary.set_index(["recommender", "metric"])
    assert base["mean"].to_dict() == alone["mean"]["nucleus"].to_dict()
    # All together is what the table of the evaluation itself shows.
    summary = pd.read_csv(folder / "summary.csv").set_index(["recommender", "metric"])
    together = table[table["sources"] == "cooccurrence+tags"].set_index("metric")
    assert together["mean"].to_dict() == pytest.approx(summary["mean"]["nucleus"].to_dict())
    known = json.loads((folder / "sources.json").read_text())["coverage"]["tags"]
    assert known["coverage"]["n_tagged"] == known["n_songs"]
