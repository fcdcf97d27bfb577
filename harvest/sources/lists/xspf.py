"""XSPF, https://www.xspf.org/spec: a playlist in XML; nothing is kept but the texts that count."""

from collections.abc import Mapping

from harvest.sources.lists.elements import parse
from harvest.sources.lists.entries import Entry, Listed, Tracks
from harvest.sources.lists.readings import NoPlaylistError, Reading
from harvest.sources.lists.texts import artist_and_title, names_in, unix_seconds

NAMESPACE = "http://xspf.org/ns/0/"

_HEAD = ("title", "annotation", "date")
_TRACK = ("location", "identifier", "title", "creator", "album", "duration")

Texts = dict[str, list[str]]


def read_xspf(content: bytes, *, name: str) -> Reading:
    """Read a playlist.

    Parameters
    ----------
    content : bytes
        Of the whole file; its own declaration names the encoding.
    name : str
        Of the playlist, where it has no title.

    Raises
    ------
    BrokenFileError
        It is not well-formed, in an unusual encoding, or declares a document type.
    NoPlaylistError
        It is XML of another kind.
    """
    document = _Document()
    parse(content, start=document.start, end=document.end, text=document.text)
    return document.reading(name)


def entry_of(texts: Mapping[str, list[str]]) -> Entry:
    """Make an entry of the elements of a track, each with its texts."""
    locations = texts.get("location", [])
    title, artist = _first(texts, "title"), _first(texts, "creator")
    if title and not artist:
        artist, title = artist_and_title(title)
    if not (title and artist):
        from_files = (names_in(each) for each in locations)
        named = next((names for names in from_files if all(names)), ("", title))
        artist, title = artist or named[0], title if title and artist else named[1]
    return Entry(
        references=(*texts.get("identifier", []), *locations),
        title=title,
        artist=artist,
        album=_first(texts, "album"),
        duration_ms=_milliseconds(_first(texts, "duration")),
    )


def _first(texts: Mapping[str, list[str]], name: str) -> str:
    return next(iter(texts.get(name, [])), "")


def _milliseconds(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class _Document:
    """What has been read so far."""

    def __init__(self) -> None:
        self._path: list[str] = []
        self._text: list[str] = []
        self._head: Texts = {}
        self._track: Texts = {}
        self._tracks = Tracks()

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """Note that an element begins."""
        namespace, _, local = tag.rpartition(" ")
        if not self._path and (local != "playlist" or namespace not in {NAMESPACE, ""}):
            raise NoPlaylistError(f"it is XML of another kind: its root is {local[:40]!r}")
        # What other programs put in between has names of its own.
        self._path.append(local if namespace in {NAMESPACE, ""} else tag)
        self._text.clear()

    def text(self, text: str) -> None:
        """Take characters."""
        self._text.append(text)

    def end(self, _: str) -> None:
        """Note that an element ends."""
        name, parents = self._path.pop(), self._path
        value = " ".join("".join(self._text).split())
        if parents == ["playlist", "trackList", "track"] and name in _TRACK and value:
            self._track.setdefault(name, []).append(value)
        elif parents == ["playlist"] and name in _HEAD and value:
            self._head.setdefault(name, []).append(value)
        elif parents == ["playlist", "trackList"] and name == "track":
            self._tracks.add(entry_of(self._track) if self._track else None)
            self._track = {}
        self._text.clear()

    def reading(self, name: str) -> Reading:
        """Return the playlist."""
        listed = Listed(
            name=_first(self._head, "title") or name,
            tracks=self._tracks.found,
            description=_first(self._head, "annotation") or None,
            modified_at=unix_seconds(_first(self._head, "date")),
        )
        reading = Reading([listed])
        reading.count(self._tracks)
        return reading
