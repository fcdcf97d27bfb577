"""Which format a file is in, by its content alone."""

import re

from harvest.sources.lists.json_lists import read_json
from harvest.sources.lists.m3u import is_m3u, read_m3u
from harvest.sources.lists.readings import BrokenFileError, NoPlaylistError, Reading
from harvest.sources.lists.tables import read_table
from harvest.sources.lists.texts import decoded
from harvest.sources.lists.xspf import read_xspf

HEAD_BYTES = 4096

_WIDE = (b"\xff\xfe", b"\xfe\xff")
_JSON = re.compile(r"\s*(?:\{|\[\s*[\[\]{\"])")  # "[playlist]" and "[Live] A - B.mp3" are none
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


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
    text = decoded(content)
    first = text.lstrip()[:1]
    if not first:
        raise BrokenFileError("it is empty")
    if first == "<":
        return read_xspf(content if content.startswith(_WIDE) else content.strip(), name=name)
    if _JSON.match(text):
        return read_json(content, name=name)
    return read_m3u(text, name=name) if is_m3u(text) else read_table(text, name=name)


def is_binary(content: bytes) -> bool:
    r"""Say whether a file is no text, such as music or a picture.

    >>> is_binary(b"ID3\x04\x00"), is_binary(b"#EXTM3U")
    (True, False)
    """
    return _CONTROL.search(content, 0, HEAD_BYTES) is not None and not content.startswith(_WIDE)
