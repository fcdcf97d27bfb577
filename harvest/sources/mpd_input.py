"""Find and read the slices of a Million Playlist Dataset, in a zip or in a folder."""

import hashlib
import lzma
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from harvest.amounts import amount
from harvest.errors import InputError

MAX_SLICE_BYTES = 2**30
SLICE_NAME = re.compile(r"mpd\.slice\.(\d{1,9})-(\d{1,9})\.json")
WANTED = "the Million Playlist Dataset's zip file, or the folder that it was unpacked into"

_IS_ENCRYPTED = 0x1
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    struct.error,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice of the dataset, not yet read.

    Parameters
    ----------
    container : Path
        The zip, or the folder.
    name : str
        The member's name, or the file's place in the folder.
    first, last : int
        The first and last pid, by the name.
    size : int
        Bytes when unpacked.
    check : str
        Changes with the content: CRC-32 in a zip, time of the last change in a folder.
    """

    container: Path
    name: str
    first: int
    last: int
    size: int
    check: str

    @property
    def fingerprint(self) -> str:
        """Name, size and check in one hash; not where the container lies."""
        text = f"{self.name}\0{self.size}\0{self.check}"
        return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def find_slices(path: Path) -> list[Slice]:
    """List the slices of a zip, a folder, or a single slice file.

    Parameters
    ----------
    path : Path
        What the user named.

    Returns
    -------
    list of Slice
        Ordered by first and last pid; at least one.

    Raises
    ------
    InputError
        Nothing there, no zip, a damaged or encrypted zip, no slices inside, or a slice of more
        than `MAX_SLICE_BYTES`.
    """
    try:
        slices, others = _list(path)
    except _DAMAGE as error:
        raise InputError(f"cannot read {path}: {error}; give {WANTED}") from error
    if not slices:
        raise InputError(_nothing_found(path, others))
    for candidate in slices:
        _refuse_giant(candidate)
    return sorted(slices, key=lambda each: (each.first, each.last, each.name))


def read_slice(source: Slice) -> bytes:
    """Read and unpack a slice.

    Raises
    ------
    InputError
        It is damaged, or not what it was when it was found.
    """
    try:
        content = _read(source)
    except (KeyError, *_DAMAGE) as error:
        raise InputError(
            f"cannot read {source.name} in {source.container}:"
            f" {str(error) or 'it ends too early'}; get the file again"
        ) from error
    if len(content) != source.size:
        raise InputError(f"{source.name} in {source.container} changed meanwhile; run it again")
    return content


def input_fingerprint(slices: Iterable[Slice]) -> str:
    """Name an input by its slices, whichever place it lies in."""
    digest = hashlib.sha256()
    for each in slices:
        digest.update(each.fingerprint.encode())
    return digest.hexdigest()


def gaps(slices: Sequence[Slice]) -> tuple[str, ...]:
    """Ranges of pids between the first slice and the last that no slice covers.

    Examples
    --------
    >>> gaps([Slice(Path("z"), "", a, a + 9, 0, "") for a in (0, 10, 40)])
    ('20-39',)
    """
    found, covered = [], slices[0].last
    for each in slices[1:]:
        if each.first > covered + 1:
            found.append(f"{covered + 1}-{each.first - 1}")
        covered = max(covered, each.last)
    return tuple(found)


def _list(path: Path) -> tuple[list[Slice], list[str]]:
    if path.is_dir():
        return _list_folder(path)
    if not path.is_file():
        raise InputError(f"{path} does not exist; give {WANTED}")
    if SLICE_NAME.fullmatch(path.name):
        return [_of_file(path.parent, path)], []
    if zipfile.is_zipfile(path):
        return _list_zip(path)
    with path.open("rb") as file:
        is_cut_short = file.read(4) == b"PK\x03\x04"
    if is_cut_short:
        raise InputError(f"{path} is a zip file whose end is missing; get the file again")
    raise InputError(f"{path} is neither a zip file nor a folder; give {WANTED}")


def _list_zip(path: Path) -> tuple[list[Slice], list[str]]:
    slices, others = [], []
    with zipfile.ZipFile(path) as archive:
        for member in map(archive.getinfo, dict.fromkeys(archive.namelist())):
            if not SLICE_NAME.fullmatch(PurePosixPath(member.filename).name):
                others.append(member.filename)
                continue
            if member.flag_bits & _IS_ENCRYPTED:
                raise InputError(f"{path} is encrypted; unpack it and give the folder")
            check = f"crc {member.CRC:08x}"
            slices.append(_named(path, member.filename, size=member.file_size, check=check))
    return slices, others


def _list_folder(path: Path) -> tuple[list[Slice], list[str]]:
    found = (
        Path(folder, name)
        for folder, _, names in os.walk(path, onerror=_stop)
        for name in names
        if SLICE_NAME.fullmatch(name)
    )
    slices = [_of_file(path, file) for file in found if file.is_file()]
    return slices, [] if slices else sorted(each.name for each in path.iterdir())


def _stop(error: OSError) -> None:
    """End the search: a folder that cannot be looked into may hold slices."""
    raise error


def _of_file(folder: Path, file: Path) -> Slice:
    status = file.stat()
    name = file.relative_to(folder).as_posix()
    return _named(folder, name, size=status.st_size, check=f"changed {status.st_mtime_ns}")


def _named(container: Path, name: str, *, size: int, check: str) -> Slice:
    match = SLICE_NAME.fullmatch(PurePosixPath(name).name)
    assert match is not None
    first, last = map(int, match.groups())
    return Slice(container, name, first, last, size, check)


def _nothing_found(path: Path, others: Sequence[str]) -> str:
    seen = (
        f"{amount(len(others), 'other file')}, such as {others[0]}" if others else "nothing at all"
    )
    return f"no file mpd.slice.<first>-<last>.json in {path}, but {seen}; give {WANTED}"


def _refuse_giant(candidate: Slice) -> None:
    if candidate.size > MAX_SLICE_BYTES:
        raise InputError(
            f"{candidate.name} in {candidate.container} unpacks to {candidate.size:,} bytes; a"
            f" slice may have {MAX_SLICE_BYTES:,} (1,000 playlists take about 40 million)"
        )


def _read(source: Slice) -> bytes:
    if source.container.is_dir():
        return (source.container / source.name).read_bytes()
    with zipfile.ZipFile(source.container) as archive:
        return archive.read(source.name)
