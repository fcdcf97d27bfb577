"""Whether files are still those that were written, without reading large ones each time."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import msgspec

from model.storage.recipes import FileStamp, hash_file
from model.storage.whole_files import write_atomically

SEEN_NAME = "seen.json"
"""Beside the files: what the file system said of each when it was hashed last."""

SMALL = 4 << 20
"""Bytes; smaller files are hashed each time."""

Look: TypeAlias = tuple[int, int, int, int]
"""Size, number, times of change of content and of anything: no program sets the last."""


def find_damage(folder: Path, files: Mapping[str, FileStamp]) -> str | None:
    """Name a file that differs from what was written.

    A file is hashed if it is smaller than `SMALL`, or if the file system knows it as another, or
    changed, since it was hashed last: after a copy, or after whatever wrote to it. Where what was
    seen cannot be kept, everything is hashed next time.

    Parameters
    ----------
    folder : Path
    files : mapping of str to FileStamp
        By the path inside the folder.

    Returns
    -------
    str or None
        The path inside the folder; None if all are whole.
    """
    seen, looks = _read(folder), {}
    for name, stamp in files.items():
        try:
            looks[name] = look = _look(folder / name)
            if stamp.size != look[0]:
                return name
            is_known = stamp.size >= SMALL and seen.get(name) == look
            if not is_known and hash_file(folder / name) != stamp.sha256:
                return name
        except OSError:
            return name
    if seen != looks:
        _keep(folder, looks)
    return None


def note_whole(folder: Path, files: Mapping[str, FileStamp]) -> None:
    """Keep what the file system says of files that were hashed just now."""
    _keep(folder, {name: _look(folder / name) for name in files})


def _look(path: Path) -> Look:
    status = path.stat()
    return status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def _read(folder: Path) -> dict[str, Look]:
    try:
        return msgspec.json.decode((folder / SEEN_NAME).read_bytes(), type=dict[str, Look])
    except (OSError, ValueError):
        return {}


def _keep(folder: Path, looks: Mapping[str, Look]) -> None:
    if not os.access(folder, os.W_OK):
        return
    try:
        content = msgspec.json.encode(looks)
        write_atomically(folder / SEEN_NAME, lambda file: file.write(content))
    except OSError:  # A full disk hinders nobody from reading.
        return
