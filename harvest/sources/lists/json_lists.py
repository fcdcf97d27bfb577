"""Playlists in JSON: JSPF, the account data that Spotify sends to its users, and the MPD's slices.

JSPF: https://www.xspf.org/jspf. Account data: https://support.spotify.com/article/understanding-your-data/
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import unescape

import msgspec

from harvest.records import UNREADABLE
from harvest.sources.json_text import mend_surrogates
from harvest.sources.lists.characters import decoded
from harvest.sources.lists.entries import Entry, Listed, Tracks
from harvest.sources.lists.readings import BrokenFileError, NoPlaylistError, Reading
from harvest.sources.lists.texts import unix_seconds
from harvest.sources.lists.xspf import entry_of

LARGEST_COUNT = 2**31 - 1
LIKED = "Liked Songs"

_SPOTIFY = ("spotify:", "https://open.spotify.com/", "http://open.spotify.com/")

_TITLES = ("trackName", "title", "name")
_ALBUMS = "albums"  # stand beside the songs of a library

Object = Mapping[str, object]


def read_json(content: bytes, *, name: str) -> Reading:
    """Read whichever of them it is.

    Parameters
    ----------
    content : bytes
        Of the whole file.
    name : str
        Of the playlist, where it has no title.

    Raises
    ------
    BrokenFileError
        It is no whole JSON text.
    NoPlaylistError
        It is JSON of another kind.
    """
    document = _decode(content)
    if isinstance(document, Mapping):
        single, several = document.get("playlist"), document.get("playlists")
        if isinstance(single, Mapping) and isinstance(single.get("track", []), list):
            return _reading([_jspf(single, name)])
        if isinstance(several, list):
            objects = [each for each in several if isinstance(each, Mapping)]
            if objects or not several:  # none, as in account data of somebody without playlists
                return _reading([_several(each, name) for each in objects])
        if _is_library(document):
            return _reading([_liked(document, name)])
    if objects := _backed_up(document):
        return _reading([_several(each, name) for each in objects])
    raise NoPlaylistError("it is JSON without playlists")


def _decode(content: bytes) -> object:
    text = decoded(content).encode("utf-8", "surrogatepass")
    try:
        return msgspec.json.decode(text)
    except UNREADABLE:
        pass
    try:
        return msgspec.json.decode(mend_surrogates(text))
    except RecursionError as error:
        raise BrokenFileError("it is JSON that is nested too deeply") from error
    except UNREADABLE as error:
        if _are_lines(text):
            raise NoPlaylistError("it is JSON Lines, in which there are no playlists") from error
        raise BrokenFileError(f"it is no whole JSON text: {error}") from error


def _are_lines(text: bytes) -> bool:
    """Say whether the first two lines are objects, as in what ListenBrainz exports."""
    first, second, *_ = [*text.lstrip().split(b"\n", 2), b"", b""]
    try:
        return all(isinstance(msgspec.json.decode(line), dict) for line in (first, second))
    except UNREADABLE:
        return False


def _reading(found: Sequence[tuple[Listed, Tracks]]) -> Reading:
    reading = Reading([listed for listed, _ in found])
    for _, tracks in found:
        reading.count(tracks)
    return reading


def _jspf(playlist: Object, name: str) -> tuple[Listed, Tracks]:
    tracks = Tracks()
    for track in _objects(playlist.get("track")):
        tracks.add(_jspf_entry(track) if track else None)
    listed = Listed(
        name=_text(playlist.get("title")) or name,
        tracks=tracks.found,
        description=_text(playlist.get("annotation")) or None,
        modified_at=unix_seconds(playlist.get("date")),
    )
    return listed, tracks


def _jspf_entry(track: Object) -> Entry:
    """Read a track as XSPF's, with Spotify's addresses that stand in its extensions."""
    single = ("title", "creator", "album", "duration")
    texts = {key: [text] for key in single if (text := _text(track.get(key)))}
    texts["location"] = _texts(track.get("location"))
    texts["identifier"] = _texts(track.get("identifier"))
    if not any(each.startswith(_SPOTIFY) for each in texts["location"] + texts["identifier"]):
        texts["identifier"] += _addresses(track.get("extension"))
    return entry_of(texts)


def _several(playlist: Object, name: str) -> tuple[Listed, Tracks]:
    """Read one of several playlists, of account data, of a slice, or of ListenBrainz."""
    single = playlist.get("playlist")
    if isinstance(single, Mapping) and isinstance(single.get("track", []), list):
        return _jspf(single, name)
    read: Callable[[Object], Entry | None] = _slice_entry if "pid" in playlist else _account_entry
    tracks = Tracks()
    for item in _objects(_items(playlist)):
        tracks.add(read(item))
    modified = playlist.get("modified_at", playlist.get("lastModifiedDate"))
    listed = Listed(
        name=_text(playlist.get("name")) or name,
        tracks=tracks.found,
        description=unescape(_text(playlist.get("description"))) or None,
        # Compared, not looked up in a set: a list in its place has no hash.
        is_collaborative=playlist.get("collaborative") in (True, "true")
        or bool(playlist.get("collaborators")),
        modified_at=_count(modified) or unix_seconds(modified),
        num_followers=_count(playlist.get("num_followers", playlist.get("numberOfFollowers"))),
    )
    return listed, tracks


def _items(playlist: Object) -> object:
    """Return the items of a playlist, which stand a level deeper in Spotify's Web API."""
    items = playlist.get("items", playlist.get("tracks"))
    return items.get("items") if isinstance(items, Mapping) else items


