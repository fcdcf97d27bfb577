"""Which results are of other data than a state holds now, and what makes them again."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from model.inputs.harvest_marks import harvest_marks
from model.status.asked_by import evaluate_command, explore_command, sweep_command
from model.storage.freshness import is_outdated, table_hashes

COMPARE: Final = "model compare --playlists 1000"
_USUAL: Final = " --protocol holdout"


class _Made(msgspec.Struct):
    """What is looked at of a result's file; the last two are of sweeps."""

    settings: dict[str, Any]
    inputs: dict[str, str] = {}
    grid: dict[str, list[float]] = {}
    metric: str = ""


def older_results(state: Path) -> dict[str, str]:
    """Give the command of each result of other data, by the name of its folder.

    Results that do not say of which tables they are, or cannot be read, are left out.
    """
    return dict(_outdated(state))


def _outdated(state: Path) -> Iterator[tuple[str, str]]:
    now = table_hashes(state) | harvest_marks(state)
    results = [
        path
        for name in ("summary", "sweep", "compare")
        for path in sorted((state / "results").glob(f"*/{name}.json"))
    ]
    for path in (*results, state / "explore" / "explore.json"):
        # What lacks a setting, or has another kind of value, is as little read as what is no JSON.
        with suppress(OSError, ValueError, LookupError, TypeError):
            made = msgspec.json.decode(path.read_bytes(), type=_Made)
            if is_outdated(made.inputs, now):
                yield path.parent.name, _command(path, made)


def _command(path: Path, made: _Made) -> str:
    """Give the command that wrote a file of results."""
    match path.stem:
        case "compare":
            return COMPARE
        case "explore":
            return explore_command(made.settings)
        case "sweep":
            command = sweep_command(made.settings, made.grid, made.metric)
        case _:
            command = evaluate_command(made.settings)
    return command.replace(_USUAL, "", 1)
