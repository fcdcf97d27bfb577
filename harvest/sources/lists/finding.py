"""Find the files that may hold playlists: given by name, in folders, in zips."""

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path, PurePosixPath

import numpy as np

from harvest.sources.lists.characters import decoded
from harvest.sources.lists.entries import digits
from harvest.sources.lists.folders import Walk, is_hidden
from harvest.sources.mpd_input import SLICE_NAME
from harvest.sources.zip_members import MEMBER, DamagedZipError, read_pages

READING_VERSION = "5"  # with another, files that are given again are read again
PIECE_FILES = 256
PIECE_BYTES = 16 * 2**20
PAGE_MEMBERS = 4096

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
# Members by which a zip is a single file, of Excel and of LibreOffice.
_OFFICE = ({"xl/workbook.xml"}, {"xl/workbook.bin"}, {"mimetype", "content.xml"})


@dataclass(frozen=True, slots=True)
class File:
    """A file, or a member of a zip, not yet read.

    Parameters
    ----------
    container : str
        The file itself, or the zip; absolute.
    name : str
        For people: as the user named it, and what lies in it.
    place : str
        Tells it from all others: where it lies, with backslashes where that is not UTF-8.
    size : int
        Bytes when unpacked.
    check : str
        Changes with the content: checksum of a member, time of the last change of a file.
    member : bytes
        The zip's record of it, empty for a file.
    is_given : bool
        Whether the user named this very file.
    """

    container: str
    name: str
    place: str
    size: int
    check: str
    member: bytes = b""
    is_given: bool = False

    @property
    def fingerprint(self) -> str:
        """Place, size and check in one text, with how files are read."""
        return digits((self.place, str(self.size), self.check, READING_VERSION))

    @property
    def stem(self) -> str:
        """Its own name without what stands behind the last dot."""
        path = _slashed(self.place) if self.member else decoded(os.fsencode(self.container))
        return PurePosixPath(path).stem


@dataclass(slots=True)
class Found:
    """What was found.

    Attributes
    ----------
    files : list of File
        In the order given, those of a folder or zip by their names; each once.
    datasets : list of Path
        Copies of the Million Playlist Dataset, which are read in another way.
    problems : list of (name, reason)
        What cannot be looked into.
    empty_zips : list of Path
        Such as hold no file.
    """

    files: list[File] = field(default_factory=list)
    datasets: list[Path] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    empty_zips: list[Path] = field(default_factory=list)


def find_files(paths: Sequence[Path], *, state: Path | None = None) -> Found:
    """Look into all that the user named.

    Hidden files and folders, what macOS adds to zips, and the folder `state` below another, whose
    tables and lists are nobody's playlists, are passed over. A folder or zip with slices of the
    Million Playlist Dataset is one, whatever else lies in it.
    """
    own = state.resolve() if state else None
    found, seen = Found(), set[str]()
    for path in paths:
        try:
            files = list(_files(path, found, own))
        except OSError as error:
            found.problems.append((str(path), error.strerror or str(error)))
            continue
        for file in files:
            if file.place not in seen:
                seen.add(file.place)
                found.files.append(file)
    return found


def pieces(files: Iterable[File]) -> Iterator[Sequence[File]]:
    """Cut files into runs that are read together: of 256 files or 16 MB at most, one at least."""
    piece: list[File] = []
    size = 0
    for file in files:
        if piece and (len(piece) == PIECE_FILES or size + file.size > PIECE_BYTES):
            yield piece
            piece, size = [], 0
        piece.append(file)
        size += file.size
    if piece:
        yield piece


def vanished(places: Iterable[str], files: Sequence[File]) -> set[str]:
    """Return which of some places lie in zips of these files where they are no more."""
    there = {file.place for file in files}
    zips = {_place(file.container) for file in files if file.member}
    return lie_in(zips, places) - there


def lie_in(containers: Collection[str], places: Iterable[str]) -> set[str]:
    """Return which of some places lie in files, as members of a zip do."""
    return {
        place
        for place in places
        if any(str(parent) in containers for parent in PurePosixPath(place).parents)
    }