def _backed_up(document: object) -> list[Object]:
    """Return the playlists of what programs save that ask Spotify's Web API, as spotify-backup."""
    playlists = document if isinstance(document, list) else [document]
    return [
        each
        for each in playlists
        if isinstance(each, Mapping) and "name" in each and isinstance(_items(each), list)
    ]


def _account_entry(item: Object) -> Entry | None:
    """Read an item of account data: one of its kinds is there, the others are null."""
    for kind in ("episode", "audiobook", "chapter"):
        if item.get(kind):
            return Entry(references=("spotify:episode:",))
    local = item.get("localTrack")
    if isinstance(local, str):
        return Entry(references=(local,))
    # What is there and null was removed; an item of other fields is the track itself.
    is_bare = not {"track", "localTrack"} & item.keys()
    for track in (item.get("track"), local, item if is_bare else None):
        if isinstance(track, Mapping) and track:
            return _named_entry(track)
    return None


def _named_entry(track: Object) -> Entry:
    """Read a track, whose fields account data calls otherwise than Spotify's Web API."""
    artists, album = track.get("artists"), track.get("album")
    first = next(_objects(artists), {}) if isinstance(artists, list) else {}
    within = album.get("name") if isinstance(album, Mapping) else album
    return Entry(
        references=tuple(_texts(track.get("trackUri")) + _texts(track.get("uri"))),
        title=next(filter(None, (_text(track.get(key)) for key in _TITLES)), ""),
        artist=_text(track.get("artistName", track.get("artist"))) or _text(first.get("name")),
        album=_text(track.get("albumName")) or _text(within),
        duration_ms=_count(track.get("duration_ms")),
    )


def _is_library(document: Object) -> bool:
    """Say whether it has songs as `YourLibrary.json` of account data has those that are liked."""
    songs = document.get("tracks")
    if not isinstance(songs, list):
        return False
    are_none = not songs and _ALBUMS in document
    return are_none or any({"artist", "track"} <= each.keys() for each in _objects(songs))


def _liked(document: Object, name: str) -> tuple[Listed, Tracks]:
    tracks = Tracks()
    for song in _objects(document.get("tracks")):
        entry = Entry(
            references=tuple(_texts(song.get("uri"))),
            title=_text(song.get("track")),
            artist=_text(song.get("artist")),
            album=_text(song.get("album")),
        )
        tracks.add(entry if song else None)
    return Listed(name=LIKED if _ALBUMS in document else name, tracks=tracks.found), tracks


def _slice_entry(track: Object) -> Entry | None:
    return Entry(
        references=(_text(track.get("track_uri")),),
        title=_text(track.get("track_name")),
        artist=_text(track.get("artist_name")),
        album=_text(track.get("album_name")),
        artist_uri=_text(track.get("artist_uri")),
        album_uri=_text(track.get("album_uri")),
        duration_ms=_count(track.get("duration_ms")),
    )


def _objects(value: object) -> Iterator[Object]:
    """Yield the objects of a list; an empty one for each thing in it that is none."""
    for each in value if isinstance(value, list) else ():
        yield each if isinstance(each, Mapping) else {}


def _text(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for each in values if (text := _text(each))]


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return value if 0 <= value <= LARGEST_COUNT else 0


def _addresses(value: object, depth: int = 4) -> list[str]:
    """Return Spotify's addresses within an extension, wherever they stand in it."""
    if isinstance(value, str):
        return [value] if value.startswith(_SPOTIFY) else []
    inner = list(value.values()) if isinstance(value, Mapping) else value
    if not depth or not isinstance(inner, list):
        return []
    return [found for each in inner for found in _addresses(each, depth - 1)]
