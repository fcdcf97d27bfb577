"""How `harvest.db` is opened: by one writer at a time, of a version that this program knows."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import resources
from pathlib import Path
from typing import IO, Any, Self

from harvest.config import make_private
from harvest.database.file_errors import gone, storage_errors
from harvest.database.locking import LOCK, is_at, lock_state, place_of
from harvest.errors import InputError

SCHEMA_VERSION = 5
APPLICATION_ID = 0x48415256  # "HARV": tells our files from other people's
BUSY_TIMEOUT_S = 10.0
_NO_PLACE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}  # for files beside the database

# What brings a file of each version to ours.
_SCRIPTS = {
    0: ("schema.sql",),
    1: ("upgrade.sql", "upgrade_lastfm.sql"),
    2: ("upgrade_2.sql", "upgrade_lastfm.sql", "upgrade_3.sql", "upgrade_4.sql"),
    3: ("upgrade_3.sql", "upgrade_4.sql"),
    4: ("upgrade_4.sql",),
}


class Database:
    """An open `harvest.db`.

    `open` takes the state's lock, so that two harvesters never write to one state; `peek` reads
    beside a running harvester. It may be used by any one thread at a time.
    """

    def __init__(self, db: sqlite3.Connection, path: Path, lock: IO[str] | None = None) -> None:
        self.path = path
        self._db = db
        self._lock = lock
        self._place = place_of(path) if lock else None

    @classmethod
    def open(cls, state: Path) -> Self:
        """Open the database in `state` for writing, making it where it is absent.

        Raises
        ------
        StateInUse
            If another harvester holds the lock.
        StorageError, InputError
            If the file cannot be written, or is not a harvest.db that this program knows.
        """
        path = state / "harvest.db"
        lock = lock_state(state)
        try:
            return cls(connect(path), path, lock)
        except BaseException:
            lock.close()
            raise

    @classmethod
    def peek(cls, state: Path) -> Self | None:
        """Open the database in `state` for reading alone; None where there is none yet."""
        path = state / "harvest.db"
        db = connect_readonly(path) if path.exists() else None
        return cls(db, path) if db else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and give the lock back."""
        self._db.close()
        if self._lock:
            self._lock.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all that is done inside, or nothing of it.

        Raises
        ------
        StorageError
            If it cannot be written.
        """
        self.require_place()
        with storage_errors(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def require_place(self) -> None:
        """Raise `StorageError` where what is open for writing is not what its path names any more.

        SQLite would go on writing to a file that nobody finds again.
        """
        if self._lock is None:
            return
        if place_of(self.path) != self._place:
            raise gone(self.path)
        if not is_at(self._lock, self.path.with_name(LOCK)):
            raise gone(self.path.with_name(LOCK))

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Read all that is read inside as it stood at one moment, beside a writer."""
        with storage_errors(self.path):
            self._db.execute("BEGIN")
            try:
                yield self._db
            finally:
                self._db.execute("ROLLBACK")

    def rows(self, query: str, *values: object, **named: object) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of `query`, given values by position or by name."""
        with storage_errors(self.path):
            yield from self._db.execute(query, named or values)

    def one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        """Return the first row of `query`, None where there is none."""
        return next(self.rows(query, *values), None)


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
        make_private(path)
        db = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        try:
            _bring_up_to_date(db, check_version(db, path))
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
        except BaseException:
            db.close()
            raise
    return db


def connect_readonly(path: Path) -> sqlite3.Connection | None:
    """Open `path` to look at it beside a running harvester; None while it is still empty.

    Raises
    ------
    InputError
        If the file is somebody else's, or of another version: only a job brings it to ours.
    StorageError
        If it cannot be read.
    """
    with storage_errors(path):
        db = _opened_readonly(path)
        try:
            version = check_version(db, path)
            if version not in {0, SCHEMA_VERSION}:
                raise InputError(
                    f"{path} is of version {version}; start a job once (`harvest spotify` or "
                    f"`harvest lastfm`), which makes it {SCHEMA_VERSION}"
                )
        except BaseException:
            db.close()
            raise
    if version == 0:
        db.close()
        return None
    return db


def _opened_readonly(path: Path) -> sqlite3.Connection:
    """Open a file that can be read; where its folder cannot be written, one that nobody changes.

    Beside a database with a log SQLite makes two files, be it to read. Without them, and where the
    log holds nothing, the file has all there is.
    """
    address = f"{path.absolute().as_uri()}?mode=ro"
    connect_to = partial(sqlite3.connect, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    db = connect_to(address)
    try:
        db.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except sqlite3.Error as error:
        db.close()
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _NO_PLACE or _has_log(path):
            raise
        return connect_to(f"{address}&immutable=1")
    return db


def _has_log(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


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
    if not 0 <= version <= SCHEMA_VERSION:
        raise InputError(
            f"{path} is of version {version}, this harvest knows {SCHEMA_VERSION}; "
            "update harvest, or give another --state"
        )
    return int(version)


def _bring_up_to_date(db: sqlite3.Connection, version: int) -> None:
    """Make the tables, or bring those of an older version to ours, in one transaction."""
    if version == SCHEMA_VERSION:
        return
    scripts = "\n".join(_sql(name) for name in _SCRIPTS[version])
    script = scripts.replace("-- SCHEMA --", _sql("schema.sql"))
    marks = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
    db.executescript(f"BEGIN IMMEDIATE; {script} {marks} COMMIT;")


def _sql(name: str) -> str:
    return resources.files("harvest.database").joinpath(name).read_text("utf-8")
