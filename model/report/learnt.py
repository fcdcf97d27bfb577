"""Clusters of playlists, and models of followers."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import pandas as pd

from model.columns import EVIDENCE_FIGURES
from model.exploration.files import CATALOGUE, Shown
from model.report.blocks import (
    Block,
    Missing,
    Part,
    Picture,
    Text,
    interval_cell,
    spread_cell,
    svg_picture,
    table_of,
)
from model.report.damaged import damages, sound
from model.report.figures import draw_calibration, drawn
from model.report.gathered import ELSEWHERE, exhibit_picture
from model.report.outdated import outdated, outdated_stage
from model.report.reading import Found, read_csv
from model.status.asked_by import explore_command
from model.storage.artifacts import Artifact

_SHOWN_MODELS: Final = 3
_SCORES: Final = {
    "d2_absolute": "D² absolute ↑",
    "d2_squared": "D² squared ↑",
    "male": "mean absolute log error ↓",
    "spearman": "Spearman ↑",
}


def clusters_part(found: Found) -> Part:
    """Show clusters in words, their centres, where they lie, and how many the data bear out."""
    blocks: list[Block] = []
    shown = {one.name: one for one in found.explored.exhibits} if found.explored else {}
    blocks += damages(found, CATALOGUE, lambda _: "model explore")
    if not shown and not blocks:
        blocks.append(Missing("Clusters have not been looked at:", "model explore"))
    elif found.explored:
        command = explore_command(found.explored.settings)
        blocks += outdated(found, found.explored.inputs, command)
    for name in ELSEWHERE:
        if name not in shown:
            continue
        blocks += sound(partial(_exhibit, found, shown[name]), "model explore")
    evidence = found.newest("evidence", "holdout")
    if evidence is None:
        words = "How many clusters the data bear out has not been tried:"
        blocks.append(Missing(words, "model clusters --evidence"))
    else:
        blocks += outdated_stage(found, evidence, "model clusters --evidence")
        blocks += sound(partial(_evidence, evidence), "model clusters --evidence")
    return Part("clusters", "Clusters", tuple(blocks))


def followers_part(found: Found) -> Part:
    """Show how well each model predicts followers, and whether it is calibrated."""
    blocks: list[Block] = []
    for protocol in ("holdout", "published"):
        artifact = found.newest("follower_models", protocol)
        if artifact is not None:
            command = f"model followers --protocol {protocol}"
            blocks += outdated_stage(found, artifact, command)
            blocks += sound(partial(_models, artifact, protocol), command)
    if not blocks:
        blocks.append(Missing("Models of followers have not been compared:", "model followers"))
    return Part("followers", "Models of followers", tuple(blocks))


def _exhibit(found: Found, exhibit: Shown) -> list[Block]:
    """Give the figure of an exhibit where it has one, else all of its table."""
    picture = exhibit_picture(found, exhibit)
    if picture is not None:
        return [picture]
    name = f"{exhibit.name}.csv"
    table = read_csv(found.state / "explore" / name, sha256=exhibit.files.get(name))
    return [table_of(table, exhibit.title, most=100), Text(exhibit.says, True)]


def _read(artifact: Artifact, name: str, *, texts: Sequence[str] = ()) -> pd.DataFrame:
    """Read a table of an artifact, if it is what was written; numbers but for the `texts`."""
    stamp = artifact.manifest.files.get(name)
    table = read_csv(artifact.folder / name, sha256=stamp.sha256 if stamp else None)
    # A figure that no row has is a column of gaps, which are no numbers yet.
    figures = table.columns.difference([*texts])
    return table.assign(**{figure: pd.to_numeric(table[figure]) for figure in figures})


def _evidence(artifact: Artifact) -> list[Block]:
    table = _read(artifact, "evidence.csv")
    shown = table[["k", "made"]].copy()
    for name in EVIDENCE_FIGURES:
        cells = [
            spread_cell(value, spread)
            for value, spread in zip(table[name], table[f"{name}_sd"], strict=True)
        ]
        shown[name] = pd.Series(cells, dtype=object)
    labels = {"k": "clusters", "inertia_share": "inertia, share", "smallest": "smallest, share"}
    says = (
        "Mean over seeds ± sd. Silhouette: how much nearer playlists are to their own cluster than "
        "to the next, best 1. Stability: agreement of two seeds (adjusted Rand index), best 1. "
        "(model clusters --evidence)"
    )
    caption = "Which numbers of clusters the data bear out"
    return [table_of(shown, caption, labels=labels), Text(says, True)]


def _models(artifact: Artifact, protocol: str) -> list[Block]:
    scores = _read(artifact, "scores.csv", texts=("model", "score"))
    calibration = _read(artifact, "calibration.csv", texts=("model",))
    # The first model knows no features, and predicts the same for all.
    errors = scores[scores["score"] == "male"].set_index("model")["value"].iloc[1:]
    best = errors.sort_values(kind="stable").index[:_SHOWN_MODELS].tolist()
    caption = f"Models of followers, {protocol} protocol (95 % interval)"
    says = (
        "On log(1 + followers) of the validation part; D²: share of the error that features save "
        "against the training part's median or mean; best 1, none 0. (model followers --protocol "
        f"{protocol})"
    )
    return [
        table_of(_scores(scores), caption, labels=_SCORES),
        Text(says, True),
        _calibration_picture(calibration, best, protocol),
        table_of(_calibration(calibration, best), "Calibration by tenths of the prediction"),
    ]


def _scores(scores: pd.DataFrame) -> pd.DataFrame:
    """Put scores side by side, a row a model."""
    cells = [
        interval_cell(value, low, high)
        for value, low, high in zip(scores["value"], scores["low"], scores["high"], strict=True)
    ]
    wide = scores.assign(cell=pd.Series(cells, dtype=object)).pivot(
        index="model", columns="score", values="cell"
    )
    models, names = (scores[name].drop_duplicates().tolist() for name in ("model", "score"))
    return wide.loc[models, names].reset_index()


def _calibration_picture(table: pd.DataFrame, models: list[str], protocol: str) -> Picture:
    return svg_picture(
        drawn(draw_calibration(table, models)),
        alt=f"Calibration of {', '.join(models)}: observed against predicted followers by tenths "
        "of the prediction; a calibrated model lies on the dotted line.",
        caption=f"Calibration of the {len(models)} models with the least error, {protocol} "
        "protocol: tenths of the prediction, with 95 % intervals; a calibrated model lies on the "
        "dots.",
    )


def _calibration(calibration: pd.DataFrame, models: list[str]) -> pd.DataFrame:
    own = calibration[calibration["model"].isin(models)]
    columns = ["model", "decile", "n", "predicted_mean", "observed_mean"]
    return own[[*columns, "observed_mean_low", "observed_mean_high"]]
