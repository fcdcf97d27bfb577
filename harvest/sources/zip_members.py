"""Zips of a million small members: the directory page by page, and members by their place.

`zipfile` makes an object for each member: half a gigabyte, and ten seconds, a million. Here a
member is 32 bytes in an array. Layout: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from isal import isal_zlib
from isal.igzip_lib import IsalError

NO_ZIP = "neither a zip file nor a folder"
MEMBER = np.dtype(
    [
        ("offset", "<u8"),
        ("packed", "<u8"),
        ("size", "<u8"),
        ("crc", "<u4"),
        ("method", "<u2"),
        ("flags", "<u2"),
    ]
)
Members = npt.NDArray[np.void]

_HEAD = np.dtype(
    [
        ("signature", "S4"),
        ("versions", "<u4"),
        ("flags", "<u2"),
        ("method", "<u2"),
        ("changed", "<u4"),
        ("crc", "<u4"),
        ("packed", "<u4"),
        ("size", "<u4"),
        ("lengths", "<u2", (3,)),
        ("disk", "<u2"),
        ("attributes", "S6"),
        ("offset", "<u4"),
    ]
)
_LENGTHS = struct.Struct("<3H")
_LENGTHS_AT = 28
_LOCAL_SIZE = 30
_LOCAL_LENGTHS = struct.Struct("<2H")
_LOCAL_LENGTHS_AT = 26
_NAME_AND_EXTRA = 256  # read together with the content; longer ones cost a second read
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_SIZE = 20
_LONGEST_COMMENT = 2**16
_SEE_64 = 2**32 - 1
_ENCRYPTED = 0x1
_STORED, _DEFLATED = 0, 8


class DamagedZipError(Exception):
    """The file is no zip, or its directory cannot be read; says why."""


class BadMemberError(Exception):
    """A member cannot be read; says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """Some members that follow each other in a zip's directory.

    Parameters
    ----------
    members : ndarray of MEMBER
    names : sequence of bytes
        As they are written there.
    raw : bytes
        All that the directory says of them.
    """

    members: Members
    names: Sequence[bytes]
    raw: bytes


def read_pages(path: Path, *, n_members: int) -> Iterator[Page]:
    """Read a zip's directory, so many members at a time.

    Raises
    ------
    DamagedZipError
        Before the first page, or at the place that is damaged.
    """
    with path.open("rb") as file:
        start, size, shift = _find_directory(file)
        file.seek(start)
        while size:
            page, read = _read_page(file, n_members, size, shift)
            size -= read
            yield page


def read_member(descriptor: int, member: np.void, *, max_size: int) -> tuple[str, bytes]:
    """Read a single member, as `MemberReader.read` does."""
    return MemberReader(descriptor, max_size=max_size).read(member.item())


class MemberReader:
    """Reads members of an open zip, in whatever order; cheapest as they lie.

    Parameters
    ----------
    descriptor : int
        Of the open zip.
    max_size : int
        Larger members are not read.
    ahead : int
        Bytes that are read at once, for the members that follow.
    """

    def __init__(self, descriptor: int, *, max_size: int, ahead: int = 0) -> None:
        self._descriptor = descriptor
        self._max_size = max_size
        self._n_ahead = ahead
        self._ahead = b""
        self._ahead_at = 0

    def read(self, member: Sequence[int]) -> tuple[str, bytes]:
        """Read a member, and make sure that it is what was packed.

        Parameters
        ----------
        member : sequence of int
            The fields of `MEMBER`.

        Returns
        -------
        name : str
            As it stands in front of the content; what is not UTF-8 becomes U+FFFD.
        content : bytes

        Raises
        ------
        BadMemberError
            Too large, encrypted, damaged, or packed in an unusual way; `name` is its second
            argument.
        """
        offset, packed, size, crc, method, flags = member
        is_giant = size > self._max_size or packed > self._max_size
        n_packed = 0 if is_giant else packed
        head = self._bytes(offset, _LOCAL_SIZE + _NAME_AND_EXTRA + n_packed)
        if len(head) < _LOCAL_SIZE or head[:4] != b"PK\x03\x04":
            raise BadMemberError("is damaged: there is no member at its place", "")
        n_name, n_extra = _LOCAL_LENGTHS.unpack_from(head, _LOCAL_LENGTHS_AT)
        start = _LOCAL_SIZE + n_name + n_extra
        if start > _LOCAL_SIZE + _NAME_AND_EXTRA:
            head = self._bytes(offset, start + n_packed)
        name = head[_LOCAL_SIZE : _LOCAL_SIZE + n_name].decode("utf-8", "replace")
        if flags & _ENCRYPTED:
            raise BadMemberError("is encrypted", name)
        if is_giant:
            what = f"has {max(size, packed):,} bytes; expected {self._max_size:,} or less"
            raise BadMemberError(what, name)
        return name, _unpacked(head[start : start + packed], size, crc, method, name)

    def _bytes(self, offset: int, size: int) -> bytes:
        """Return so many bytes, or what there is of them."""
        at = offset - self._ahead_at
        if at < 0 or at + size > len(self._ahead):
            self._ahead = _pread(self._descriptor, max(size, self._n_ahead), offset)
            self._ahead_at, at = offset, 0
        return self._ahead[at : at + size]


