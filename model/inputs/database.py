"""Opens ``harvest.db`` to read it; quick to import."""

import sqlite3
from pathlib import Path

# What SQLite says of a file that is not, or no longer, a sound one; `harvest` goes by the same.
_DAMAGE = ("not a database", "malformed", "Could not decode to UTF-8")


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


def way_out(error: sqlite3.Error, *, made_by: str) -> str:
    """Say what helps where the database cannot be read: of damage, what `harvest` says too.

    Parameters
    ----------
    error : sqlite3.Error
    made_by : str
        The command that makes the table that is asked for.

    Examples
    --------
    >>> way_out(sqlite3.DatabaseError("file is not a database"), made_by="harvest spotify")
    'it is damaged or no harvest.db: move it away and start again, or bring back a copy'
    >>> way_out(sqlite3.OperationalError("no such table: task"), made_by="harvest spotify")
    'run `harvest spotify` to make it'
    """
    said = str(error)
    if any(sign in said for sign in _DAMAGE):
        return "it is damaged or no harvest.db: move it away and start again, or bring back a copy"
    if "no such table" in said:
        return f"run `{made_by}` to make it"
    return "`harvest verify` says what is wrong"


def _has_log(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0
