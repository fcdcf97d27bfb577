"""``harvest.db`` -> how far the harvest is, what it missed, and what it took."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Final

import pandas as pd

from model.errors import InputError
from model.inputs.database import open_harvest

_TASKS: Final = """
    SELECT job, coalesce(provider, '') AS provider, state, count(*) AS tracks
    FROM task GROUP BY job, provider, state ORDER BY job, provider, state
"""
_FEATURES: Final = """
    SELECT provider, count(*) AS tracks, min(fetched_at) AS first, max(fetched_at) AS last
    FROM audio_features GROUP BY provider ORDER BY provider
"""
_REASONS: Final = """
    SELECT job, state, coalesce(error, '') AS reason, count(*) AS tracks
    FROM task WHERE state IN ('missing', 'dead') GROUP BY job, state, error
    ORDER BY tracks DESC, job, state, reason LIMIT 12
"""
_RUNS: Final = """
    SELECT job, count(*) AS starts, sum(seen_at - started_at) AS seconds,
        sum(requests) AS requests, sum(settled) AS settled, sum(limited) AS limited,
        sum(failed) AS failed, sum(rejected) AS rejected
    FROM run GROUP BY job ORDER BY job
"""
_LASTFM: Final = """
    SELECT (SELECT count(*) FROM lastfm_track) AS tracks,
        (SELECT count(*) FROM lastfm_tag) AS tags,
        (SELECT count(*) FROM lastfm_similar) AS similars
"""
_QUERIES: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "tasks": (("task",), _TASKS),
    "features": (("audio_features",), _FEATURES),
    "reasons": (("task",), _REASONS),
    "runs": (("run",), _RUNS),
    "lastfm": (("lastfm_track", "lastfm_tag", "lastfm_similar"), _LASTFM),
}
"""What is counted: the tables that it needs, and how."""


def read_harvest(state: Path) -> dict[str, pd.DataFrame]:
    """Count what the harvester has written, without writing.

    Parameters
    ----------
    state : Path

    Returns
    -------
    dict of str to DataFrame
        - ``tasks``: job, provider, state, tracks;
        - ``features``: provider, tracks, first, last (Unix seconds);
        - ``reasons``: job, state, reason, tracks: the twelve most frequent;
        - ``runs``: job, starts, seconds, requests, settled, limited, failed, rejected;
        - ``lastfm``: tracks, tags, similars.

        A frame is absent where its tables are, and all are where there is no file.

    Raises
    ------
    InputError
        If the file is no such database.
    """
    path = state / "harvest.db"
    if not path.is_file():
        return {}
    try:
        with closing(open_harvest(path)) as db:
            known = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        wanted = [name for name, (needed, _) in _QUERIES.items() if known.issuperset(needed)]
        # Side by side: over millions of rows each takes seconds, in which SQLite holds no lock of
        # the interpreter.
        with ThreadPoolExecutor() as pool:
            frames = pool.map(lambda name: _read(path, _QUERIES[name][1]), wanted)
            return dict(zip(wanted, frames, strict=True))
    except sqlite3.Error as error:
        msg = f"cannot read {path} ({error}); `harvest verify` says what is wrong"
        raise InputError(msg) from error


def _read(path: Path, query: str) -> pd.DataFrame:
    with closing(open_harvest(path)) as db:
        cursor = db.execute(query)
        names = [column[0] for column in cursor.description]
        return pd.DataFrame(cursor.fetchall(), columns=names)
