"""The library of iTunes and of Apple's Music, or a playlist of it, as a property list in XML.

`File > Library > Export Library` and `Export Playlist` write it. `plistlib` refuses what declares
an entity, by which XML bombs are made (CWE-776), and fetches nothing.
"""

import plistlib
import re
from collections.abc import Iterator, Mapping
from xml.parsers.expat import ExpatError

from harvest.sources.lists.entries import Entry, Listed, Tracks
from harvest.sources.lists.readings import BrokenFileError, NoPlaylistError, Reading

# The library as a whole, folders, and what iTunes fills by itself, as "Movies", are no playlists.
_NONE = ("Master", "Distinguished Kind", "Folder")
_NO_SONG = ("Podcast", "Audiobook", "Movie", "TV Show")
_HEAD = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE\s+plist\b|<plist\b)")
# What `plistlib` raises for values that are not what their elements say, and for elements amiss.
_AMISS = (ValueError, AttributeError, TypeError, LookupError, OverflowError, ExpatError)

Object = Mapping[str, object]


def is_plist(text: str) -> bool:
    """Say whether a text is a property list.

    >>> is_plist('<?xml version="1.0"?><plist version="1.0"/>'), is_plist("<playlist/>")
    (True, False)
    """
    return _HEAD.match(text) is not None


def read_itunes(content: bytes) -> Reading:
    """Read the playlists of a library.

    Raises
    ------
    BrokenFileError
        It is no property list that can be read.
    NoPlaylistError
        It is one of another kind.
    """
    try:
        library = plistlib.loads(content, fmt=plistlib.FMT_XML)
    except _AMISS as error:
        raise BrokenFileError(f"it is no property list that can be read: {error}") from error
    songs = library.get("Tracks") if isinstance(library, Mapping) else None
    if not isinstance(songs, Mapping):
        raise NoPlaylistError("it is a property list, and no library of iTunes")
    reading = Reading()
    for playlist in _objects(library.get("Playlists")):
        if not any(playlist.get(key) for key in _NONE):
            _add(reading, playlist, songs)
    if not reading.playlists:
        reading.notes.append("it is a library of iTunes without a playlist of your own")
    return reading


def _add(reading: Reading, playlist: Object, songs: Object) -> None:
    tracks = Tracks()
    for item in _objects(playlist.get("Playlist Items")):
        song = songs.get(str(item.get("Track ID")))
        tracks.add(_entry(song) if isinstance(song, Mapping) else None)
    name = _text(playlist, "Name")
    reading.playlists.append(Listed(name=name or "Playlist", tracks=tracks.found))
    reading.count(tracks)


def _entry(song: Object) -> Entry:
    if any(song.get(kind) for kind in _NO_SONG):
        return Entry(references=("spotify:episode:",))
    duration_ms = song.get("Total Time")
    return Entry(
        title=_text(song, "Name"),
        artist=_text(song, "Artist"),
        album=_text(song, "Album"),
        duration_ms=duration_ms if isinstance(duration_ms, int) else 0,
    )


def _objects(value: object) -> Iterator[Object]:
    return (
        (each for each in value if isinstance(each, Mapping))
        if isinstance(value, list)
        else iter(())
    )


def _text(of: Object, key: str) -> str:
    value = of.get(key)
    return value.strip() if isinstance(value, str) else ""
