"""Files that others made: text or JSON, gzipped or not; says why one cannot be read."""

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO, TypeVar, cast

import msgspec

from model.errors import InputError

T = TypeVar("T")

_GZIP, _ZIP, _BOM = b"\x1f\x8b", b"PK\x03\x04", b"\xef\xbb\xbf"
_AT_BYTE = re.compile(r" \(byte (\d+)\)$")
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a whole pair
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})"  # half a pair
    rb"|.)"
)
_NAME, _ANY_VALUE = re.compile("`([^`]*)`"), "[...]"
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
}
_WORDS = {
    "Object missing required field": "lacks",
    "Expected ": "should be ",
    ", got ": ", not ",
    " >= ": " of at least ",
    " <= ": " of at most ",
}
_LONGEST_SHOWN = 60
_LONGEST_HEAD = 200


def shown(value: object) -> str:
    """Give a value as it may stand in a message: in quotes, on one line, not too long.

    Examples
    --------
    >>> shown("a b"), shown("x" * 80)[-6:]
    ("'a b'", "xxxx…'")
    """
    text = str(value).encode(errors="replace").decode()  # No half surrogate pairs.
    return repr(text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…")


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Give each line with its number, from 1, without blanks at its ends; gzipped or not.

    Lines end as on any system. What is no UTF-8 comes as half surrogate pairs, which no field that
    is looked at allows.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    with _open(path) as stream:
        text = TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape")
        for number, line in enumerate(text, start=1):
            yield number, line.strip()


def first_line(path: Path) -> bytes:
    """Give the first line of a file, gzipped or not, with its end; of a longer one the beginning.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    with _open(path) as stream:
        return stream.readline(_LONGEST_HEAD)


def check_whole(path: Path) -> None:
    """Refuse a gzipped file that is broken: up to there, it may have been read as something else.

    Raises
    ------
    InputError
    """
    for _ in read_lines(path):
        pass


def read_json(path: Path, kind: type[T], *, expected: str) -> T:
    """Decode a JSON file, gzipped or not, with or without a byte order mark.

    Parameters
    ----------
    path : Path
    kind : type
        What msgspec should make of it.
    expected : str
        What the file should be, for messages.

    Raises
    ------
    InputError
        Saying in which line the JSON breaks, or which of its values is not as expected.
    """
    with _open(path) as stream:
        content = stream.read().removeprefix(_BOM)
    if not content.strip():
        msg = f"{path} is empty; expected {expected}"
        raise InputError(msg)
    return decode_json(content, kind, where=str(path), expected=expected)


def decode_json(content: bytes | msgspec.Raw, kind: type[T], *, where: str, expected: str) -> T:
    """Decode JSON text; half surrogate pairs, which are no characters, become U+FFFD.

    Raises
    ------
    InputError
        As `read_json`.
    """
    try:
        return msgspec.json.decode(_mended(bytes(content)), type=kind)
    except msgspec.ValidationError as error:
        msg = f"{where}: {_plain(error)}; expected {expected}"
        raise InputError(msg) from error
    except RecursionError as error:
        msg = f"{where} has lists within lists, thousands deep; expected {expected}"
        raise InputError(msg) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        msg = f"{where} is not JSON: {_located(str(error), bytes(content))}; expected {expected}"
        raise InputError(msg) from error


@contextmanager
def _open(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, which may be a pipe, for its bytes, unpacked.

    Raises
    ------
    InputError
        If it is a zip archive, or cannot be read, be it at once or within the ``with`` block.
    """
    try:
        with path.open("rb") as stream:
            head = stream.peek(len(_ZIP))
            if head.startswith(_ZIP):
                msg = f"{path} is a zip archive; unpack it and give the file that lies in it"
                raise InputError(msg)
            if head.startswith(_GZIP):
                with gzip.GzipFile(fileobj=stream) as unpacked:
                    yield cast("IO[bytes]", unpacked)
            else:
                yield stream
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> InputError:
    if isinstance(error, gzip.BadGzipFile | EOFError | zlib.error):
        return InputError(f"{path} is gzipped and broken or cut off ({error}); get it again")
    reason = getattr(error, "strerror", None) or str(error)
    return InputError(f"cannot read {path}: {reason}")


def _plain(error: Exception) -> str:
    """Say what a value should be without the library's own language.

    Examples
    --------
    >>> _plain(ValueError("Expected `int` >= 0 - at `$.pid`"))
    'pid should be a whole number of at least 0'
    """
    message, _, place = str(error).partition(" - at `$")
    where = place.rstrip("`").lstrip(".").replace(_ANY_VALUE, "a value") or "it"
    message = _NAME.sub(lambda name: _kind(name[1]), message)
    for jargon, words in _WORDS.items():
        message = message.replace(jargon, words)
    return f"{where} {message}"


def _kind(name: str) -> str:
    """Name one of JSON's kinds of values, or several with "or" between."""
    return " or ".join(_KINDS.get(one, one) for one in name.split(" | "))


def _located(message: str, content: bytes) -> str:
    """Name the line, from 1, in place of the byte."""
    found = _AT_BYTE.search(message)
    if found is None:
        return message
    line = content.count(b"\n", 0, int(found[1])) + 1
    return f"{message[: found.start()]} in line {line}"


def _mended(content: bytes) -> bytes:
    r"""Put U+FFFD for each escape that is half a surrogate pair.

    Examples
    --------
    >>> _mended(rb'"\ud83d\ude00 \ud83d \\ud83d"').decode()
    '"\\ud83d\\ude00 \\ufffd \\\\ud83d"'
    """
    if b"\\ud" not in content and b"\\uD" not in content:
        return content
    return _ESCAPE.sub(lambda found: rb"\ufffd" if found[1] else found[0], content)
