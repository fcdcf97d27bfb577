"""Which results are of other tables than a state holds now, and what makes them again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from model.freshness import is_outdated, table_hashes
from model.settings import Settings

COMPARE: Final = "model compare --playlists 1000"
_CLUSTERS: Final = Settings().n_clusters


class _Settings(msgspec.Struct):
    """What is looked at of the settings of a result; a comparison has others."""

    protocol: str = "holdout"
    n_clusters: int = _CLUSTERS


class _Made(msgspec.Struct):
    """What is looked at of a result's file."""

    settings: _Settings
    inputs: dict[str, str] = {}


def older_results(state: Path) -> dict[str, str]:
    """Give the command of each result of other tables, by the name of its folder.

    Results that do not say of which tables they are, or cannot be read, are left out.
    """
    return dict(_outdated(state))


def _outdated(state: Path) -> Iterator[tuple[str, str]]:
    now = table_hashes(state)
    results = [
        path
        for name in ("summary", "sweep", "compare")
        for path in sorted((state / "results").glob(f"*/{name}.json"))
    ]
    for path in (*results, state / "explore" / "explore.json"):
        try:
            made = msgspec.json.decode(path.read_bytes(), type=_Made)
        except (OSError, ValueError):
            continue
        if is_outdated(made.inputs, now):
            yield path.parent.name, _command(path, made.settings)


def _command(path: Path, settings: _Settings) -> str:
    """Give the command that wrote a file of results."""
    protocol = "" if settings.protocol == "holdout" else f" --protocol {settings.protocol}"
    clusters = "" if settings.n_clusters == _CLUSTERS else f" --clusters {settings.n_clusters}"
    return {
        "summary": f"model evaluate{protocol}{clusters}",
        "sweep": f'model sweep{protocol} --grid "NAME=VALUES"',
        "compare": COMPARE,
        "explore": f"model explore{clusters}",
    }[path.stem]
