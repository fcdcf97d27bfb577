"""Find and read the last.fm files of the Million Song Dataset, in zips or folders."""

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from harvest.amounts import amount
from harvest.errors import InputError
from harvest.sources.msd_chunks import (
    MAX_FILE_BYTES,
    Chunk,
    FolderChunk,
    State,
    ZipChunk,
    of_status,
    state_of,
)
from harvest.sources.zip_members import NO_ZIP, DamagedZipError, Members, read_pages

CHUNK_FILES = 2_000
CHUNK_BYTES = 2**24
WANTED = (
    "the Million Song Dataset's last.fm files: lastfm_train.zip, lastfm_test.zip,"
    " lastfm_subset.zip, or a folder that they were unpacked into"
)

_SONG_NAME = re.compile(rb"(?:.*[/\\])?TR[0-9A-Z]{16}\.json", re.DOTALL)
_HIDDEN = re.compile(rb"(?:.*[/\\])?\.[^/\\]*|(?:.*[/\\])?__MACOSX[/\\].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Input:
    """One zip or folder, listed.

    Parameters
    ----------
    path : Path
    chunks : sequence of Chunk
        At least one; in the order of the zip, or of the folder's sorted names.
    """

    path: Path
    chunks: Sequence[Chunk]

    @property
    def name(self) -> str:
        """For people."""
        return os.fsencode(self.path.resolve().name).decode("utf-8", "replace")

    @property
    def n_files(self) -> int:
        """Files of all chunks."""
        return sum(chunk.n_files for chunk in self.chunks)

    @property
    def fingerprint(self) -> str:
        """Names all the files with what is in them; not where they lie."""
        return _hash(*(chunk.fingerprint.encode() for chunk in self.chunks))


def find_input(path: Path) -> Input:
    """List the files of a zip or a folder: those that end in `.json` and are not hidden.

    Raises
    ------
    InputError
        Nothing there, no zip, a zip whose directory is damaged, or no file named as a song's.
    """
    try:
        listing = _Listing()
        chunks = list(_chunks(path, listing))
    except FileNotFoundError as error:
        raise InputError(f"{error.filename} does not exist; give {WANTED}") from error
    except DamagedZipError as error:
        raise InputError(f"{path} is {error}; {_remedy(str(error))}") from error
    except OSError as error:
        place = error.filename or path
        raise InputError(f"cannot read {place}: {error.strerror}; give {WANTED}") from error
    if not listing.n_songs:
        raise InputError(_nothing_found(path, listing))
    return Input(path, chunks)


class _Listing:
    """Looks at names, and counts them."""

    def __init__(self) -> None:
        self.n_songs = 0
        self.n_others = 0
        self.other = b""

    def takes(self, name: bytes) -> bool:
        """Say whether a file is to be read; JSON under another name will be malformed."""
        if _SONG_NAME.fullmatch(name):
            self.n_songs += 1
            return True
        if name.endswith((b"/", b"\\")) or _HIDDEN.fullmatch(name):
            return False
        self.n_others += 1
        self.other = self.other or name
        return name.endswith(b".json")


def _chunks(path: Path, listing: _Listing) -> Iterator[Chunk]:
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        return _folder_chunks(path, _walk(path), listing)
    if _SONG_NAME.fullmatch(os.fsencode(path.name)):
        return _folder_chunks(path.parent, iter([path.name]), listing)
    if not stat.S_ISREG(status.st_mode):
        raise DamagedZipError(NO_ZIP)
    return _zip_chunks(path, of_status(status), listing)


def _zip_chunks(path: Path, state: State, listing: _Listing) -> Iterator[Chunk]:
    for page in read_pages(path, n_members=CHUNK_FILES):
        is_wanted = np.fromiter(map(listing.takes, page.names), bool, len(page.names))
        members = page.members[is_wanted]
        digest = _hash(page.raw)
        for number, some in enumerate(_parted(members)):
            yield ZipChunk(path, state, some, f"zip {digest} {number}")


def _parted(members: Members) -> Iterator[Members]:
    """Cut members so that the pieces do not unpack to more than `CHUNK_BYTES` by much."""
    sizes = np.minimum(members["size"], MAX_FILE_BYTES)
    pieces = np.cumsum(sizes, dtype=np.int64) // CHUNK_BYTES
    starts = np.flatnonzero(np.diff(pieces, prepend=-1))
    for some in np.split(members, starts)[1:]:
        yield some.copy()  # not a view, which would be pickled with all that it is a view of


def _walk(root: Path) -> Iterator[str]:
    """Yield the places of all files below a folder, sorted in each; links are not entered."""
    pending = [_sorted_entries(root, "")]
    while pending:
        for name, is_folder in pending[-1]:
            if is_folder:
                pending.append(_sorted_entries(root, f"{name}/"))
                break
            yield name
        else:
            pending.pop()


def _sorted_entries(root: Path, prefix: str) -> Iterator[tuple[str, bool]]:
    with os.scandir(root / prefix) as entries:
        kinds = sorted((each.name, each.is_dir(follow_symlinks=False)) for each in entries)
    return ((prefix + name, is_folder) for name, is_folder in kinds)


def _folder_chunks(root: Path, names: Iterator[str], listing: _Listing) -> Iterator[Chunk]:
    taken: list[bytes] = []
    states: list[State] = []
    size = 0
    for name in names:
        if not listing.takes(os.fsencode(name)):
            continue
        taken.append(os.fsencode(name))
        states.append(state_of(root / name))
        size += min(states[-1][0], MAX_FILE_BYTES)
        if len(taken) == CHUNK_FILES or size > CHUNK_BYTES:
            yield _folder_chunk(root, taken, states)
            taken, states, size = [], [], 0
    if taken:
        yield _folder_chunk(root, taken, states)


def _folder_chunk(root: Path, names: Sequence[bytes], states: Sequence[State]) -> FolderChunk:
    joined, numbers = b"\0".join(names), np.array(states, np.int64)
    return FolderChunk(root, joined, numbers, f"folder {_hash(joined, numbers.tobytes())}")


def _remedy(fault: str) -> str:
    return f"give {WANTED}" if fault == NO_ZIP else "get the file again"


def _nothing_found(path: Path, listing: _Listing) -> str:
    if b"mpd.slice." in listing.other:
        return f"{path} is the Million Playlist Dataset, which `harvest mpd` reads; give {WANTED}"
    example = listing.other.decode("utf-8", "replace")
    seen = (
        f"{amount(listing.n_others, 'other file')}, such as {example}"
        if example
        else "nothing at all"
    )
    return f"no file TR<16 letters and digits>.json in {path}, but {seen}; give {WANTED}"


def _hash(*contents: bytes) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(content)
    return digest.hexdigest()
