"""Files that the disk has when they are closed, and files that are there in full or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, BinaryIO, TextIO

MOST_OF_A_NAME = 50
"""Letters of a file's name that its unfinished stand-in has too, for names may not be too long."""


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """Write beside the target and move into place, so that no reader meets half a file.

    Parameters
    ----------
    path : Path
        What is there stays until the new file is on the disk, and for good if anything is raised.
        A link is replaced itself.

    Yields
    ------
    BinaryIO
        To be written to.
    """
    with _stand_in(path) as unfinished, durable(unfinished) as file:
        yield file


@contextmanager
def whole_text(path: Path) -> Iterator[TextIO]:
    """Do so with text, in UTF-8; ends of lines stay as they are written."""
    with _stand_in(path) as unfinished, durable_text(unfinished) as file:
        yield file


@contextmanager
def durable(path: Path) -> Iterator[BinaryIO]:
    """Write a file in its place, as in a scratch folder, and wait until the disk has it."""
    with path.open("wb") as file:
        yield file
        sync(file)


@contextmanager
def durable_text(path: Path) -> Iterator[TextIO]:
    """Do so with text, in UTF-8; ends of lines stay as they are written."""
    with path.open("w", encoding="utf-8", newline="") as file:
        yield file
        sync(file)


def sync(file: IO[Any]) -> None:
    """Wait until the disk has what was written to an open file."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names of a folder's files."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _stand_in(path: Path) -> Iterator[Path]:
    """Give a path beside another, and move what is there in its place at the end."""
    # A name of its own, because another process, even one about to be killed, may write the same.
    unfinished = path.with_name(f".{path.name[:MOST_OF_A_NAME]}.{token_hex(8)}")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
