"""Writes what was gathered into files that other programs read, one a table."""

import csv
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from harvest.database.file_errors import damaged, unwritable
from harvest.database.opening import Database
from harvest.errors import InputError, StateInUse
from harvest.table_writer import TableWriter
from harvest.whole_files import durable_text

PAGE_ROWS = 20_000
SCRATCH_PREFIX = ".harvest-export-"
# Numbers inside harvest.db alone; the Parquet tables of playlists have another of the first name.
INTERNAL = {"track_id", "twin_of"}

_TYPES = {"TEXT": pa.string(), "INTEGER": pa.int64(), "REAL": pa.float64()}

Rows = Iterator[Sequence[tuple[Any, ...]]]
Writer = Callable[[Path, pa.Schema, Rows], int]


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of one file: their table, and the columns in whose order they are written."""

    table: str
    order: str


FILES: Mapping[str, Selection] = MappingProxyType(
    {
        "audio_features": Selection("audio_features", "track_id"),
        "lastfm_track": Selection("lastfm_track", "spotify_id"),
        "lastfm_tag": Selection("lastfm_tag", "spotify_id, tag"),
        "lastfm_similar": Selection("lastfm_similar", "spotify_id, match DESC, artist, title"),
        "spotify_track": Selection("spotify_track", "spotify_id"),
        "tasks": Selection("task", "job, track_id"),
    }
)


@dataclass(frozen=True, slots=True)
class Exported:
    """One file that was written."""

    path: Path
    rows: int


def export(state: Path, directory: Path, *, form: str) -> list[Exported]:
    """Write the tables of `state` into `directory`, as they stand at one moment.

    Files that are there already are replaced, each at once and when all are written; two exports of
    one state have the same bytes. It works beside a running harvester.

    Parameters
    ----------
    state : Path
        Holds harvest.db.
    directory : Path
        Made where it is absent.
    form : str
        `parquet` or `csv`.

    Returns
    -------
    list of Exported
        In the order of `FILES`.

    Raises
    ------
    InputError
        If nothing was gathered yet, the database is of an older version, or a folder stands where
        a file is to go.
    StateInUse
        If another export writes into `directory`.
    StorageError
        If something cannot be read or written; no file is replaced then. Should the system refuse
        to replace one of them itself, as another user's, it is named, and those after it stay.
    """
    database = Database.peek(state)
    if database is None:
        raise _nothing(state)
    with database, database.snapshot() as db:
        if not _has_something(db):
            raise _nothing(state)
        with _refusals(directory, database.path), _scratch(directory) as scratch:
            _require_no_folders(directory, form)
            rows = {
                path: _write(db, selection, path, _WRITERS[form])
                for name, selection in FILES.items()
                for path in [scratch / f"{name}.{form}"]
            }
            return [Exported(_publish(path, directory), n_rows) for path, n_rows in rows.items()]


def _has_something(db: sqlite3.Connection) -> bool:
    """Say whether there is a row, or a track of which it is known that there is none."""
    tables = [each.table for each in FILES.values() if each.table != "task"]
    queries = [f"SELECT 1 FROM {table}" for table in tables]
    any_row = " UNION ALL ".join([*queries, "SELECT 1 FROM task WHERE state != 'pending'"])
    return bool(db.execute(f"SELECT EXISTS ({any_row})").fetchone()[0])


def _nothing(state: Path) -> InputError:
    return InputError(
        f"nothing to export from {state}; `harvest spotify`, `harvest lastfm` and "
        "`harvest import PATH` gather something"
    )


def _require_no_folders(directory: Path, form: str) -> None:
    """Refuse what no file can be put in place of, before any is."""
    for path in (directory / f"{name}.{form}" for name in FILES):
        if path.is_dir() and not path.is_symlink():
            raise InputError(
                f"{path} is a folder, where a file is to go; move it away, or give another --output"
            )


def _write(db: sqlite3.Connection, selection: Selection, path: Path, writer: Writer) -> int:
    """Write one file; return its number of rows."""
    schema = _schema(db, selection.table)
    rows = db.execute(
        f"SELECT {', '.join(schema.names)} FROM {selection.table} ORDER BY {selection.order}"
    )
    return writer(path, schema, iter(lambda: rows.fetchmany(PAGE_ROWS), []))


def _schema(db: sqlite3.Connection, table: str) -> pa.Schema:
    """Return the columns of `table` as schema.sql has them, but for the numbers of tracks."""
    columns = db.execute('SELECT name, type, "notnull", pk FROM pragma_table_info(?)', (table,))
    return pa.schema(
        [
            pa.field(name, _TYPES[of], nullable=not (is_required or in_key))
            for name, of, is_required, in_key in columns
            if name not in INTERNAL
        ]
    )


def _write_csv(path: Path, schema: pa.Schema, pages: Rows) -> int:
    """Write a CSV after RFC 4180: a header, and nothing where a value is null."""
    n_rows = 0
    with durable_text(path) as file:
        writer = csv.writer(file)
        writer.writerow(schema.names)
        for page in pages:
            writer.writerows(page)
            n_rows += len(page)
    return n_rows


def _write_parquet(path: Path, schema: pa.Schema, pages: Rows) -> int:
    writer = TableWriter(path, schema)
    try:
        for page in pages:
            columns = dict(zip(schema.names, zip(*page, strict=True), strict=True))
            writer.append(pa.table(columns, schema=schema))
        writer.close()
    except BaseException:
        writer.abandon()
        raise
    return writer.rows


_WRITERS: Mapping[str, Writer] = MappingProxyType({"csv": _write_csv, "parquet": _write_parquet})


def _publish(path: Path, directory: Path) -> Path:
    return path.replace(directory / path.name)


@contextmanager
def _refusals(directory: Path, database: Path) -> Iterator[None]:
    """Say clearly what the disk refused, or that a value is of another type than its column."""
    try:
        yield
    except OSError as error:
        # Of a file that is put in place of another, it is the second that stands in the way.
        place = error.filename2 or error.filename or directory
        raise unwritable(Path(place), error) from error
    except pa.ArrowException as error:
        raise damaged(database, str(error)) from error


@contextmanager
def _scratch(directory: Path) -> Iterator[Path]:
    """Make an empty folder inside `directory`, for this process alone, and remove it afterwards."""
    directory.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        _lock(descriptor, directory)
        for left in directory.glob(f"{SCRATCH_PREFIX}*"):
            if _is_left_behind(left):
                shutil.rmtree(left, ignore_errors=True)
        scratch = Path(mkdtemp(prefix=SCRATCH_PREFIX, dir=directory))
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    finally:
        os.close(descriptor)


def _is_left_behind(path: Path) -> bool:
    """Say whether an export that was killed made this folder: it holds nothing else than it may."""
    ours = {f"{name}.{form}" for name in FILES for form in _WRITERS}
    is_folder = path.is_dir() and not path.is_symlink()
    return is_folder and ours.issuperset(each.name for each in path.iterdir())


def _lock(descriptor: int, directory: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        message = f"another `harvest export` writes into {directory}; wait for it to end"
        raise StateInUse(message, pid=None) from error
