"""Files that are there in full or not at all; quick to import."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, TypeAlias

Writer: TypeAlias = Callable[[IO[bytes]], object]
"""Puts the content of one file into it."""
MOST_OF_A_NAME = 100
"""Letters of a file's name that its unfinished stand-in has too, for names may not be too long."""


def write_atomically(path: Path, write: Writer) -> None:
    """Write beside the target and move into place, so that no reader meets half a file.

    What a link leads to is written, and the link stays; a pipe or a device is written to itself.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb") as stream:
            write(stream)
        return
    path = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:MOST_OF_A_NAME]}.", dir=path.parent)
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
