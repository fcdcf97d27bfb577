"""The collection of rekordbox, as `File > Export Collection in xml format` writes it.

https://cdn.rekordbox.com/files/20200410160904/xml_format_list.pdf: first all songs, then a tree of
folders and playlists, which name songs by their numbers or by where they lie.
"""

import re
from collections.abc import Mapping

from harvest.sources.lists.elements import parse
from harvest.sources.lists.entries import Entry, Listed, Tracks
from harvest.sources.lists.readings import Reading
from harvest.sources.lists.xspf import entry_of

_HEAD = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)?<DJ_PLAYLISTS\b")
_STREAMED = re.compile(r"file://localhost(?!/)")  # as in "file://localhostspotify:track:…"
_PLAYLIST = "1"  # of `Type`; a folder is 0
_BY_PLACE = "1"  # of a playlist's `KeyType`; else by number

Attributes = Mapping[str, str]


def is_rekordbox(text: str) -> bool:
    """Say whether a text is such a collection.

    >>> is_rekordbox('<?xml version="1.0"?><DJ_PLAYLISTS/>'), is_rekordbox("<playlist/>")
    (True, False)
    """
    return _HEAD.match(text) is not None


def read_rekordbox(content: bytes) -> Reading:
    """Read the playlists of a collection, in whatever folders they are.

    Raises
    ------
    BrokenFileError
        It is not well-formed, in an unusual encoding, or declares a document type.
    """
    collection = _Collection()
    parse(content, start=collection.start, end=collection.end)
    return collection.reading()


class _Collection:
    """What has been read so far."""

    def __init__(self) -> None:
        self._path: list[str] = []
        self._songs: dict[str, dict[str, Entry]] = {"TrackID": {}, "Location": {}}
        self._lists: list[tuple[str, Tracks]] = []
        self._key = ""

    def start(self, tag: str, attributes: Attributes) -> None:
        """Take a song, a playlist or one of its entries."""
        parent = self._path[-1] if self._path else ""
        self._path.append(tag)
        if tag == "TRACK" and parent == "COLLECTION":
            entry = _entry(attributes)
            self._songs["TrackID"][attributes.get("TrackID", "")] = entry
            self._songs["Location"][attributes.get("Location", "")] = entry
        elif tag == "NODE" and attributes.get("Type") == _PLAYLIST:
            self._key = "Location" if attributes.get("KeyType") == _BY_PLACE else "TrackID"
            self._lists.append((attributes.get("Name", "").strip() or "Playlist", Tracks()))
        elif tag == "TRACK" and parent == "NODE" and self._lists:
            self._lists[-1][1].add(self._songs[self._key].get(attributes.get("Key", "")))

    def end(self, _: str) -> None:
        """Note that an element ends."""
        self._path.pop()

    def reading(self) -> Reading:
        """Return the playlists."""
        reading = Reading([Listed(name=name, tracks=tracks.found) for name, tracks in self._lists])
        for _, tracks in self._lists:
            reading.count(tracks)
        if not self._lists:
            reading.notes.append("it is a collection of rekordbox without a playlist")
        return reading


def _entry(song: Attributes) -> Entry:
    said = {
        "title": song.get("Name", "").strip(),
        "creator": song.get("Artist", "").strip(),
        "album": song.get("Album", "").strip(),
        "duration": f"{song.get('TotalTime', '')}000",
        "location": _STREAMED.sub("", song.get("Location", "")),
    }
    return entry_of({key: [text] for key, text in said.items() if text})
