"""M3U and M3U8: a line an entry, with `#EXTINF` before it or not.

There is no standard; https://en.wikipedia.org/wiki/M3U lists the directives that programs write.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from harvest.sources.lists.entries import Entry, Listed, Tracks
from harvest.sources.lists.readings import Reading
from harvest.sources.lists.references import reference
from harvest.sources.lists.texts import artist_and_title, names_in

HEADER = "#EXTM3U"
LOOKED_AT = 1000  # lines that tell whether a text is a list

_LINE = re.compile(r"[^\r\n]+")  # `splitlines` would part titles too, at U+2028 and the like
# Nothing is tried twice: without its comma, a line of many attributes would take for ever.
_EXTINF = re.compile(
    r"#EXTINF:\s{0,9}(?P<seconds>-?\d{1,7}(?:\.\d+)?)?"
    r"(?:\s++[\w-]++=(?>\"[^\"]*+\"(?=[\s,])|[^\s,]*+))*+\s*+,(?P<names>.*)",
    re.ASCII | re.IGNORECASE,
)
_DIRECTIVE = re.compile(r"#(?P<name>PLAYLIST|EXTART|EXTALB):(?P<value>.*)", re.IGNORECASE)
_AUDIO = re.compile(
    r"\.(?:mp3|m4a|m4b|mp4|aac|flac|alac|ogg|oga|opus|wav|wma|aiff?|ape|wv|mka|mpc)$",
    re.IGNORECASE | re.ASCII,
)
_SPOTIFY = re.compile(r"(?:spotify:|(?:https?://)?(?:open|play)\.spotify\.com/)[^\s,;]*", re.ASCII)


@dataclass(slots=True)
class _Note:
    """What the directives say of the entry that follows."""

    names: str = ""
    artist: str = ""
    album: str = ""
    duration_ms: int = 0


def is_m3u(text: str) -> bool:
    r"""Say whether a text is such a list: by its header, or by what stands in its lines.

    Without a header the first line is a file of music or an address of Spotify's, and so are most
    of those that follow; what the others name is for the reader to say.

    >>> is_m3u("#EXTM3U\n"), is_m3u("spotify:track:4uLU6hMCjMI75M1A2tKUQC\n"), is_m3u("a,b\n1,2")
    (True, True, False)
    """
    if text.lstrip()[: len(HEADER)].upper() == HEADER:
        return True
    are_places = (_is_place(line) for line in _lines(text) if not line.startswith("#"))
    if not next(are_places, False):
        return False
    others = list(islice(are_places, LOOKED_AT))
    return 2 * sum(others) >= len(others)


def read_m3u(text: str, *, name: str) -> Reading:
    """Read a list.

    Parameters
    ----------
    text : str
        Of the whole file.
    name : str
        Of the playlist, where no `#PLAYLIST` says otherwise.
    """
    tracks, note = Tracks(), _Note()
    for line in _lines(text):
        if not line.startswith("#"):
            tracks.add(_entry(line, note))
            note = _Note()
        elif (match := _DIRECTIVE.match(line)) and match["name"].upper() == "PLAYLIST":
            name = match["value"].strip() or name
        else:
            _take(line, note)
    reading = Reading([Listed(name=name, tracks=tracks.found)])
    reading.count(tracks)
    return reading


def _lines(text: str) -> Iterator[str]:
    """Yield the lines that hold something, one by one: a text that is no list may be long."""
    return filter(None, (match[0].strip() for match in _LINE.finditer(text)))


def _take(line: str, note: _Note) -> None:
    if match := _EXTINF.match(line):
        note.names = match["names"].strip()
        note.duration_ms = max(round(float(match["seconds"] or 0) * 1000), 0)
    elif match := _DIRECTIVE.match(line):
        if match["name"].upper() == "EXTART":
            note.artist = match["value"].strip()
        else:
            note.album = match["value"].strip()


def _entry(location: str, note: _Note) -> Entry:
    """Take the names from the note, and from the file's name where the note has no artist."""
    if note.artist:
        artist, title = note.artist, note.names.removeprefix(f"{note.artist} - ")
    else:
        artist, title = artist_and_title(note.names)
    if not (artist and title) and not reference(location):
        from_file = names_in(location)
        artist, title = artist or from_file[0], title if title and artist else from_file[1] or title
    return Entry(
        references=(location,),
        title=title,
        artist=artist,
        album=note.album,
        duration_ms=note.duration_ms,
    )


def _is_place(line: str) -> bool:
    is_spotify = reference(line) is not None or _SPOTIFY.fullmatch(line) is not None
    return is_spotify or _AUDIO.search(line) is not None
