"""Files that are there in full or not at all; quick to import."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, TypeAlias

Writer: TypeAlias = Callable[[IO[bytes]], object]
"""Puts the content of one file into it."""


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
