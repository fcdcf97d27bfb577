import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model.evaluate import evaluate
from model.evaluation.results import write_results
from model.exploration.job import run_exploration
from model.settings import PARTS, Settings

Run = Callable[..., subprocess.CompletedProcess[str]]
NAMES = ["<script>alert(1)</script>", "😀🎉 vibes", "موسيقى هادئة", "x" * 400, "Chill!"]


@pytest.fixture(scope="module")
def explored(made_up: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Explore a state with odd names, tags and an evaluation."""
    playlists, songs = made_up.make_catalogue()
    for place, one in enumerate(playlists):
        one.name = NAMES[place % len(NAMES)]
    playlists[0].followers, playlists[1].followers, playlists[2].followers = 1, 5000, 2000
    state = made_up.write_state(tmp_path_factory.mktemp("explored"), playlists, songs)
    with closing(sqlite3.connect(state / "harvest.db")) as db, db:
        db.execute("CREATE TABLE lastfm_tag (spotify_id TEXT, tag TEXT, weight INTEGER)")
        tags = [(0, "Rock", 100), (0, "<b>pop</b>", 60), (1, "rock", 50), (2, "quiet", 49)]
        for song, tag, weight in tags:
            db.execute("INSERT INTO lastfm_tag VALUES (?, ?, ?)", (f"{song:022d}", tag, weight))
    settings = Settings(protocol="published", parts=PARTS, n_clusters=2, min_count=2)
    write_results(evaluate(state, settings), state)
    return state, explore(state)


def explore(state: Path) -> str:
    """Explore with three clusters; return what was printed."""
    with redirect_stdout(StringIO()) as printed:
        run_exploration(state, Settings(n_clusters=3), say=lambda _: None)
    return printed.getvalue()


def table(state: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(state / "explore" / f"{name}.csv")


def test_every_table_and_figure_of_the_study_is_there(explored: tuple[Path, str]) -> None:
    folder = explored[0] / "explore"
    catalogue = json.loads((folder / "explore.json").read_text())
    names = {one["name"] for one in catalogue["exhibits"]}
    assert names == {
        *("follower_counts", "followers", "followers_above_1000", "num_tracks", "num_albums"),
        *("songs", "playlists", "names", "name_frequency", "incomplete"),
        *("tags_per_song", "tag_frequency", "top_tags", "components"),
        *("clusters", "centres", "cluster_map"),
        *("boxes_published", "bands_published", "batches_published"),
    }
    assert catalogue["lacking"] == []
    files = {name for one in catalogue["exhibits"] for name in one["files"]}
    assert {path.name for path in folder.iterdir()} == files | {"explore.json"}
    tables_alone = {"follower_counts", "songs", "playlists", "names", "incomplete", "clusters"}
    assert {name.removesuffix(".svg") for name in files if name.endswith(".svg")} == (
        names - tables_alone
    )


def test_figures_are_those_of_the_state(explored: tuple[Path, str]) -> None:
    state = explored[0]
    assert table(state, "follower_counts")["playlists"].sum() == 150
    assert table(state, "followers_above_1000")["playlists"].sum() == 2
    names = table(state, "names").set_index("name")["playlists"]
    # 150 playlists of five names, of which one cleans to nothing, and one to "vibes".
    expected = ("chill", "scriptalert1script", "vibes", "x" * 400)
    assert names.to_dict() == dict.fromkeys(expected, 30)
    tags = table(state, "top_tags")[["tag", "songs"]].to_numpy().tolist()
    assert tags == [["rock", 2], ["bpop b", 1]]
    per_song = table(state, "tags_per_song").set_index("tags")["songs"].to_dict()
    # Of three songs with tags one has none of weight 50, one has one, one has two.
    assert per_song == {0: 1, 1: 1, 2: 1}
    assert table(state, "incomplete")["playlists"].sum() == 150
    assert len(table(state, "clusters")) == 3


def test_tables_are_printed(explored: tuple[Path, str]) -> None:
    for words in ("Playlists by number", "Most frequent tags", "Clusters of playlists", "rock"):
        assert words in explored[1]


def test_the_same_state_gives_the_same_files(explored: tuple[Path, str], tmp_path: Path) -> None:
    state = Path(shutil.copytree(explored[0], tmp_path / "state"))
    (state / "explore" / "mine.txt").touch()
    explore(state)
    for path in (explored[0] / "explore").iterdir():
        assert (state / "explore" / path.name).read_bytes() == path.read_bytes(), path.name
    assert (state / "explore" / "mine.txt").exists()


def test_what_is_lacking_names_the_command_and_old_files_go(
    explored: tuple[Path, str], tmp_path: Path
) -> None:
    state = Path(shutil.copytree(explored[0], tmp_path / "state"))
    shutil.rmtree(state / "results")
    with closing(sqlite3.connect(state / "harvest.db")) as db, db:
        db.execute("DELETE FROM lastfm_tag")
    said = " ".join(explore(state).split())
    assert "harvest lastfm" in said
    assert "model evaluate --protocol published" in said
    assert not list((state / "explore").glob("*tag*"))


def test_an_empty_state_ends_in_one_line(run_model: Run, tmp_path: Path) -> None:
    done = run_model("explore", "--state", tmp_path)
    assert done.returncode == 2
    assert "harvest mpd PATH" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "explore").exists()
