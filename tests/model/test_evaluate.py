from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model.errors import InputError
from model.evaluate import count_failures, evaluate, summarise
from model.settings import PARTS, Settings

PUBLISHED = Settings(protocol="published", parts=PARTS, n_clusters=2, min_count=2)
HOLDOUT = Settings(min_count=2)


def test_the_studys_generator_beats_both_baselines_on_a_catalogue_with_genres(
    catalogue_state: Path,
) -> None:
    summary = evaluate(catalogue_state, HOLDOUT).summary
    match = summary[summary["metric"] == "match"].set_index("recommender")["mean"]
    assert match["nucleus"] > match["popularity"] > match["random"]


@pytest.mark.parametrize("settings", [HOLDOUT, PUBLISHED])
def test_the_same_state_and_settings_give_the_same_figures(
    catalogue_state: Path, settings: Settings
) -> None:
    first, again = evaluate(catalogue_state, settings), evaluate(catalogue_state, settings)
    pd.testing.assert_frame_equal(first.rows, again.rows, check_exact=True)
    pd.testing.assert_frame_equal(first.summary, again.summary, check_exact=True)


def test_every_mean_lies_within_its_interval(catalogue_state: Path) -> None:
    summary = evaluate(catalogue_state, HOLDOUT).summary
    assert (summary["low"] <= summary["mean"]).all()
    assert (summary["mean"] <= summary["high"]).all()


def test_published_figures_are_means_and_deviations_of_batch_means() -> None:
    rows = pd.DataFrame(
        {
            "part": "test",
            "recommender": ["nucleus"] * 4 + ["random", "popularity"],
            "batch": [0, 0, 0, 1, 0, 0],
            "match": [1.0, 2.0, np.nan, 5.5, 1.0, 1.0],
        }
    )
    settings = Settings(protocol="published", parts=("test",))
    summary = summarise(rows, settings).set_index("recommender")
    # Batch means 1.5 and 5.5: mean 3.5, deviation sqrt(2^2 + 2^2) = 2.83 with one degree less.
    assert summary.loc["nucleus", "mean"] == 3.5
    assert summary.loc["nucleus", "sd"] == pytest.approx(8**0.5)
    assert summary.loc["nucleus", "n"] == 3
    # One batch alone has no deviation.
    assert np.isnan(summary.loc["random", "sd"])


def test_failures_are_counted_by_reason() -> None:
    rows = pd.DataFrame(
        {"part": "test", "recommender": ["a", "a", "b"], "failure": ["short", "short", ""]}
    )
    assert count_failures(rows).to_dict(orient="records") == [
        {"part": "test", "recommender": "a", "reason": "short", "count": 2}
    ]


def test_unknown_keys_are_noted(tmp_path: Path, made_up: Any) -> None:
    playlists, songs = made_up.make_catalogue()
    songs[1].features["key"] = None
    state = made_up.write_state(tmp_path / "state", playlists, songs)
    assert "key is unknown of 1 track: " in " ".join(evaluate(state, HOLDOUT).notes)


def test_too_few_playlists_are_refused(tmp_path: Path, made_up: Any) -> None:
    playlists, songs = made_up.make_catalogue()
    state = made_up.write_state(tmp_path / "state", playlists[:6], songs)
    with pytest.raises(InputError, match="cannot be split"):
        evaluate(state, HOLDOUT)


def test_playlists_of_one_track_all_fail_and_are_counted(tmp_path: Path, made_up: Any) -> None:
    _, songs = made_up.make_catalogue()
    playlists = [made_up.Listed("x", 2 + row, [row % 11 + 1]) for row in range(40)]
    state = made_up.write_state(tmp_path / "state", playlists, songs)
    holdout = evaluate(state, HOLDOUT)
    assert holdout.failures["count"].tolist() == [holdout.n_playlists["test"]] * 3
    assert holdout.summary["mean"].isna().all()
    published = evaluate(state, PUBLISHED)
    assert published.summary.query("metric == 'match'")["mean"].tolist() == [1.0] * 9
