"""Where a command may write what it is asked for: anywhere but over what a state holds."""

import os
from pathlib import Path

from model.errors import InputError

OWN = (
    "harvest.db",
    "harvest.db-wal",
    "harvest.db-shm",
    "harvest.db-journal",
    "harvest.lock",
    "tables",
    "msd",
    "playlists",
    "model",
    "results",
    "explore",
)
"""Names in a state of the files and folders that the programs keep there."""


def check_output(path: Path, *states: Path) -> None:
    """Refuse a file that cannot be written, or had better not be; nothing is made yet.

    Parameters
    ----------
    path : Path
        As it was asked for with ``--output``.
    *states : Path
        Whose own files are not to be touched.

    Raises
    ------
    InputError
        Saying what to name instead.
    """
    check_free(path, *states)
    try:
        is_folder, has_folder = path.is_dir(), path.parent.is_dir()
    except OSError as error:  # As of a name that is too long.
        msg = f"cannot write {path}: {error.strerror}; name another file with --output"
        raise InputError(msg) from error
    if is_folder:
        msg = f"cannot write {path}, a directory: name a file with --output"
        raise InputError(msg)
    if not has_folder:
        msg = f"cannot write {path}: there is no directory {path.parent}; make it"
        raise InputError(msg)


def check_free(path: Path, *states: Path) -> None:
    """Refuse standard output, and what is or lies in a state's own files, through any link.

    Raises
    ------
    InputError
    """
    if str(path) == "-":
        msg = "cannot write to '-', for nothing goes to standard output: name a file with --output"
        raise InputError(msg)
    for own in (state / name for state in states for name in OWN):
        # `Path.resolve` ends in a fault where links lead in a circle.
        if Path(os.path.realpath(path)).is_relative_to(os.path.realpath(own)):
            msg = (
                f"{path} would be written over what the state keeps in {own}: name another place "
                "with --output"
            )
            raise InputError(msg)
