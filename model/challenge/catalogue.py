"""What songs and playlists are called outside this program: the names that the tables hold."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from model.errors import InputError
from model.inputs.parquet import read_columns
from model.ragged import IntArray
from model.tables import REMEDY, table_paths

_COLUMNS = {
    "playlists": ("pid", "name"),
    "tracks": ("track_uri", "track_name", "artist_id", "album_id", "duration_ms"),
    "artists": ("artist_uri", "artist_name"),
    "albums": ("album_uri", "album_name"),
}

Texts = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Names of every song and of every playlist.

    Parameters
    ----------
    pids : ndarray of int64, shape (n_playlists,)
        The dataset's own id of each playlist of the tables.
    titles : ndarray of str, shape (n_playlists,)
        As their owners wrote them.
    uris : ndarray of str, shape (n_songs,)
        Track URI of each song.
    artists : ndarray of int64, shape (n_songs,)
        Artist of each song, a row of `artist_uris`.
    artist_uris : ndarray of str, shape (n_artists,)
    tracks, artist_names, albums : pyarrow.Table
        The rest of the tables: a row a song, artist, album.
    """

    pids: IntArray
    titles: Texts
    uris: Texts
    artists: IntArray
    artist_uris: Texts
    tracks: pa.Table
    artist_names: pa.Table
    albums: pa.Table

    @classmethod
    def read(cls, state: Path, track_ids: IntArray) -> Self:
        """Read the names; song i is the track `track_ids[i]` of the tables.

        Raises
        ------
        InputError
            If a table is absent or cannot be read.
        """
        paths = table_paths(state)
        tables = {name: _read(paths[name], columns) for name, columns in _COLUMNS.items()}
        tracks = tables["tracks"].take(pa.array(track_ids))
        return cls(
            pids=_whole(tables["playlists"]["pid"]),
            titles=_texts(tables["playlists"]["name"]),
            uris=_texts(tracks["track_uri"]),
            artists=_whole(tracks["artist_id"]),
            artist_uris=_texts(tables["artists"]["artist_uri"]),
            tracks=tracks,
            artist_names=tables["artists"],
            albums=tables["albums"],
        )

    def describe(self, songs: IntArray) -> list[dict[str, Any]]:
        """Give all that the dataset says of each of these songs, as in its own files."""
        tracks = self.tracks.take(pa.array(songs))
        joined = {
            "track_name": tracks["track_name"],
            "track_uri": tracks["track_uri"],
            **_columns(self.artist_names.take(tracks["artist_id"].combine_chunks())),
            **_columns(self.albums.take(tracks["album_id"].combine_chunks())),
            "duration_ms": tracks["duration_ms"],
        }
        described: list[dict[str, Any]] = pa.table(joined).to_pylist()
        return described


def _read(path: Path, columns: tuple[str, ...]) -> pa.Table:
    try:
        return read_columns(path, columns).select(list(columns))
    except (OSError, pa.ArrowException, ValueError, TypeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        msg = f"cannot read {path} ({reason}); {REMEDY} again"
        raise InputError(msg) from error


def _columns(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    return dict(zip(table.column_names, table.columns, strict=True))


def _whole(values: pa.ChunkedArray) -> IntArray:
    return np.asarray(values.to_numpy(), dtype=np.int64)


def _texts(values: pa.ChunkedArray) -> Texts:
    return np.asarray(values.cast(pa.string()).to_pandas(), dtype=object)
