"""Files of results, each there in full or not at all."""

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TypeAlias

import pandas as pd

from model.errors import StorageError

Writer: TypeAlias = Callable[[IO[bytes]], object]
"""Puts the content of one file into it."""


@contextlib.contextmanager
def results_folder(folder: Path) -> Iterator[Path]:
    """Make a folder for results, and explain why what is done with it fails.

    Raises
    ------
    StorageError
        If the folder or a file in it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
    except OSError as error:
        msg = (
            f"cannot write results to {folder} ({error.strerror or error}): free space or rights "
            "are needed there, or choose another place with --state"
        )
        raise StorageError(msg) from error


def write_atomically(path: Path, write: Writer) -> None:
    """Write beside the target and move into place, so that no reader meets half a file."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def csv_writer(frame: pd.DataFrame, *, compressed: bool = False) -> Writer:
    """Write a frame without its index; the same rows give the same bytes, compressed or not."""
    # No time of writing in the archive.
    how = {"method": "gzip", "mtime": 0} if compressed else None
    return lambda file: frame.to_csv(file, index=False, compression=how)


def json_writer(value: object) -> Writer:
    """Write plain values as indented JSON."""
    text = json.dumps(value, indent=2) + "\n"
    return lambda file: file.write(text.encode())
