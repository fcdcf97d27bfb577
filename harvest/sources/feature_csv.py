"""Read a CSV file, gzipped or not, row by row, each with the line at which it starts."""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO, cast

from harvest.errors import InputError
from harvest.sources.csv_records import CsvForm, find_header, records
from harvest.sources.feature_rows import Reject, Row
from harvest.texts.legible import is_utf8

HEAD_BYTES = 2**20
SUSPICIOUS_LINES = 10
DELIMITERS = (",", ";", "\t", "|")

_GZIP = b"\x1f\x8b"
_OTHERS = {
    b"PK\x03\x04": "a zip or Excel file; unpack it, or save it as CSV",
    b"BZh": "compressed with bzip2; unpack it",
    b"\xfd7zXZ": "compressed with xz; unpack it",
    b"\x28\xb5\x2f\xfd": "compressed with zstd; unpack it",
    b"PAR1": "a gzipped Parquet file; unpack it",
    b"\xff\xfe": "UTF-16 text; save it as UTF-8",
    b"\xfe\xff": "UTF-16 text; save it as UTF-8",
}


def find_form(path: Path, count_known: Callable[[Sequence[str]], int]) -> CsvForm:
    """Find the delimiter by which the header has most columns with known names.

    Parameters
    ----------
    path : Path
    count_known : callable
        Says how many of some names are known.

    Raises
    ------
    InputError
        The file is empty, unreadable, or no text in UTF-8.
    """
    with _reading(path) as stream:
        head = stream.read(HEAD_BYTES)
    text = _decode(head, path)
    try:
        return best_form(text, count_known)
    except csv.Error as error:
        raise InputError(f"{path} has no header that can be read: {error}") from error


def best_form(text: str, count_known: Callable[[Sequence[str]], int]) -> CsvForm:
    """Find the delimiter by which the header of a text has most columns with known names.

    Raises
    ------
    csv.Error
        No header can be read.
    """
    forms = [find_header(text, delimiter, count_known) for delimiter in DELIMITERS]
    return max(forms, key=lambda form: count_known(form.names))


def read_rows(path: Path, form: CsvForm) -> Iterator[Row | Reject]:
    """Read the rows behind the header; empty lines, and those of delimiters alone, are passed over.

    Raises
    ------
    InputError
        The file is damaged; the rows before the damage came already.
    """
    with (
        _reading(path) as stream,
        TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="") as text,
    ):
        yield from records(text, form)


def _decode(head: bytes, path: Path) -> str:
    """Return the beginning of a file as text, where it is text in UTF-8."""
    if not head.strip():
        raise InputError(f"{path} is empty")
    for mark, what in _OTHERS.items():
        if head.startswith(mark):
            raise InputError(f"{path} is {what}")
    header, _, _ = head.partition(b"\n")
    if b"\0" in header:
        raise InputError(f"{path} is neither a CSV nor a Parquet file")
    if not (is_utf8(header) and _seems_utf8(head)):
        raise InputError(f"{path} is not text in UTF-8; save it as UTF-8")
    return head.decode("utf-8-sig", errors="surrogateescape")


def _seems_utf8(head: bytes) -> bool:
    """Say no where many lines go beyond ASCII and none of them is UTF-8; a few may be damage."""
    others = [line for line in head.splitlines()[:-1] if not line.isascii()]
    return len(others) < SUSPICIOUS_LINES or any(map(is_utf8, others))


@contextmanager
def _reading(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, unpacking it if it is gzipped; turn what goes wrong into `InputError`."""
    try:
        with path.open("rb") as raw:
            is_packed = raw.read(len(_GZIP)) == _GZIP
            raw.seek(0)
            if not is_packed:
                yield raw
                return
            with gzip.GzipFile(fileobj=raw) as stream:
                yield cast("IO[bytes]", stream)
    except (EOFError, zlib.error, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot read {path}: {reason}") from error
