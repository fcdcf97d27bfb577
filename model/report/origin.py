"""How figures were made: the command, the seed, versions, hashes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from model.report.blocks import Block, Missing, Part, Text, table_of
from model.report.reading import Found
from model.status.asked_by import evaluate_command, explore_command, sweep_command


def origin_part(found: Found) -> Part:
    """List what every stage and result was made by."""
    results = _result_rows(found)
    blocks: list[Block] = [
        Text(
            "Every figure above comes from a file of the state. Stages lie under model/, each with "
            "a manifest that holds all of this, and results under results/ and explore/. The same "
            "inputs, parameters, seed and versions give the same bytes."
        )
    ]
    if not results and not found.stages:
        blocks.append(Missing("Nothing has been learnt of this state yet:", "model evaluate"))
    if results:
        frame = pd.DataFrame(results, columns=["folder", "command", "seed", "versions"])
        blocks.append(table_of(frame, "Results"))
    if found.stages:
        blocks.append(table_of(_stage_frame(found), "Stages", most=200))
    return Part("made", "How it was made", tuple(blocks))


def _result_rows(found: Found) -> list[tuple[str, str, str, str]]:
    """Give folder, command, seed and versions of every result, the exploration first."""
    own = found.explored
    rows = [
        *(
            [_row("explore", explore_command(own.settings), own.settings, own.versions)]
            if own
            else []
        ),
        *(
            _row(name, evaluate_command(run.settings), run.settings, run.versions)
            for name, run in found.runs.items()
        ),
        *(
            _row(
                name, sweep_command(one.settings, one.grid, one.metric), one.settings, one.versions
            )
            for name, one in found.sweeps.items()
        ),
    ]
    compared = [
        (name, "model compare", str(_seed(one.settings)), _say_versions(one.versions))
        for name, one in found.compared.items()
    ]
    return rows + compared


def _row(
    name: str, command: str, settings: Mapping[str, Any], versions: Mapping[str, str]
) -> tuple[str, str, str, str]:
    return name, command, str(settings["random_state"]), _say_versions(versions)


def _seed(settings: Mapping[str, Any]) -> object:
    cutting = settings.get("cutting")
    return cutting.get("seed", "") if isinstance(cutting, dict) else settings.get("seed", "")


def _say_versions(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {one}" for name, one in versions.items())


def _stage_frame(found: Found) -> pd.DataFrame:
    rows = []
    for stage, artifacts in found.stages.items():
        for artifact in artifacts:
            made, recipe = artifact.manifest, artifact.manifest.recipe
            parameters = ", ".join(
                f"{name} {_plain(value)}" for name, value in recipe.parameters.items()
            )
            inputs = ", ".join(f"{name} {one[:8]}" for name, one in recipe.inputs.items())
            when = datetime.fromtimestamp(made.made_at, UTC).strftime("%Y-%m-%d %H:%M UTC")
            rows.append((stage, parameters, inputs, artifact.content[:12], when, made.duration_s))
    names = ["stage", "parameters", "from (SHA-256)", "content (SHA-256)", "made", "took, s"]
    return pd.DataFrame(rows, columns=names)


def _plain(value: object) -> str:
    if isinstance(value, list):
        return "+".join(map(str, value))
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