def place_of(path: Path) -> str:
    """Return what tells a file from all others, see `File`."""
    return _place(str(path.resolve()))


def member_record(record: bytes) -> np.void:
    """Return a zip's record of a member as `zip_members` has it."""
    row: np.void = np.frombuffer(record, MEMBER)[0]
    return row


def _files(path: Path, found: Found, own: Path | None) -> Iterator[File]:
    if path.is_dir():
        yield from _of_folder(path, found, own)
    elif path.exists() and not path.is_file():
        found.problems.append((str(path), "it is neither a file nor a folder"))
    else:
        yield from _of_file(path, found, is_given=True)


def _of_folder(root: Path, found: Found, own: Path | None) -> Iterator[File]:
    walk = Walk(root, own=own)
    names = list(walk.files())
    found.problems += walk.problems
    if any(SLICE_NAME.fullmatch(path.name) for path in names):
        found.datasets.append(root)
        names = [path for path in names if not SLICE_NAME.fullmatch(path.name)]
    for path in names:
        try:
            yield from _of_file(path, found, is_given=False)
        except OSError as error:
            found.problems.append((str(path), error.strerror or str(error)))


def _of_file(path: Path, found: Found, *, is_given: bool) -> Iterator[File]:
    if is_given and SLICE_NAME.fullmatch(path.name) and path.is_file():
        found.datasets.append(path)
        return
    with path.open("rb") as file:
        head = file.read(len(_ZIP))
    if head in {_ZIP, _EMPTY_ZIP}:
        yield from _of_zip(path, found, is_given=is_given)
    else:
        yield _file(path, is_given=is_given)


def _file(path: Path, *, is_given: bool) -> File:
    status, container = path.stat(), str(path.resolve())
    check, place = str(status.st_mtime_ns), _place(container)
    return File(container, str(path), place, status.st_size, check, is_given=is_given)


def _of_zip(path: Path, found: Found, *, is_given: bool) -> Iterator[File]:
    members = []
    try:
        for page in read_pages(path, n_members=PAGE_MEMBERS):
            members += [
                (_member_name(name), page.members[row].tobytes())
                for row, name in enumerate(page.names)
            ]
    except DamagedZipError as error:
        found.problems.append((str(path), str(error)))
        return
    names = {name for name, _ in members}
    if any(SLICE_NAME.fullmatch(PurePosixPath(name).name) for name in names):
        found.datasets.append(path)
        return
    if any(marks <= names for marks in _OFFICE):
        yield _file(path, is_given=is_given)
        return
    files = [each for each in sorted(members, key=itemgetter(0)) if _is_wanted(each[0])]
    if not files:
        found.empty_zips.append(path)
    container = str(path.resolve())
    numbers = Counter[str]()
    for name, record in files:
        numbers[name] += 1
        while numbers[name] > 1 and _numbered(name, numbers[name]) in names:
            numbers[name] += 1
        yield _of_member(container, str(path), name, record, numbers[name])


def _is_wanted(member: str) -> bool:
    member = _slashed(member)
    return not member.endswith("/") and not any(map(is_hidden, PurePosixPath(member).parts))


def _slashed(member: str) -> str:
    r"""Return a member's name with slashes, where .NET of old wrote Windows' own.

    >>> _slashed("Playlists\\Summer.m3u")
    'Playlists/Summer.m3u'
    """
    return member.replace("\\", "/")


def _numbered(name: str, number: int) -> str:
    """Tell members of one name apart."""
    return f"#{number}/{name}" if number > 1 else name


def _of_member(container: str, shown: str, name: str, record: bytes, number: int) -> File:
    row = member_record(record)
    place = f"{_place(container)}/{_numbered(name, number)}"
    label = f"{shown}: {name}{f' ({number})' if number > 1 else ''}"
    return File(container, label, place, int(row["size"]), f"{row['crc']:08x}", record)


def _place(container: str) -> str:
    return os.fsencode(container).decode(errors="backslashreplace")


def _member_name(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("cp437")
