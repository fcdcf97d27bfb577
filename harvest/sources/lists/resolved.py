"""What Spotify was found to know of own playlists' tracks: names for ids, ids for names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from harvest.database.opening import Database
from harvest.errors import InputError
from harvest.records import SPOTIFY_ID_GLOB
from harvest.sources.lists.entries import LARGEST_DURATION_MS

# An older program stored whatever stood for an id; `harvest resolve` asks for those again.
_ROWS = f"""
    SELECT spotify_id, found_id, title, artist, artist_uri, album, album_uri, duration_ms
    FROM spotify_track WHERE found_id GLOB '{SPOTIFY_ID_GLOB}'
"""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What is known of a track now."""

    found_id: str
    title: str
    artist: str
    artist_uri: str
    album: str
    album_uri: str
    duration_ms: int

    def changes(self) -> dict[str, object]:
        """Return what the track's row is to hold."""
        return {
            "track_uri": f"spotify:track:{self.found_id}",
            "track_name": self.title,
            "artist_uri": self.artist_uri,
            "artist_name": self.artist,
            "album_uri": self.album_uri,
            "album_name": self.album,
            "duration_ms": min(self.duration_ms, LARGEST_DURATION_MS),
        }


def read_resolved(state: Path, tracks: pa.Table) -> Mapping[str, Resolved]:
    """Read what is known of the tracks of a table, by their id or made-up URI."""
    try:
        database = Database.peek(state)
    except InputError:  # of an older version, which asked for no such thing
        return {}
    if database is None:
        return {}
    keys = set(map(key_of_track, tracks["track_uri"].to_pylist()))
    with database:
        return {asked: found for asked, found in _rows(database) if asked in keys}


def key_of_track(uri: str) -> str:
    """Return what a track is called in `harvest.db`: its Spotify id, or what else it is known by.

    >>> key_of_track("spotify:track:4uLU6hMCjMI75M1A2tKUQC")
    '4uLU6hMCjMI75M1A2tKUQC'
    """
    return uri.removeprefix("spotify:track:")


def _rows(database: Database) -> Iterator[tuple[str, Resolved]]:
    return ((asked, Resolved(*values)) for asked, *values in database.rows(_ROWS))
