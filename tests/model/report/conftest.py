"""A state with everything in it that the page can show, and names that would break it."""

import json
import sqlite3
from contextlib import closing, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.evaluation.job import run_evaluation
from model.exploration.job import run_exploration
from model.settings import PARTS, Settings
from model.stages.console import show_stage
from model.sweeping.grid import parse_grid
from model.sweeping.results import write_sweep
from model.sweeping.sweep import sweep
from tests.model.report.names import NAMES, TITLES

METRICS = ("r_precision", "r_precision_tracks", "ndcg", "clicks", "recall")


def quiet(_: str) -> None:
    """Say nothing."""


@pytest.fixture(scope="package")
def full_state(made_up: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    playlists, songs = made_up.make_catalogue()
    for place, one in enumerate(playlists):
        # The names are of different frequency.
        one.name = NAMES[min(int(np.sqrt(place)) % 7, 5)]
    for place, song in enumerate(songs):
        song.title = TITLES[place % len(TITLES)]
    playlists[0].followers = 5000
    state: Path = made_up.write_state(tmp_path_factory.mktemp("full"), playlists, songs)
    write_harvest(state)
    with redirect_stdout(StringIO()):
        for k in (2, 3):
            published = Settings(protocol="published", parts=PARTS, n_clusters=k, min_count=2)
            run_evaluation(state, published, say=quiet)
        run_evaluation(state, Settings(n_clusters=3, min_count=2), say=quiet)
        run_exploration(state, Settings(n_clusters=3), say=quiet)
        show_stage("followers", state, Settings(n_clusters=3), say=quiet)
    validation = Settings(parts=("validation",), min_count=2)
    write_sweep(sweep(state, validation, parse_grid("clusters=2,3 share=0.25,0.5")), state)
    write_comparison(state)
    return state


def write_harvest(state: Path) -> None:
    """Add tags, tasks and runs to harvest.db."""
    with closing(sqlite3.connect(state / "harvest.db")) as db, db:
        db.executescript(
            """
            CREATE TABLE lastfm_tag (spotify_id TEXT, tag TEXT, weight INTEGER);
            CREATE TABLE lastfm_track (spotify_id TEXT);
            CREATE TABLE lastfm_similar (spotify_id TEXT);
            CREATE TABLE task (job TEXT, provider TEXT, state TEXT, error TEXT);
            CREATE TABLE run (job TEXT, started_at REAL, seen_at REAL, requests INTEGER,
                settled INTEGER, limited INTEGER, failed INTEGER, rejected INTEGER);
            INSERT INTO run VALUES ('spotify', 0, 7200, 1200, 240, 3, 2, 1);
            """
        )
        for song in range(120):
            for tag in ("rock", "<b>bold</b>", "😀", "夏", "a" * 400)[: 1 + song % 5]:
                db.execute("INSERT INTO lastfm_tag VALUES (?, ?, 100)", (f"{song:022d}", tag))
            done = ("spotify", "spotify", "done", None)
            dead = ("spotify", "spotify", "dead", "<script>window.broken=1</script>")
            db.execute("INSERT INTO task VALUES (?, ?, ?, ?)", done if song % 9 else dead)


def write_comparison(state: Path) -> None:
    """Write what `model compare` leaves, as docs/data.md describes it."""
    quality, curve, ablation = [], [], []
    for place, name in enumerate(("popularity", "neighbours")):
        for metric in METRICS:
            figures = {"mean": 0.2 + place / 10, "low": 0.1, "high": 0.5}
            row = {"recommender": name, "metric": metric, "label": "all", "n_playlists": 100}
            for category in (-1, 1, 2):
                own = {"definition": "code", "category": category, "label": f"category {category}"}
                quality.append(row | own | figures)
            for share in (0.5, 1.0):
                own = {"share": share, "n_training_playlists": int(1000 * share)}
                own["recall_ceiling"] = 0.9
                curve.append(row | own | figures | {"fit_s": 1.0})
            lost = {"without": "tags", "category": -1, "full_mean": 0.3, "difference": -0.1}
            ablation.append(row | lost | {"mean": 0.2, "low": -0.2, "high": 0.0, "p_value": 0.04})
    costs = [{"recommender": "popularity", "n_training_playlists": 1000, "fit_s": 0.1}]
    tables = {"quality": quality, "curve": curve, "ablation": ablation, "recommenders": costs}
    folder = state / "results" / "compare-test"
    folder.mkdir(parents=True)
    compared = {
        "settings": {"cutting": {"part": "test", "seed": 0}},
        "versions": {"python": "3.13"},
        "definition": "code",
        "n_playlists": 100,
        "notes": ["made up"],
        "tables": tables,
    }
    (folder / "compare.json").write_text(json.dumps(compared))
