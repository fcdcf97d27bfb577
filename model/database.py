"""Opens ``harvest.db`` to read it; quick to import."""

import sqlite3
from pathlib import Path


def open_harvest(path: Path) -> sqlite3.Connection:
    """Open the database without a right to write to it.

    Even to read it, SQLite puts an index of the log beside it. Where that may not be, as on a disc
    or in a snapshot, and there is no log, the file itself is all there is, and is read as it is.

    Parameters
    ----------
    path : Path
        An existing one.

    Raises
    ------
    sqlite3.Error
        If it cannot be read, or is no database.
    """
    address = f"{path.absolute().as_uri()}?mode=ro"
    db = sqlite3.connect(address, uri=True)
    try:
        db.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        db.close()
        if not isinstance(error, sqlite3.OperationalError) or _has_log(path):
            raise
        return sqlite3.connect(f"{address}&immutable=1", uri=True)
    return db


def _has_log(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0
