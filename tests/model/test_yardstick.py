"""The published protocol beside the study in plain pandas, playlist by playlist."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model.evaluate import evaluate
from model.settings import PARTS, Settings

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
FIGURES = ["match", "distance", "numf", "diff", "metric"]
NAMES = ["Chill", "chill!!", "Rock & Roll", "rock  roll", "Été", "road trip", "夜", "🎉🎉", ""]
UNNAMED = {"夜", "🎉🎉", ""}


@pytest.fixture(scope="module")
def judge() -> Any:
    """Give the yardstick's `judge`; its modules stand beside it, as for a script."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARKS)
        return importlib.import_module("yardstick").judge


@pytest.mark.parametrize(
    ("seed", "parameters"),
    [
        (1, {"n_clusters": 2}),
        (2, {"n_clusters": 10, "min_count": 2}),
        (3, {"n_clusters": 3, "share": 0.3, "similar": 3, "min_count": 1}),
        (4, {"n_clusters": 1, "share": 0.75, "playlists_per_cluster": 1}),
        (5, {"n_clusters": 5, "share": 0.0, "similar": 1, "min_count": 3}),
        (6, {"n_clusters": 2, "share": 1.0, "similar": 0, "playlists_per_cluster": 2}),
    ],
)
def test_every_playlist_has_the_figures_of_plain_pandas(
    judge: Any, made_up: Any, tmp_path: Path, seed: int, parameters: dict[str, Any]
) -> None:
    state = write_messy(made_up, tmp_path / "state", seed)
    require_equal(state, Settings(protocol="published", parts=PARTS, **parameters), judge)


def test_songs_of_equal_counts_go_by_first_appearance_in_a_playlist_that_is_not_skipped(
    judge: Any, made_up: Any, tmp_path: Path
) -> None:
    state = write_messy(made_up, tmp_path / "state", seed=7)
    require_equal(state, Settings(protocol="published", parts=PARTS, min_count=1), judge)


def test_the_study_s_assertion_and_lists_without_it_both_occur(
    judge: Any, made_up: Any, tmp_path: Path
) -> None:
    # One playlist a cluster often holds fewer entries than are to be drawn.
    chosen = Settings("published", PARTS, n_clusters=3, playlists_per_cluster=1, share=0.0)
    state = write_messy(made_up, tmp_path / "state", seed=2)
    rows = require_equal(state, chosen, judge)
    failed = rows["failure"] != ""
    assert 0 < failed.sum() < len(rows)
    assert rows.loc[failed, FIGURES].isna().all(axis=None)
    assert rows.loc[~failed, FIGURES].notna().all(axis=None)


def require_equal(
    state: Path, chosen: Settings, judge: Callable[..., pd.DataFrame]
) -> pd.DataFrame:
    """Compare all rows of both; distances of 0 may be off by rounding. Give the yardstick's."""
    ours = evaluate(state, chosen).rows.query("recommender == 'nucleus'")
    ours = ours.set_index("playlist_id").sort_index()
    its = judge(state, chosen).set_index("playlist_id").sort_index()
    same = ["part", "batch", "start_num", "n_clusters", "match"]
    pd.testing.assert_frame_equal(ours[same], its[same], check_dtype=False, check_exact=True)
    pd.testing.assert_frame_equal(
        ours[FIGURES], its[FIGURES], check_dtype=False, rtol=1e-9, atol=1e-9
    )
    assert ((ours["failure"] != "") == (its["failure"] != "")).all()
    return its


def write_messy(made_up: Any, state: Path, seed: int) -> Path:
    """Write playlists with all that real ones have: repeats, shared titles, gaps, no names."""
    rng = np.random.default_rng(seed)
    songs = [make_song(made_up, rng) for _ in range(int(rng.integers(30, 120)))]
    n_playlists = int(rng.integers(60, 150))
    playlists = [make_playlist(made_up, rng, len(songs)) for _ in range(n_playlists)]
    # The most followers of all, without a name: only those of named playlists count.
    playlists.append(made_up.Listed("夜", 100_000, [0, 1]))
    # Tracks are numbered in order of first appearance, as `harvest` does.
    order = list(dict.fromkeys(song for playlist in playlists for song in playlist.songs))
    for playlist in playlists:
        playlist.songs = [order.index(song) for song in playlist.songs]
    written: Path = made_up.write_state(state, playlists, [songs[song] for song in order])
    return written


def make_song(made_up: Any, rng: np.random.Generator) -> Any:
    features: dict[str, float | None] = dict(
        zip(
            ("danceability", "energy", "speechiness", "acousticness", "instrumentalness"),
            rng.random(5).tolist(),
            strict=True,
        )
    )
    features |= {
        "liveness": 1.5 if rng.random() < 0.05 else float(rng.random()),
        "key": None if rng.random() < 0.1 else int(rng.integers(-1, 12)),
        "tempo": float(rng.uniform(60, 180)),
        "loudness": float(rng.uniform(-30, 0)),
        "time_signature": None if rng.random() < 0.1 else int(rng.integers(3, 6)),
    }
    # Of 60 titles many are shared, some by a song that has features and one that has none.
    title = "…" if rng.random() < 0.03 else f"Title {rng.integers(60)}"
    return made_up.Song(
        title=title + "!" * int(rng.integers(2)),
        artist="夜" if rng.random() < 0.03 else f"Artist {rng.integers(20)}",
        album="" if rng.random() < 0.03 else f"Album {rng.integers(30)}",
        duration_s=float(rng.integers(60, 400)),
        features=None if rng.random() < 0.15 else features,
    )


def make_playlist(made_up: Any, rng: np.random.Generator, n_songs: int) -> Any:
    length = 1 if rng.random() < 0.05 else int(rng.integers(2, 40))
    # Popularity falls; a third of the playlists may name a song twice.
    weights = 1.0 / np.arange(1, n_songs + 1)
    chosen = rng.choice(
        n_songs,
        min(length, n_songs),
        replace=bool(rng.random() < 0.3),
        p=weights / weights.sum(),
    )
    followers = 1 if rng.random() < 0.2 else 2 + int(rng.pareto(1.2) * 3)
    return made_up.Listed(str(rng.choice(NAMES)), min(followers, 99_999), chosen.tolist())
