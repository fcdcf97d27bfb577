"""How `harvest.db` is opened: by one writer at a time, of a version that this program knows."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import IO

from harvest.errors import InputError, StateInUse, StorageError

SCHEMA_VERSION = 1
APPLICATION_ID = 0x48415256  # "HARV": tells our files from other people's
BUSY_TIMEOUT_S = 10.0


def lock_state(state: Path) -> IO[str]:
    """Make the folder `state` and take its lock; closing the returned file gives it back.

    The kernel drops the lock with the process, however that ends, so that no stale lock remains.

    Raises
    ------
    StateInUse
        If another process holds it.
    StorageError
        If the folder cannot be made or written.
    """
    path = state / "harvest.lock"
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = path.open("a+", encoding="ascii")
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        pid = _pid_in(lock)
        lock.close()
        raise StateInUse(
            f"another harvester (process {pid or 'unknown'}) works on {state}; "
            "wait for it to end, or give --state another folder",
            pid=pid,
        ) from error
    _write_pid(lock)
    return lock


def connect(path: Path) -> sqlite3.Connection:
    """Open `path` for reading and writing, making it or bringing it to our version as needed.

    The file is readable by its owner alone. The connection may be used by any one thread at a time.

    Raises
    ------
    InputError
        If the file is somebody else's, or of a newer version.
    StorageError
        If it cannot be written.
    """
    with storage_errors(path):
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        db = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        try:
            if check_version(db, path) == 0:
                _migrate(db)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
        except BaseException:
            db.close()
            raise
    return db


def connect_readonly(path: Path) -> sqlite3.Connection | None:
    """Open `path` to look at it beside a running harvester; None while it is still empty."""
    with storage_errors(path):
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
        )
        try:
            version = check_version(db, path)
        except BaseException:
            db.close()
            raise
    if version == 0:
        db.close()
        return None
    return db


def check_version(db: sqlite3.Connection, path: Path) -> int:
    """Return the schema's version, 0 for an empty file; refuse what is not ours."""
    # One transaction, or another process might make the tables between two of these looks.
    db.execute("BEGIN")
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (application,) = db.execute("PRAGMA application_id").fetchone()
    is_empty = db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is None
    db.execute("COMMIT")
    if application != APPLICATION_ID and not is_empty:
        raise InputError(f"{path} was not made by harvest; move it away, or give another --state")
    if version > SCHEMA_VERSION:
        raise InputError(
            f"{path} is of version {version}, this harvest knows {SCHEMA_VERSION}; "
            "update harvest, or give another --state"
        )
    return int(version)


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite or the file system says into one of our errors."""
    try:
        yield
    except sqlite3.Error as error:
        if "not a database" in str(error) or "malformed" in str(error):
            raise StorageError(
                f"{path} is damaged or not a harvest.db ({error}); "
                "move it away and start again, or bring back a copy"
            ) from error
        raise unwritable(path, error) from error
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: Exception) -> StorageError:
    """Return the error for a file that the system does not let us use."""
    return StorageError(
        f"cannot use {path}: {getattr(error, 'strerror', None) or error}; "
        "what was stored is whole: make room or set the rights, then start again"
    )


def _migrate(db: sqlite3.Connection) -> None:
    """Bring an empty file to the present version, in one transaction."""
    schema = resources.files("harvest").joinpath("schema.sql").read_text("utf-8")
    db.executescript(
        f"BEGIN IMMEDIATE; {schema}"
        f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
    )


def _pid_in(lock: IO[str]) -> int | None:
    lock.seek(0)
    text = lock.read().strip()
    return int(text) if text.isdigit() else None


def _write_pid(lock: IO[str]) -> None:
    lock.seek(0)
    lock.truncate()
    lock.write(f"{os.getpid()}\n")
    lock.flush()
