"""How figures were made: the command, the seed, versions, hashes."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd

from model.directions import CHOSEN_BY
from model.grid import DIMENSIONS, format_value
from model.report.blocks import Block, Missing, Part, Text, table_of
from model.report.reading import Found, SweepRun
from model.settings import PARTS, Protocol, Settings

_OPTIONS: Final = {
    "n_clusters": "--clusters",
    "similar": "--similar",
    "playlists_per_cluster": "--playlists-per-cluster",
    "share": "--share",
    "min_count": "--min-count",
    "random_state": "--random-state",
    "n_seeds": "--seeds",
    "neighbours": "--neighbours",
    "weighting": "--weighting",
    "shrinkage": "--shrinkage",
    "damping": "--damping",
    "min_tag_weight": "--min-tag-weight",
    "min_match": "--min-match",
}
_DEFAULTS: Final = asdict(Settings())


def evaluate_command(settings: Mapping[str, Any]) -> str:
    """Give the command that an evaluation was asked for by; options at their default are left out.

    Examples
    --------
    >>> evaluate_command({"protocol": "published", "n_clusters": 2, "share": 0.5})
    'model evaluate --protocol published --clusters 2'
    """
    parts = ["model evaluate", f"--protocol {settings['protocol']}", *_part(settings)]
    parts += _changed(settings)
    sources = settings.get("sources")
    if sources and list(sources) != list(_DEFAULTS["sources"]):
        parts.append(f"--sources {','.join(sources)}")
    return " ".join(parts)


def explore_command(settings: Mapping[str, Any]) -> str:
    """Give the command that an exploration was asked for by."""
    return " ".join(["model explore", *_changed(settings)])


def sweep_command(one: SweepRun) -> str:
    """Give the command of a sweep: what differs from the defaults; a grid has to name something."""
    usual = {each.name: [format_value(_DEFAULTS[each.field])] for each in DIMENSIONS}
    grid = {name: list(map(format_value, own)) for name, own in one.grid.items()}
    unusual = {name: own for name, own in grid.items() if own != usual[name]} or grid
    values = " ".join(f"{name}={','.join(own)}" for name, own in unusual.items())
    protocol: Protocol = one.settings["protocol"]
    is_usual = one.metric == CHOSEN_BY[protocol]
    parts = [f'model sweep --protocol {protocol} --grid "{values}"', *_changed(one.settings)]
    return " ".join([*parts, *([] if is_usual else [f"--metric {one.metric}"])])


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
            _row(name, sweep_command(one), one.settings, one.versions)
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


def _part(settings: Mapping[str, Any]) -> list[str]:
    """Name the part of the split, unless it is what the protocol is for."""
    usual = list(PARTS) if settings["protocol"] == "published" else ["test"]
    parts = list(settings.get("parts", usual))
    if parts == usual:
        return []
    return [f"--part {parts[0] if len(parts) == 1 else 'all'}"]


def _changed(settings: Mapping[str, Any]) -> list[str]:
    return [
        f"{option} {format_value(settings[name])}"
        if isinstance(settings[name], float)
        else f"{option} {settings[name]}"
        for name, option in _OPTIONS.items()
        if name in settings and settings[name] != _DEFAULTS[name]
    ]


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
