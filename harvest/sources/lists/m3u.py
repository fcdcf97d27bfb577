"""M3U and M3U8: a line an entry, with `#EXTINF` before it or not.

There is no standard; https://en.wikipedia.org/wiki/M3U lists the directives that programs write.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

from harvest.sources.lists.entries import Entry, Listed, Tracks
from harvest.sources.lists.readings import Reading
from harvest.sources.lists.references import reference
from harvest.sources.lists.texts import artist_and_title, names_in

HEADER = "#EXTM3U"
LOOKED_AT = 1000  # lines that tell whether a text is a list
UNPLACED = "unplaced"

_LINE = re.compile(r"[^\r\n]+")  # `splitlines` would part titles too, at U+2028 and the like
# Nothing is tried twice: without its comma, a line of many attributes would take for ever.
_EXTINF = re.compile(
    r"#EXTINF:\s{0,9}(?P<seconds>-?\d{1,7}(?:\.\d+)?)?"
    r"(?:\s++[\w-]++=(?>\"[^\"]*+\"(?=[\s,])|[^\s,]*+))*+\s*+,(?P<names>.*)",
    re.ASCII | re.IGNORECASE,
)
_DIRECTIVE = re.compile(r"#(?P<name>PLAYLIST|EXTART|EXTALB):(?P<value>.*)", re.IGNORECASE)
# Such as "#1 Crush.mp3", a file; "# from x.mp3" and "#EXTIMG:x.mp3" are none.
_HASHED = re.compile(r"#(?!EXT[\w-]*:|KODIPROP:|PLAYLIST:|\s)", re.IGNORECASE)
_SECTION = re.compile(r"\[[^\]]*\]$")  # "[playlist]" is PLS
_AUDIO = re.compile(
    r"\.(?:mp[123]|mpga|mpc|mp\+|m4[abprv]|mp4|aac|ac3|dts|flac|alac|og[agxv]|opus|spx|wav|wma"
    r"|aif[cf]?|aiff|caf|ape|wv|mka|mkv|webm|dsf|dff|tta|tak|amr|3gp|ra|mid|midi)$",
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
    is_open: bool = False  # whether an `#EXTINF` waits for its place

    def open(self, extinf: re.Match[str]) -> None:
        """Take what is said of an entry whose place is to follow."""
        self.names, self.is_open = extinf["names"].strip(), True
        self.duration_ms = max(round(float(extinf["seconds"] or 0) * 1000), 0)

    def take(self, directive: re.Match[str]) -> str:
        """Take the artist or the album; return the playlist's name where it is that."""
        value = directive["value"].strip()
        match directive["name"].upper():
            case "PLAYLIST":
                return value
            case "EXTART":
                self.artist = value
            case _:
                self.album = value
        return ""


def is_m3u(text: str, *, may_have_heading: bool = False) -> bool:
    r"""Say whether a text is such a list: by its directives, or by what stands in its lines.

    Without any the first line is a file of music or an address of Spotify's, and so are most of
    those that follow; what the others name is for the reader to say.

    Parameters
    ----------
    text : str
    may_have_heading : bool
        Whether the first line may be something else.

    Examples
    --------
    >>> is_m3u("#EXTM3U\n"), is_m3u("spotify:track:4uLU6hMCjMI75M1A2tKUQC\n"), is_m3u("a,b\n1,2")
    (True, True, False)
    """
    for line in takewhile(lambda line: line.startswith("#"), _lines(text)):
        if line[: len(HEADER)].upper() == HEADER or _EXTINF.match(line):
            return True
    lines = (line for line in _lines(text) if not line.startswith("#"))
    first = next(lines, "")
    is_place = _is_place(first)
    if not is_place and (not may_have_heading or _SECTION.match(first)):
        return False
    others = [_is_place(line) for line in islice(lines, LOOKED_AT)]
    n_places = sum(others)
    return 2 * n_places >= len(others) and (is_place or n_places > 0)


def read_m3u(text: str, *, name: str) -> Reading:
    """Read a list.

    Parameters
    ----------
    text : str
        Of the whole file.
    name : str
        Of the playlist, where no `#PLAYLIST` says otherwise.
    """
    tracks, note, n_unplaced = Tracks(), _Note(), 0
    for line in _lines(text):
        if _is_entry(line, note):
            tracks.add(_entry(line, note))
            note = _Note()
        elif match := _EXTINF.match(line):
            n_unplaced += note.is_open
            note.open(match)
        elif match := _DIRECTIVE.match(line):
            name = note.take(match) or name
    reading = Reading([Listed(name=name, tracks=tracks.found)])
    reading.count(tracks)
    reading.tallies += Counter({UNPLACED: n_unplaced + note.is_open})  # no count of none
    return reading


def completed(artist: str, title: str, location: str) -> tuple[str, str]:
    """Return artist and title, what is said of neither from the file's name.

    >>> completed("", "Sinnerman", "03 - Nina Simone - Sinnerman.mp3")
    ('Nina Simone', 'Sinnerman')
    """
    if (artist and title) or reference(location):
        return artist, title
    from_file = names_in(location)
    return artist or from_file[0], title if title and artist else from_file[1] or title


def _lines(text: str) -> Iterator[str]:
    """Yield the lines that hold something, one by one: a text that is no list may be long."""
    return filter(None, (match[0].strip() for match in _LINE.finditer(text)))


def _is_entry(line: str, note: _Note) -> bool:
    if not line.startswith("#"):
        return True
    return note.is_open and _HASHED.match(line) is not None and _AUDIO.search(line) is not None


def _entry(location: str, note: _Note) -> Entry:
    """Take the names from the note, and from the file's name where the note has no artist."""
    if note.artist:
        artist, title = note.artist, _without_artist(note.names, note.artist)
    else:
        artist, title = artist_and_title(note.names)
    artist, title = completed(artist, title, location)
    return Entry(
        references=(location,),
        title=title,
        artist=artist,
        album=note.album,
        duration_ms=note.duration_ms,
    )


def _without_artist(names: str, artist: str) -> str:
    if not names.startswith(artist):
        return names
    before, title = artist_and_title(f"-{names.removeprefix(artist)}")
    return title if before == "-" else names


def _is_place(line: str) -> bool:
    is_spotify = reference(line) is not None or _SPOTIFY.fullmatch(line) is not None
    return is_spotify or _AUDIO.search(line) is not None
