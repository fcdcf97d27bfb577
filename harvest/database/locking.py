"""One harvester a state: a lock that the kernel keeps, and whether files are where they were."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import IO

from harvest.database.file_errors import unwritable
from harvest.errors import InputError, StateInUse

LOCK = "harvest.lock"


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
    path = state / LOCK
    if state.exists() and not state.is_dir():
        raise InputError(f"{state} is a file; expected a folder to keep everything in")
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = path.open("a+", encoding="ascii")
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not is_at(lock, path):  # removed since it was opened: nobody else will meet this lock
            lock.close()
            return lock_state(state)
        _write_pid(lock)
    except BlockingIOError as error:
        pid = _pid_in(lock)
        lock.close()
        raise StateInUse(
            f"another harvester (process {pid or 'unknown'}) works on {state}; "
            "wait for it to end, or give --state another folder",
            pid=pid,
        ) from error
    except OSError as error:
        with suppress(OSError):  # closing tries once more to write
            lock.close()
        raise unwritable(path, error) from error
    return lock


def place_of(path: Path) -> tuple[int, int] | None:
    """Return what tells the file at `path` from every other; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def is_at(file: IO[str], path: Path) -> bool:
    """Say whether `path` names the file that is open."""
    opened = os.fstat(file.fileno())
    return place_of(path) == (opened.st_dev, opened.st_ino)


def _pid_in(lock: IO[str]) -> int | None:
    lock.seek(0)
    text = lock.read().strip()
    return int(text) if text.isdigit() else None


def _write_pid(lock: IO[str]) -> None:
    lock.seek(0)
    lock.truncate()
    lock.write(f"{os.getpid()}\n")
    lock.flush()
