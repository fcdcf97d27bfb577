import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model.comparison.comparing import Compared, Wish, compare
from model.comparison.console import ranking, render_compared
from model.comparison.figures import METRICS
from model.comparison.results import write_compared
from model.comparison.task import Cutting
from model.engines.engine import Here
from model.errors import InputError, LeakError
from model.layout import print_blocks
from model.recommenders.registry import NAMES
from model.settings import Settings
from model.split import check_leaks
from model.stages.workspace import Workspace

WISH = Wish(("popularity", "titles"), Cutting("validation", 0, 30), ablated="titles")


@pytest.fixture(scope="module")
def state(compared_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state of its own, since results are written to it."""
    state = tmp_path_factory.mktemp("compared") / "state"
    shutil.copytree(compared_state, state)
    shutil.rmtree(state / "model", ignore_errors=True)
    return state


def run(state: Path, wish: Wish, said: list[str]) -> Compared:
    """Measure in this process, which is quicker than a new one for each."""
    workspace = Workspace(state, Settings(protocol="challenge"), said.append, engine=Here())
    return compare(workspace, wish)


@pytest.fixture(scope="module")
def compared(state: Path) -> Compared:
    return run(state, WISH, [])


def test_every_table_is_there_with_its_columns(compared: Compared) -> None:
    described = (Path(__file__).parents[3] / "docs" / "data.md").read_text("utf-8")
    section = described.split("## `state/results/compare-PART/`")[1]
    for name, table in compared.tables.items():
        line = next(one for one in section.splitlines() if one.startswith(f"| `{name}.csv` |"))
        named = re.findall(r"[a-z0-9_]+", " ".join(re.findall(r"`([^`]+)`", line.split("|")[3])))
        assert set(table.columns) <= set(named), name
    assert set(compared.tables) == {"quality", "pairs", "recommenders", "ceiling", "ablation"}


def test_figures_of_rows_average_to_those_of_the_table(compared: Compared) -> None:
    table = compared.tables["quality"]
    chosen = table[(table["category"] < 0) & (table["definition"] == "code")]
    assert set(chosen["recommender"]) == set(compared.rows["recommender"])
    for (name, metric), mean in chosen.set_index(["recommender", "metric"])["mean"].items():
        rows = compared.rows[compared.rows["recommender"] == name]
        assert rows[metric].mean() == pytest.approx(mean)


def test_every_recommender_can_be_measured(state: Path) -> None:
    found = run(state, Wish(NAMES, Cutting("validation", 1, 10)), [])
    assert set(found.tables["recommenders"]["recommender"]) == set(NAMES)


def test_no_mean_recall_is_above_the_ceiling_of_its_playlists(compared: Compared) -> None:
    ceilings = compared.tables["ceiling"].set_index("category")["recall_ceiling"]
    quality = compared.tables["quality"].query("metric == 'recall'")
    means = quality["mean"].to_numpy()
    assert (means <= ceilings.loc[quality["category"]].to_numpy() + 1e-9).all()
    assert means.max() > 0
    assert (ceilings < 1).any()


def test_costs_are_taken_down(compared: Compared) -> None:
    table = compared.tables["recommenders"].set_index("recommender")
    assert (table["n_training_playlists"] == 240).all()
    assert (table["fit_s"] >= 0).all()
    assert (table["playlists_per_s"] > 0).all()
    assert table["memory_mb"].between(50, 4_000).all()
    assert table["coverage"].between(0, 1).all()


def test_titles_without_titles_are_as_good_as_popular_songs(compared: Compared) -> None:
    table = compared.tables["ablation"]
    assert set(table["without"]) == {"audio", "titles", "artists", "albums"}  # No tags there.
    blind = table[(table["without"] == "titles") & (table["category"] < 0)].set_index("metric")
    popular = compared.rows[compared.rows["recommender"] == "popularity"]
    for metric in METRICS:
        assert blind.loc[metric, "mean"] == pytest.approx(popular[metric].mean())


def test_what_was_measured_is_used_again_and_gives_the_same(
    state: Path, compared: Compared
) -> None:
    said: list[str] = []
    again = run(state, WISH, said)
    assert not [line for line in said if "made in" in line]
    for name, table in compared.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name])


def test_files_hold_the_tables_and_json_has_no_nan(state: Path, compared: Compared) -> None:
    folder = write_compared(compared, state)
    assert folder == state / "results" / "compare-validation"
    found = json.loads((folder / "compare.json").read_text("utf-8"), parse_constant=pytest.fail)
    assert sorted(found["files"]) == sorted(
        path.name for path in folder.iterdir() if path.name != "compare.json"
    )
    for name, table in compared.tables.items():
        assert len(found["tables"][name]) == len(table) == len(pd.read_csv(folder / f"{name}.csv"))
    assert len(pd.read_csv(folder / "playlists.csv.gz")) == 2 * compared.n_playlists


def test_tables_of_an_earlier_run_do_not_stay_beside_others(
    state: Path, compared: Compared
) -> None:
    folder = write_compared(compared, state)
    less = {name: table for name, table in compared.tables.items() if name != "ablation"}
    write_compared(replace(compared, tables=less), state)
    assert not (folder / "ablation.csv").exists()


def test_the_terminal_shows_all_of_it(
    compared: Compared, capsys: pytest.CaptureFixture[str]
) -> None:
    print_blocks(render_compared(compared))
    shown = capsys.readouterr().out
    for words in (
        f"{compared.n_playlists} validation playlists, 240 to learn from",
        "hidden tracks occur in training",
        f"R-precision: {ranking(compared)[0]}",
        "What becomes of titles without a source",
        "no tags or similars in this state",
    ):
        assert words in " ".join(shown.split()), words
    assert max(map(len, shown.splitlines())) <= 80


def test_a_share_on_which_nobody_could_be_fitted_has_no_column(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run(state, replace(WISH, has_curve=True, ablated=None), [])
    curve = found.tables["curve"]
    less = found.tables | {"curve": curve[curve["share"] > 0.125]}
    print_blocks(render_compared(replace(found, tables=less)))
    heads = next(line for line in capsys.readouterr().out.splitlines() if " 120 " in line)
    assert heads.split() == ["recommender", "60", "120", "240"]


def test_an_unknown_recommender_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no recommender 'magic'"):
        run(tmp_path, replace(WISH, names=("popularity", "magic")), [])


def test_what_cannot_be_fitted_is_left_out_and_named(tmp_path: Path, made_up: Any) -> None:
    # No song has the audio features that nucleus needs.
    made_up.write_tables(tmp_path, *made_up.make_catalogue(n_playlists=300, n_songs=900))
    wish = replace(WISH, names=("popularity", "nucleus"), ablated=None)
    compared = run(tmp_path, wish, [])
    assert set(compared.tables["quality"]["recommender"]) == {"popularity"}
    assert any(note.startswith("nucleus is left out: ") for note in compared.notes)
    with pytest.raises(InputError, match="harvest spotify"):
        run(tmp_path, replace(wish, names=("nucleus",)), [])


def test_songs_without_audio_features_keep_no_recommender_out(tmp_path: Path, made_up: Any) -> None:
    # Every twelfth song lacks them.
    made_up.write_state(tmp_path, *made_up.make_catalogue(n_playlists=300, n_songs=900))
    compared = run(tmp_path, replace(WISH, names=("nucleus", "audio"), ablated=None), [])
    assert set(compared.tables["quality"]["recommender"]) == {"nucleus", "audio"}


def test_what_was_fitted_on_a_held_out_playlist_is_believed_by_nobody(compared: Compared) -> None:
    held_out = compared.rows["playlist_id"].to_numpy()
    with pytest.raises(LeakError, match="leak: als"):
        check_leaks({"als": held_out[:1]}, np.unique(held_out))


def test_interrupted_it_goes_on_with_the_recommender_that_it_was_at(state: Path) -> None:
    command = [sys.executable, "-m", "model", "compare", "--state", str(state), "--playlists", "20"]
    command += ["--recommenders", "popularity,titles"]
    # A group of its own, as a terminal makes one: Ctrl-C goes to all processes of it.
    with subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "2 of 2: titles" in line:
                os.killpg(process.pid, signal.SIGINT)
                break
        rest = process.stderr.read()
    assert process.returncode == 130
    assert rest == "model: interrupted\n"
    folder = state / "model" / "comparison"
    assert [path.name[:16] for path in folder.glob("*test-*")] == ["test-popularity-"]
    lines: list[str] = []
    run(state, Wish(("popularity", "titles"), Cutting("test", 0, 20)), lines)
    told = "\n".join(lines)
    assert re.search("1 of 2: popularity\n.*comparison: taken from", told)
    assert re.search("2 of 2: titles\n.*comparison: made in", told)
