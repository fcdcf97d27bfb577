"""Bytes -> characters, whatever program wrote them."""

import re
from collections.abc import Iterator, Sequence

from harvest.sources.lists.legacy import NAMES, WESTERN, encoding_of
from harvest.sources.lists.readings import BrokenFileError
from harvest.texts.legible import is_utf8

LINES_NAMED = 3

_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# Bytes that are no UTF-8 are smuggled in as halves of surrogate pairs.
_ODD = re.compile("[\udc80-\udcff]")
_WHOLE = re.compile("[^\x00-\x7f\udc80-\udcff]")


def decoded(content: bytes) -> str:
    r"""Return a file's text: in UTF-8 or what its first bytes say, else what its letters do.

    Where most of what is beyond ASCII is UTF-8, the bytes that are not are Windows-1252 one by one.

    Raises
    ------
    BrokenFileError
        It begins as UTF-16 or UTF-32 text and is none.

    Examples
    --------
    >>> decoded(b"Bj\xc3\xb6rk"), decoded(b"Bj\xf6rk"), decoded(b"Bj\xc3\xb6rk\nMot\xf6rhead")
    ('Björk', 'Björk', 'Björk\nMotörhead')
    """
    for mark, encoding in _WIDE_MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise BrokenFileError(f"it is no whole text in {encoding.upper()}") from error
    if (text := _utf8(content)) is None:
        return content.decode(encoding_of(content), "replace")
    return _ODD.sub(_in_windows, text)


def odd_bytes(content: bytes) -> str:
    r"""Say how a text is read that is not UTF-8, or not all of it; empty where nothing is odd.

    >>> odd_bytes(b"Bj\xc3\xb6rk\nMot\xf6rhead")
    'line 2 is not UTF-8; its odd bytes are read as Windows-1252'
    >>> odd_bytes("Кино".encode("cp1251")).partition(",")[0]
    'it is not UTF-8'
    """
    is_wide = any(content.startswith(mark) for mark, _ in _WIDE_MARKS)
    if is_wide or is_utf8(content):
        return ""
    if _utf8(content) is None:
        encoding = encoding_of(content)
        why = "" if encoding == WESTERN else ", which its letters speak for"
        return (
            f"it is not UTF-8, and read as {NAMES[encoding]}{why}; save it as UTF-8 if its names "
            "look wrong"
        )
    return _told(list(_odd_lines(content)))


def _utf8(content: bytes) -> str | None:
    """Return a text with its odd bytes smuggled in, None where most of it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("utf-8-sig", "surrogateescape")
    n_whole, n_odd = (sum(1 for _ in kind.finditer(text)) for kind in (_WHOLE, _ODD))
    return text if n_whole >= n_odd or content.startswith(_MARK) else None


def _in_windows(odd: re.Match[str]) -> str:
    return odd[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _odd_lines(content: bytes) -> Iterator[int]:
    return (n for n, line in enumerate(content.splitlines(), 1) if not is_utf8(line))


def _told(lines: Sequence[int]) -> str:
    named = ", ".join(f"{line:,}" for line in lines[:LINES_NAMED])
    if len(lines) == 1:
        return f"line {named} is not UTF-8; its odd bytes are read as Windows-1252"
    more = f" and {len(lines) - LINES_NAMED:,} more" if len(lines) > LINES_NAMED else ""
    return f"lines {named}{more} are not UTF-8; their odd bytes are read as Windows-1252"
