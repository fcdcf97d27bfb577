"""What tells audio features and last.fm's data from those of later; quick to import."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from model.inputs.database import open_harvest
from model.storage.freshness import FEATURES, LASTFM, MSD
from model.storage.recipes import hash_bytes
from model.storage.whole_files import write_atomically

_QUERIES = {
    FEATURES: "SELECT count(*), max(fetched_at) FROM audio_features",
    LASTFM: "SELECT bytes FROM job WHERE job = 'lastfm' AND bytes > 0",
}
_TABLES = {FEATURES: {"audio_features"}, LASTFM: {"job"}}
_DUMP = ("manifest.json", "match_manifest.json")
"""Of the Million Song dump, under ``msd``: they name the hashes of all other files there."""
_NOTHING = ""


class _Counted(msgspec.Struct):
    """Marks, and of which file they are."""

    stamp: list[list[int]]
    marks: dict[str, str]


def harvest_marks(state: Path) -> dict[str, str]:
    """Give marks of audio features, last.fm's data and the Million Song dump's, which change so.

    To count millions of features takes a second, so that is done only where `harvest.db` is not,
    by size and time of change, as it was at the last `keep_marks`. A mere reader may change that
    time, and no mark. Of a database that cannot be read there is none.
    """
    return _counted(state).marks | _dump_mark(state)


def keep_marks(state: Path) -> dict[str, str]:
    """Do as `harvest_marks`, and keep what was counted for the next time."""
    counted = _counted(state)
    with suppress(OSError):  # Then it is counted again.
        path = _place(state)
        path.parent.mkdir(exist_ok=True)
        write_atomically(path, lambda file: file.write(msgspec.json.encode(counted)))
    return counted.marks | _dump_mark(state)


def _counted(state: Path) -> _Counted:
    stamp = _stamp(state)
    with suppress(OSError, ValueError):
        kept = msgspec.json.decode(_place(state).read_bytes(), type=_Counted)
        if kept.stamp == stamp:
            return kept
    return _Counted(stamp, _count(state / "harvest.db"))


def _dump_mark(state: Path) -> dict[str, str]:
    """Mark the dump as it is matched with our tracks; without that nobody reads it."""
    try:
        content = [(state / "msd" / name).read_bytes() for name in _DUMP]
    except OSError:
        return {MSD: _NOTHING}
    return {MSD: hash_bytes(b"\0".join(content))}


def _place(state: Path) -> Path:
    return state / "model" / "harvested.json"


def _stamp(state: Path) -> list[list[int]]:
    paths = [state / name for name in ("harvest.db", "harvest.db-wal")]
    statuses = [path.stat() for path in paths if path.is_file()]
    return [[one.st_size, one.st_mtime_ns] for one in statuses if one.st_size]


def _count(path: Path) -> dict[str, str]:
    if not path.is_file():
        return dict.fromkeys(_QUERIES, _NOTHING)
    marks = {}
    with suppress(sqlite3.Error), closing(open_harvest(path)) as db:
        known = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        for name, query in _QUERIES.items():
            row = db.execute(query).fetchone() if known.issuperset(_TABLES[name]) else None
            marks[name] = " ".join(map(str, row)) if row and row[0] else _NOTHING
    return marks
