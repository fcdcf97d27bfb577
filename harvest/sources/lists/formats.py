"""Which format a file is in, by its content alone."""

import re

from harvest.sources.lists.characters import decoded, odd_bytes
from harvest.sources.lists.json_lists import read_json
from harvest.sources.lists.m3u import is_m3u, read_m3u
from harvest.sources.lists.readings import BrokenFileError, NoPlaylistError, Reading
from harvest.sources.lists.tables import read_table
from harvest.sources.lists.xspf import read_xspf

HEAD_BYTES = 4096

_WIDE = (b"\xff\xfe", b"\xfe\xff")
_JSON = re.compile(r"\s*(?:\{|\[\s*[\[\]{\"])")  # "[playlist]" and "[Live] A - B.mp3" are none
_WEB_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+)?html\b", re.IGNORECASE)
# What music, pictures, archives and other files begin with that may hold no NUL for long.
_BINARY = (
    *(b"ID3\x02", b"ID3\x03", b"ID3\x04", b"\xff\xfb", b"\xff\xf1", b"fLaC", b"OggS"),
    *(b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"%PDF-", b"PAR1", b"\x7fELF"),
    *(b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!\x1a"),
)


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
    if is_binary(content):
        raise NoPlaylistError("it is no text")
    reading = _read(content, name)
    if note := odd_bytes(content):
        reading.notes.append(note)
    return reading


def is_binary(content: bytes) -> bool:
    r"""Say whether a file is no text, such as music or a picture.

    Control characters but NUL prove nothing: they have been seen in names of songs.

    >>> is_binary(b"ID3\x04\x00"), is_binary(b"#EXTM3U")
    (True, False)
    """
    if content.startswith(_WIDE):
        return False
    return content.startswith(_BINARY) or b"\0" in content[:HEAD_BYTES]


def _read(content: bytes, name: str) -> Reading:
    text = decoded(content)
    first = text.lstrip()[:1]
    if not first:
        raise BrokenFileError("it is empty")
    if _WEB_PAGE.match(text):
        raise NoPlaylistError("it is a web page")
    if first == "<":
        return read_xspf(content if content.startswith(_WIDE) else content.strip(), name=name)
    if _JSON.match(text):
        return read_json(content, name=name)
    if is_m3u(text):
        return read_m3u(text, name=name)
    try:
        return read_table(text, name=name)
    except NoPlaylistError:
        if is_m3u(text, may_have_heading=True):
            return read_m3u(text, name=name)
        raise
