"""What SQLite and the file system say of `harvest.db` and its like -> one of our errors."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harvest.errors import DatabaseHeld, StorageError

# What SQLite says of a file that is not, or no longer, a sound one; it may go on with what it read.
_DAMAGE = ("not a database", "malformed", "Could not decode to UTF-8")
LONGEST_REASON = 200  # characters

# What SQLite passes on of the system, or of another program; for anything else the file may be to
# blame, or harvest. https://www.sqlite.org/rescode.html
_OF_THE_SYSTEM = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite or the file system says into one of our errors."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the second where SQLite's words are none
        if _code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise held(path) from error
        said = " ".join(str(error).split())
        if isinstance(error, UnicodeDecodeError) or any(sign in said for sign in _DAMAGE):
            raise damaged(path, said) from error
        raise (unwritable if _is_of_the_system(error) else _refused)(path, error) from error
    except OSError as error:
        raise unwritable(path, error) from error


def damaged(path: Path, said: str) -> StorageError:
    """Return the error for a file of which SQLite, or what it holds, says that it is not sound."""
    return StorageError(
        f"{path} is damaged or not a harvest.db ({said[:LONGEST_REASON]}); "
        "move it away and start again, or bring back a copy"
    )


def held(path: Path) -> DatabaseHeld:
    """Return the error for a file that another program has locked."""
    return DatabaseHeld(
        f"cannot write {path}: another program is writing to it and does not end; what was stored "
        "is whole: close that program, such as an editor of databases, then start again"
    )


def gone(path: Path) -> StorageError:
    """Return the error for a file that is open, and not where it was any more."""
    return StorageError(
        f"{path} was removed or replaced while harvest worked on it; what was stored in it is gone "
        "unless you moved it: bring it back, then start again"
    )


def unwritable(path: Path, error: Exception) -> StorageError:
    """Return the error for a file that the system does not let us use."""
    return StorageError(
        f"cannot use {path}: {getattr(error, 'strerror', None) or error}; "
        "what was stored is whole: make room or set the rights, then start again"
    )


def _is_of_the_system(error: sqlite3.Error) -> bool:
    return _code(error) in _OF_THE_SYSTEM


def _code(error: Exception) -> int:
    # The lowest byte says what it is, the others which kind of it.
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _refused(path: Path, error: Exception) -> StorageError:
    """Return the error for what SQLite does not do, though nothing keeps it from the file."""
    return StorageError(
        f"cannot use {path}: {' '.join(str(error).split())[:LONGEST_REASON]}; `harvest verify` "
        "says whether the file is whole; if it is, please report this"
    )
