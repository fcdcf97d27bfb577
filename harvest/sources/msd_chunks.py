"""Chunks of last.fm files, found and not yet read: members of a zip, or files of a folder."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from harvest.errors import InputError
from harvest.sources.zip_members import BadMemberError, MemberReader, Members

MAX_FILE_BYTES = 2**20  # the largest published has some 20,000
READ_AHEAD = 2**18
State = tuple[int, int]

_NOTHING = (-1, 0)
_CHANGED = "changed meanwhile; run the same again"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file cannot be read."""

    reason: str


class Chunk(Protocol):
    """Some files of one input, not yet read; picklable.

    Attributes
    ----------
    fingerprint : str
        Changes with the files' names, sizes and checks.
    n_files : int
    """

    @property
    def fingerprint(self) -> str:
        """Names the files with what is in them."""

    @property
    def n_files(self) -> int:
        """How many."""

    def contents(self) -> Iterator[tuple[str, bytes | Fault]]:
        """Yield each file's name and content.

        Raises
        ------
        InputError
            They are not what they were when they were found.
        """


@dataclass(frozen=True, slots=True, eq=False)
class ZipChunk:
    """Members of a zip.

    Parameters
    ----------
    container : Path
    state : tuple of int
        The zip's size and time of change (ns) when it was listed.
    members : ndarray of MEMBER
    fingerprint : str
    """

    container: Path
    state: State
    members: Members
    fingerprint: str

    @property
    def n_files(self) -> int:
        """How many."""
        return len(self.members)

    def contents(self) -> Iterator[tuple[str, bytes | Fault]]:
        """Yield each member's name and content."""
        with self.container.open("rb") as file:
            reader = MemberReader(file.fileno(), max_size=MAX_FILE_BYTES, ahead=READ_AHEAD)
            for member in self.members.tolist():
                try:
                    yield reader.read(member)
                except BadMemberError as error:
                    reason, name = error.args
                    yield name or f"member at byte {member[0]}", Fault(reason)
            if of_status(os.fstat(file.fileno())) != self.state:
                raise InputError(f"{self.container} {_CHANGED}")


@dataclass(frozen=True, slots=True, eq=False)
class FolderChunk:
    r"""Files of a folder.

    Parameters
    ----------
    container : Path
    names : bytes
        The files' places in it, with `\0` between them.
    states : ndarray of int64, shape (n_files, 2)
        Sizes and times of change (ns).
    fingerprint : str
    """

    container: Path
    names: bytes
    states: npt.NDArray[np.int64]
    fingerprint: str

    @property
    def n_files(self) -> int:
        """How many."""
        return len(self.states)

    def contents(self) -> Iterator[tuple[str, bytes | Fault]]:
        """Yield each file's name and content."""
        names = map(os.fsdecode, self.names.split(b"\0"))
        for name, (size, changed_at) in zip(names, self.states.tolist(), strict=True):
            yield name, _read_file(self.container / name, (size, changed_at))


def _read_file(path: Path, state: State) -> bytes | Fault:
    if state == _NOTHING:
        return Fault("cannot be read: a broken link, or no right to look")
    if state[0] > MAX_FILE_BYTES:
        return Fault(f"has {state[0]:,} bytes; expected {MAX_FILE_BYTES:,} or less")
    try:
        # Without waiting, because a pipe may bear the name of a file.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise InputError(f"{path} {_CHANGED}") from error
    except OSError as error:
        return Fault(f"cannot be read: {error.strerror}")
    try:
        return _read_open(descriptor, path, state)
    finally:
        os.close(descriptor)


def _read_open(descriptor: int, path: Path, state: State) -> bytes | Fault:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        return Fault("is not a file")
    try:
        content = os.read(descriptor, MAX_FILE_BYTES + 1)
    except OSError as error:
        return Fault(f"cannot be read: {error.strerror}")
    if of_status(status) != state or len(content) != state[0]:
        raise InputError(f"{path} {_CHANGED}")
    return content


def state_of(path: Path) -> State:
    """Return a file's size and time of change (ns), or what no file has."""
    try:
        return of_status(path.stat())
    except OSError:
        return _NOTHING


def of_status(status: os.stat_result) -> State:
    """Return size and time of change (ns)."""
    return status.st_size, status.st_mtime_ns