def _unpacked(content: bytes, size: int, crc: int, method: int, name: str) -> bytes:
    if method == _DEFLATED:
        content = _inflated(content, size, name)
    elif method != _STORED:
        raise BadMemberError(f"is packed by method {method}; expected 8 (deflate) or 0", name)
    if len(content) != size or isal_zlib.crc32(content) != crc:
        raise BadMemberError("is damaged: its size or checksum is not what the zip says", name)
    return content


def _inflated(content: bytes, size: int, name: str) -> bytes:
    try:
        return isal_zlib.decompressobj(-isal_zlib.MAX_WBITS).decompress(content, size + 1)
    except IsalError as error:  # type: ignore[misc]  # the stubs take the class for an error
        raise BadMemberError(f"is damaged: {error}", name) from error


def _pread(descriptor: int, size: int, offset: int) -> bytes:
    try:
        return os.pread(descriptor, size, offset)
    except OverflowError:  # an offset that no file can have
        return b""
    except OSError as error:
        raise BadMemberError(f"cannot be read: {error.strerror}", "") from error


# The directory


def _find_directory(file: BinaryIO) -> tuple[int, int, int]:
    """Return where the directory starts, its size, and what is to be added to every offset."""
    length = file.seek(0, os.SEEK_END)
    tail_at = max(length - _LONGEST_COMMENT - _END.size - _LOCATOR_SIZE - _END_64.size, 0)
    file.seek(tail_at)
    tail = file.read()
    at = _find_end(tail)
    if at < 0:
        file.seek(0)
        is_cut = file.read(4) == b"PK\x03\x04"
        raise DamagedZipError("a zip file whose end is missing" if is_cut else NO_ZIP)
    size, start = _END.unpack_from(tail, at)[5:7]
    locator_at = at - _LOCATOR_SIZE
    at_64 = locator_at - _END_64.size
    if at_64 >= 0 and tail.startswith(b"PK\x06\x07", locator_at):
        size, start = _END_64.unpack_from(tail, at_64)[8:10]
        at = at_64
    begins_at = tail_at + at - size
    if begins_at < start:
        raise DamagedZipError("a zip file whose directory is not at its place")
    return begins_at, size, begins_at - start


def _find_end(tail: bytes) -> int:
    """Return where the end record begins, or -1; its comment may look like one too."""
    last = at = tail.rfind(b"PK\x05\x06", 0, max(len(tail) - _END.size + 4, 0))
    while at >= 0:
        if at + _END.size + _END.unpack_from(tail, at)[7] == len(tail):
            return at
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return last


def _read_page(file: BinaryIO, n_members: int, left: int, shift: int) -> tuple[Page, int]:
    heads: list[bytes] = []
    names: list[bytes] = []
    extras: list[bytes] = []
    raw: list[bytes] = []
    read = 0
    while len(heads) < n_members and read < left:
        head = file.read(_HEAD.itemsize)
        if len(head) < _HEAD.itemsize or head[:4] != b"PK\x01\x02":
            raise DamagedZipError("a zip file whose directory is damaged")
        n_name, n_extra, n_comment = _LENGTHS.unpack_from(head, _LENGTHS_AT)
        rest = file.read(n_name + n_extra + n_comment)
        if read + len(head) + n_name + n_extra + n_comment > left:
            raise DamagedZipError("a zip file whose directory is damaged")
        heads.append(head)
        names.append(rest[:n_name])
        extras.append(rest[n_name : n_name + n_extra])
        raw += [head, rest]
        read += len(head) + len(rest)
    members = _members(np.frombuffer(b"".join(heads), _HEAD), extras)
    members["offset"] += np.uint64(shift)
    return Page(members, names, b"".join(raw)), read


def _members(heads: npt.NDArray[np.void], extras: Sequence[bytes]) -> Members:
    members = np.empty(len(heads), MEMBER)
    for field in MEMBER.names or ():
        members[field] = heads[field]
    is_large = np.zeros(len(heads), bool)
    for field in ("size", "packed", "offset"):
        is_large |= heads[field] == _SEE_64
    for row in np.flatnonzero(is_large).tolist():
        _take_large(members, row, extras[row])
    return members


def _take_large(members: Members, row: int, extra: bytes) -> None:
    """Take from the extra field what 32 bits do not hold, in the order in which it stands there."""
    values = _large_values(extra)
    for field in ("size", "packed", "offset"):
        if members[field][row] == _SEE_64 and values:
            members[field][row] = values.pop(0)


def _large_values(extra: bytes) -> list[int]:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            content = extra[at + 4 : at + 4 + min(size, 24)]
            return list(struct.unpack_from(f"<{len(content) // 8}Q", content))
        at += 4 + size
    return []
