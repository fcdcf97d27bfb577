"""PLS: a playlist as an INI file, where equal numbers tell what belongs to the same entry.

https://en.wikipedia.org/wiki/PLS_(file_format); Rhythmbox puts the name into `X-GNOME-Title`.
"""

import re
from collections import defaultdict
from collections.abc import Mapping

from harvest.sources.lists.entries import Entry, Listed, Tracks
from harvest.sources.lists.m3u import completed
from harvest.sources.lists.readings import Reading
from harvest.sources.lists.texts import artist_and_title

_SECTION = re.compile(r"\s*\[playlist\][^\S\r\n]*(?:[\r\n]+|$)", re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]+")  # `splitlines` would part titles too, at U+2028 and the like
_ENTRY = re.compile(
    r"\s*(?P<key>file|title|length)(?P<number>\d{1,9})\s*=(?P<value>.*)", re.ASCII | re.IGNORECASE
)
_NAME = re.compile(r"\s*(?:X-GNOME-Title|PlaylistName)\s*=(?P<value>.*)", re.IGNORECASE)
_SECONDS = re.compile(r"\d{1,7}", re.ASCII)


def is_pls(text: str) -> bool:
    r"""Say whether a text is such a list.

    >>> is_pls("[playlist]\nFile1=a.mp3"), is_pls("[Playlist] A - B.mp3")
    (True, False)
    """
    return _SECTION.match(text) is not None


def read_pls(text: str, *, name: str) -> Reading:
    """Read a list, its entries in the order of their numbers.

    Parameters
    ----------
    text : str
        Of the whole file.
    name : str
        Of the playlist, where it does not say otherwise.
    """
    entries: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for line in _LINE.finditer(text):
        if pair := _ENTRY.match(line[0]):
            said = entries[int(pair["number"])]
            said.setdefault(pair["key"].casefold(), pair["value"].strip())
        elif named := _NAME.match(line[0]):
            name = named["value"].strip() or name
    tracks = Tracks()
    for number in sorted(entries):
        tracks.add(_entry(entries[number]))
    reading = Reading([Listed(name=name, tracks=tracks.found)])
    reading.count(tracks)
    return reading


def _entry(said: Mapping[str, str]) -> Entry:
    location, length = said.get("file", ""), said.get("length", "")
    artist, title = completed(*artist_and_title(said.get("title", "")), location)
    return Entry(
        references=(location,),
        title=title,
        artist=artist,
        duration_ms=int(length) * 1000 if _SECONDS.fullmatch(length) else 0,
    )
