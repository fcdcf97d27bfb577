"""The tracks that the emulator knows: of the made-up catalogue, or of tables on disk."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from harvest.emulator import DEFAULT_PLAYLISTS, DEFAULT_SEED, PLAIN_SHARE
from harvest.emulator.catalogue import noise, recordings
from harvest.emulator.catalogue.features import (
    Numbers,
    Values,
    encode_features,
    make_features,
    read_features,
)
from harvest.emulator.catalogue.genres import GENRES
from harvest.emulator.catalogue.songs import Songs, make_songs
from harvest.emulator.catalogue.tags import TagCounts, make_tags, read_tags
from harvest.errors import InputError
from harvest.tables import opened


@dataclass(frozen=True, slots=True)
class Library:
    """What the services know.

    Parameters
    ----------
    ids : list of str of length n_tracks
        Spotify ids; the empty text where a track has none.
    titles : list of str of length n_tracks
        Raw titles.
    artist_of, album_of, duration_ms : ndarray of shape (n_tracks,)
        Row of the artist, of the album; milliseconds.
    popularity : ndarray of shape (n_tracks,)
        At least 0; greater is more.
    artist_names, album_names : list of str
        Raw names.
    artist_tags : list of tuple of (str, int) of length n_artists
        Tag and count 0 … 100, greatest first.
    features : dict of str to bytes
        Audio features by Spotify id, as `encode_features` made them: what Spotify and ReccoBeats
        know.
    lastfm_titles : list of str of length n_tracks
        Titles as last.fm corrects them.
    row_of : dict of str to int
        Row of the track by `recordings.lookup_key`: what last.fm knows.
    """

    ids: list[str]
    titles: list[str]
    artist_of: Numbers
    album_of: Numbers
    duration_ms: Numbers
    popularity: NDArray[np.float64]
    artist_names: list[str]
    album_names: list[str]
    artist_tags: list[TagCounts]
    features: dict[str, bytes]
    lastfm_titles: list[str]
    row_of: dict[str, int]


def load_library(
    *,
    tables: Path | None = None,
    features: Path | None = None,
    tags: Path | None = None,
    seed: int = DEFAULT_SEED,
    n_playlists: int = DEFAULT_PLAYLISTS,
    plain_share: float = PLAIN_SHARE,
) -> Library:
    """Load what is to be served.

    Parameters
    ----------
    tables : Path, optional
        Folder of the tables that `harvest mpd` wrote; without it, the made-up catalogue.
    features, tags : Path, optional
        CSV files, plain or gzipped, served instead of what would be made up.
    seed, n_playlists : int
        Of the made-up catalogue, as for `harvest.emulator.catalogue.dataset.write_mpd`.
    plain_share : float
        Of tables, as for `from_tables`.

    Returns
    -------
    Library
        What the services know.

    Raises
    ------
    InputError
        If a file or folder cannot be used.
    """
    if tables is not None:
        return from_tables(tables, features=features, tags=tags, plain_share=plain_share)
    songs = make_songs(n_playlists=n_playlists, seed=seed)
    return from_songs(songs, features=features, tags=tags)


def from_songs(songs: Songs, *, features: Path | None = None, tags: Path | None = None) -> Library:
    """Serve the made-up catalogue.

    Parameters
    ----------
    songs : Songs
        The catalogue.
    features : Path, optional
        Serve these audio features instead of made-up ones.
    tags : Path, optional
        Serve these artists' tags instead of made-up ones.

    Returns
    -------
    Library
        A few tracks are unknown to Spotify, a few to last.fm; of those with a suffix such as
        "- Remastered 2011", last.fm knows some by the title without it alone.

    Raises
    ------
    InputError
        If a file cannot be used.
    """
    artists = [songs.artist_ids[artist] for artist in songs.artist_of]
    known = np.flatnonzero(songs.on_spotify)
    genre_of_artist = np.zeros(len(songs.artist_ids), dtype=np.int64)
    genre_of_artist[songs.artist_of] = songs.genre_of

    def made() -> tuple[list[str], Values]:
        values = make_features(songs.ids, artists, songs.genre_of, songs.duration_ms)
        return _rows_of(songs.ids, values, known)

    return Library(
        ids=songs.ids,
        titles=songs.titles,
        artist_of=songs.artist_of,
        album_of=songs.album_of,
        duration_ms=songs.duration_ms,
        popularity=np.where(songs.is_tail, 0.0, songs.popularity * 10_000),
        artist_names=songs.artist_names,
        album_names=songs.album_names,
        artist_tags=_tags(tags, songs.artist_names, songs.artist_ids, genre_of_artist),
        features=_features(features, made),
        lastfm_titles=recordings.titles_of(songs),
        row_of=recordings.known_of(songs),
    )


def from_tables(
    folder: Path,
    *,
    features: Path | None = None,
    tags: Path | None = None,
    plain_share: float = PLAIN_SHARE,
) -> Library:
    """Serve the tracks of tables that `harvest mpd` wrote.

    Parameters
    ----------
    folder : Path
        Holds ``tracks.parquet``, ``artists.parquet`` and ``albums.parquet``; popularity comes
        from ``entries.parquet`` where it is there.
    features : Path, optional
        Serve exactly these audio features; without it they are made up from artist and track.
    tags : Path, optional
        Serve these artists' tags; without it they are made up.
    plain_share : float
        Of the titles that `harvest.texts.names.plain_title` changes, the share that last.fm knows
        by the plain title alone, 0 … 1; the names decide which.

    Returns
    -------
    Library
        All tracks are known to last.fm, by one title or the other.

    Raises
    ------
    InputError
        If a table is missing or of another shape, or a file cannot be used.
    """
    names = ["spotify_id", "track_name", "artist_id", "album_id", "duration_ms"]
    tracks = _read_table(folder / "tracks.parquet", names)
    artist_names = _read_table(folder / "artists.parquet", ["artist_name"])["artist_name"]
    album_names = _read_table(folder / "albums.parquet", ["album_name"])["album_name"]
    artist_list = artist_names.to_pylist()
    ids = [known or "" for known in tracks["spotify_id"].to_pylist()]
    track_titles = tracks["track_name"].to_pylist()
    artist_of = tracks["artist_id"].to_numpy().astype(np.int64)
    duration_ms = tracks["duration_ms"].to_numpy().astype(np.int64)
    lastfm_titles = recordings.plain_for_some(track_titles, plain_share)
    genre_of_artist = (noise.keys(artist_list) % np.uint64(len(GENRES))).astype(np.int64)

    def made() -> tuple[list[str], Values]:
        artists = [artist_list[artist] for artist in artist_of]
        values = make_features(ids, artists, genre_of_artist[artist_of], duration_ms)
        return _rows_of(ids, values, np.flatnonzero([known != "" for known in ids]))

    return Library(
        ids=ids,
        titles=track_titles,
        artist_of=artist_of,
        album_of=tracks["album_id"].to_numpy().astype(np.int64),
        duration_ms=duration_ms,
        popularity=_count_entries(folder / "entries.parquet", len(ids)),
        artist_names=artist_list,
        album_names=album_names.to_pylist(),
        artist_tags=_tags(tags, artist_list, artist_list, genre_of_artist),
        features=_features(features, made),
        lastfm_titles=lastfm_titles,
        row_of=recordings.index(artist_list, artist_of, lastfm_titles),
    )


def _features(path: Path | None, made: Callable[[], tuple[list[str], Values]]) -> dict[str, bytes]:
    ids, values = read_features(path) if path else made()
    return encode_features(ids, values)


def _rows_of(ids: list[str], values: Values, rows: Numbers) -> tuple[list[str], Values]:
    listed = rows.tolist()
    chosen = {name: [column[row] for row in listed] for name, column in values.items()}
    return [ids[row] for row in listed], chosen


def _tags(
    path: Path | None, names: list[str], stable: list[str], genre_of: Numbers
) -> list[TagCounts]:
    if path is None:
        return make_tags(stable, genre_of)
    given = read_tags(path)
    return [given.get(name.casefold(), ()) for name in names]


def _read_table(path: Path, columns: list[str]) -> Any:
    try:
        with opened(path) as file:
            table = parquet.read_table(file, columns=columns)
    except (OSError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0]
        message = f"{path}: not a table written by 'harvest mpd' ({reason}); run that first"
        raise InputError(message) from error
    missing = sorted(set(columns) - set(table.column_names))
    if missing:
        raise InputError(f"{path}: the columns {', '.join(missing)} are missing")
    return table


def _count_entries(path: Path, n_tracks: int) -> NDArray[np.float64]:
    if not path.exists():
        return np.ones(n_tracks)
    rows = _read_table(path, ["track_id"])["track_id"].to_numpy()
    return np.bincount(rows, minlength=n_tracks).astype(np.float64)
