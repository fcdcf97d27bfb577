"""What this machine gives: versions, room, rights, and whether a harvester is at work."""

import os
import platform
import shutil
import sqlite3
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

from harvest.errors import EXIT_INPUT, EXIT_STORAGE
from harvest.plan import clock_time
from harvest.worklist import Run

OLDEST_SQLITE = (3, 35, 0)  # the first with RETURNING
LEAST_ROOM = 100 * 2**20  # for SQLite's own journals


class Mark(StrEnum):
    """How a sign is to be taken."""

    GOOD = "✓"
    NOTE = "!"
    BAD = "✗"


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that was looked at.

    Attributes
    ----------
    mark : Mark
    subject : str
    text : str
        What was found, and what to do where it is not good.
    exit_code : int
        What it ends the command with; 0 unless it is bad.
    """

    mark: Mark
    subject: str
    text: str
    exit_code: int = 0


def versions() -> Sign:
    """Name what runs."""
    text = (
        f"Python {platform.python_version()}, harvest {version('playlist-harvest')}, "
        f"aiohttp {version('aiohttp')}, SQLite {sqlite3.sqlite_version}"
    )
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        text += f"; SQLite has to be {wanted} or newer: use a newer Python"
        return Sign(Mark.BAD, "versions", text, EXIT_INPUT)
    return Sign(Mark.GOOD, "versions", text)


def room(state: Path, needed_bytes: int) -> Sign:
    """Say whether `state` can be written, and what is left to be stored fits on its disk."""
    place = next(path for path in (state, *state.absolute().parents) if path.exists())
    is_usable = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    database = state / "harvest.db"
    if not is_usable or (database.exists() and not os.access(database, os.W_OK)):
        refused = database if is_usable else place
        text = f"{refused} cannot be written; set its rights, or give another --state"
        return Sign(Mark.BAD, "disk", text, EXIT_STORAGE)
    free = shutil.disk_usage(place).free
    text = f"{_size(free)} free in {state}, about {_size(needed_bytes)} needed to finish"
    if free < needed_bytes + LEAST_ROOM:
        return Sign(Mark.BAD, "disk", f"{text}; make room", EXIT_STORAGE)
    return Sign(Mark.GOOD, "disk", text)


def rights(paths: Iterable[Path]) -> list[Sign]:
    """Name the files among `paths` that others than their owner may read."""
    return [
        Sign(Mark.NOTE, "rights", f"others may read {path}; run `chmod 600 {path}`")
        for path in paths
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


def harvester(job: str, run: Run | None) -> list[Sign]:
    """Say whether the latest run of `job` is still at work."""
    if run is None or run.outcome is not None or not _is_alive(run.pid):
        return []
    since = f"{clock_time(run.started_at):%Y-%m-%d %H:%M}"
    return [Sign(Mark.GOOD, job, f"process {run.pid} is at work on it since {since}")]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _size(n_bytes: float) -> str:
    """Return a number of bytes for people.

    >>> _size(0), _size(2_340_000), _size(56e9)
    ('0 MB', '2 MB', '56.0 GB')
    """
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:.0f} MB"
