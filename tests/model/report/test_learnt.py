"""Numbers of clusters and models of followers, as their files have them."""

from pathlib import Path

import pandas as pd

from model.report.blocks import Missing, Picture, Table
from model.report.learnt import clusters_part, followers_part
from model.report.reading import Found
from model.storage.artifacts import Artifact
from model.storage.recipes import Manifest, Recipe
from tests.model.report.cells import cells


def artifact(folder: Path, stage: str) -> dict[str, list[Artifact]]:
    recipe = Recipe(stage=stage, label="a", parameters={"protocol": "holdout"}, inputs={})
    manifest = Manifest(recipe=recipe, files={}, summary={}, made_at=0, duration_s=0.0)
    return {stage: [Artifact(folder, manifest)]}


def test_what_has_not_been_learnt_names_its_command() -> None:
    commands = [
        [block.command for block in make(Found(Path("state"))).blocks if isinstance(block, Missing)]
        for make in (clusters_part, followers_part)
    ]
    assert commands == [["model explore", "model clusters --evidence"], ["model followers"]]


def test_each_number_of_clusters_has_its_figures_and_their_spread(tmp_path: Path) -> None:
    (tmp_path / "evidence.csv").write_text(
        "k,made,inertia_share,silhouette,stability,smallest,"
        "inertia_share_sd,silhouette_sd,stability_sd,smallest_sd\n"
        "2,2,0.5,0.25,1.0,0.125,0.0625,0.0,0.5,0.0\n"
    )
    found = Found(tmp_path, stages=artifact(tmp_path, "evidence"))
    table = clusters_part(found).blocks[1]
    assert cells(table) == [
        ["2", "2", "0.500 ± 0.062", "0.250 ± 0.000", "1.00 ± 0.500", "0.125 ± 0.000"]
    ]


def test_what_no_number_of_clusters_has_is_a_dash(tmp_path: Path) -> None:
    """As of playlists that all sound the same."""
    (tmp_path / "evidence.csv").write_text(
        "k,made,inertia_share,silhouette,stability,smallest,"
        "inertia_share_sd,silhouette_sd,stability_sd,smallest_sd\n"
        "2,1,,,1.0,0.5,,,0.0,0.0\n5,1,,,1.0,0.5,,,0.0,0.0\n"
    )
    found = Found(tmp_path, stages=artifact(tmp_path, "evidence"))
    table = clusters_part(found).blocks[1]
    assert isinstance(table, Table)
    assert [cell.text for cell in table.rows[0][2:4]] == ["–", "–"]
    assert [cell.key for cell in table.rows[0][2:4]] == ["", ""]


def test_models_keep_their_order_and_the_calibration_leaves_the_first_out(tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text(
        "model,score,value,low,high\nmedian,male,0.5,0.25,0.75\nridge,male,0.25,0.125,0.5\n"
    )
    rows = [(name, 1, 5, 1.0, 1.5, 1.25, 1.75) for name in ("median", "ridge")]
    columns = ["model", "decile", "n", "predicted_mean", "observed_mean"]
    columns += ["observed_mean_low", "observed_mean_high"]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "calibration.csv", index=False)
    found = Found(tmp_path, stages=artifact(tmp_path, "follower_models"))
    scores, _, picture, calibration = followers_part(found).blocks
    assert cells(scores) == [["median", "0.500 (0.250–0.750)"], ["ridge", "0.250 (0.125–0.500)"]]
    assert isinstance(picture, Picture)
    assert [row[0] for row in cells(calibration)] == ["ridge"]


def test_models_scored_on_one_playlist_have_no_intervals(tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text(
        "model,score,value,low,high\nmedian,male,0.5,,\nridge,male,0.25,,\n"
    )
    (tmp_path / "calibration.csv").write_text(
        "model,decile,n,predicted_mean,observed_mean,observed_mean_low,observed_mean_high\n"
        "median,1,1,1.25,1.5,,\nridge,1,1,1.25,1.5,,\n"
    )
    found = Found(tmp_path, stages=artifact(tmp_path, "follower_models"))
    scores, _, picture, calibration = followers_part(found).blocks
    assert cells(scores) == [["median", "0.500"], ["ridge", "0.250"]]
    assert isinstance(picture, Picture)
    assert cells(calibration) == [["ridge", "1", "1", "1.25", "1.50", "–", "–"]]
