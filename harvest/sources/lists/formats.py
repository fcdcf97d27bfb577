"""Which format a file is in, by its content alone."""

import re

from harvest.sources.lists.characters import decoded, odd_bytes
from harvest.sources.lists.itunes import is_plist, read_itunes
from harvest.sources.lists.json_lists import read_json
from harvest.sources.lists.m3u import is_m3u, read_m3u
from harvest.sources.lists.pls import is_pls, read_pls
from harvest.sources.lists.readings import BrokenFileError, NoPlaylistError, Reading
from harvest.sources.lists.rekordbox import is_rekordbox, read_rekordbox
from harvest.sources.lists.tables import read_table
from harvest.sources.lists.unnamed import read_unnamed
from harvest.sources.lists.xspf import read_xspf

HEAD_BYTES = 4096
MOST_LINES = 2_000_000  # a song takes 700 bytes of memory and more, however short its line

_WIDE = (b"\xff\xfe", b"\xfe\xff")
_JSON = re.compile(r"\s*(?:\{|\[\s*[\[\]{\"])")  # "[playlist]" and "[Live] A - B.mp3" are none
_WEB_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+)?html\b", re.IGNORECASE)
# What music, pictures and other files begin with that may hold no NUL for long.
_BINARY = (
    *(b"ID3\x02", b"ID3\x03", b"ID3\x04", b"\xff\xfb", b"\xff\xf1", b"fLaC", b"OggS"),
    *(b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"%PDF-", b"PAR1", b"\x7fELF"),
)
_ZIP = b"PK\x03\x04"
_PACKED = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf": "7-Zip",
    b"Rar!\x1a": "RAR",
    _ZIP: "zip",
}
_TABLES = {  # what stands near the beginning of a zip that is one
    b"application/vnd.oasis.opendocument.spreadsheet": "a table of LibreOffice",
    b"[Content_Types].xml": "an Excel file",
    b"xl/": "an Excel file",
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def read_list(content: bytes, *, name: str) -> Reading:
    """Read the playlists of a file.

    Parameters
    ----------
    content : bytes
        All of it.
    name : str
        Its own name without what stands behind the last dot: that of a playlist that has none.

    Raises
    ------
    BrokenFileError
        It is of a format that is known, and cannot be read.
    NoPlaylistError
        It is of none.

    Examples
    --------
    >>> reading = read_list(b"spotify:track:4uLU6hMCjMI75M1A2tKUQC", name="one")
    >>> [(each.name, len(each.tracks)) for each in reading.playlists]
    [('one', 1)]
    """
    if reason := why_no_text(content[:HEAD_BYTES]):
        raise NoPlaylistError(reason)
    reading = _read(content, name)
    is_xml = content.lstrip().startswith(b"<")  # which says itself what it is in
    if not is_xml and (note := odd_bytes(content)):
        reading.notes.append(note)
    return reading


def why_no_text(head: bytes) -> str:
    r"""Say what a file is that is no text, such as music or a picture; empty for a text.

    Control characters but NUL prove nothing: they have been seen in names of songs.

    Parameters
    ----------
    head : bytes
        Its first `HEAD_BYTES`.

    Examples
    --------
    >>> why_no_text(b"ID3\x04\x00"), why_no_text(b"#EXTM3U")
    ('it is no text', '')
    """
    if head.startswith(_WIDE):
        return ""
    if head.startswith(_OLD_OFFICE):
        return "it is an old Excel file, or another of Office; save it as CSV"
    packed = next((name for mark, name in _PACKED.items() if head.startswith(mark)), "")
    if packed == "zip":
        kind = next((kind for mark, kind in _TABLES.items() if mark in head), "")
        return f"it is {kind}; save it as CSV" if kind else "it is a zip within a zip; unpack it"
    if packed:
        return f"it is packed by {packed}; unpack it"
    if _is_wide(head):
        return "it is text in UTF-16 without its mark; save it as UTF-8"
    return "it is no text" if head.startswith(_BINARY) or b"\0" in head else ""


def _is_wide(head: bytes) -> bool:
    """Say whether half of the bytes at even places are NUL and none at odd ones, or vice versa."""
    n_even, n_odd = head[::2].count(0), head[1::2].count(0)
    return min(n_even, n_odd) == 0 and 4 * max(n_even, n_odd) >= len(head) > 1


def _read(content: bytes, name: str) -> Reading:
    text = decoded(content)
    first = text.lstrip()[:1]
    if not first:
        raise BrokenFileError("it is empty")
    if _WEB_PAGE.match(text):
        raise NoPlaylistError("it is a web page")
    if first == "<":
        return _read_xml(content if content.startswith(_WIDE) else content.strip(), text, name)
    return read_json(content, name=name) if _JSON.match(text) else _read_lines(text, name)


def _read_xml(document: bytes, text: str, name: str) -> Reading:
    if is_plist(text):
        return read_itunes(document)
    return read_rekordbox(document) if is_rekordbox(text) else read_xspf(document, name=name)


def _read_lines(text: str, name: str) -> Reading:
    n_lines = max(text.count("\n"), text.count("\r"))
    if n_lines > MOST_LINES:
        raise BrokenFileError(f"it has {n_lines:,} lines, more than {MOST_LINES:,}; split it")
    if is_pls(text):
        return read_pls(text, name=name)
    if is_m3u(text):
        return read_m3u(text, name=name)
    try:
        return read_table(text, name=name)
    except NoPlaylistError:
        if is_m3u(text, may_have_heading=True):
            return read_m3u(text, name=name)
        if reading := read_unnamed(text, name=name):
            return reading
        raise
