"""The Parquet tables of playlists, tracks, artists, albums and entries: schema and reader.

The columns and their units stand in `docs/data.md`. Tables that have a manifest are
whole and belong together.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from harvest.errors import InputError
from harvest.manifests import (
    MANIFEST_NAME,
    fingerprint_of,
    hash_texts,
    read_manifest,
    table_path,
)

SCRATCH_NAME = ".parts"
COMBINING_NAME = ".combined"
PAGE_ROWS = 10_000
REMEDY = "run `harvest mpd PATH` first, or `harvest playlists PATH`"

# What a URI begins with that stands for names, of what has no id of Spotify's.
MADE_UP = "name:"

TrackName = tuple[str, str, str]


class Choice(StrEnum):
    """Which tracks are wanted."""

    WITH_ID = "with a Spotify id"
    ANY = "with a Spotify id, or known by their names"
    WITHOUT_ID = "known by their names"
    WITHOUT_NAME = "with a Spotify id alone"


_INT32, _INT64, _STRING, _BOOL = pa.int32(), pa.int64(), pa.string(), pa.bool_()


def _schema(**types: pa.DataType) -> pa.Schema:
    nullable = {"description", "spotify_id"}
    return pa.schema([pa.field(name, of, name in nullable) for name, of in types.items()])


SCHEMAS: Mapping[str, pa.Schema] = MappingProxyType(
    {
        "playlists": _schema(
            playlist_id=_INT32,
            pid=_INT64,
            name=_STRING,
            description=_STRING,
            collaborative=_BOOL,
            modified_at=_INT64,
            num_tracks=_INT32,
            num_albums=_INT32,
            num_artists=_INT32,
            num_followers=_INT32,
            num_edits=_INT32,
            duration_ms=_INT64,
        ),
        "tracks": _schema(
            track_id=_INT32,
            track_uri=_STRING,
            spotify_id=_STRING,
            track_name=_STRING,
            artist_id=_INT32,
            album_id=_INT32,
            duration_ms=_INT32,
        ),
        "artists": _schema(artist_id=_INT32, artist_uri=_STRING, artist_name=_STRING),
        "albums": _schema(album_id=_INT32, album_uri=_STRING, album_name=_STRING),
        "entries": _schema(playlist_id=_INT32, pos=_INT32, track_id=_INT32),
    }
)


def fingerprint(tables_dir: Path) -> str:
    """Name the content of the present tables; it changes when they do.

    Parameters
    ----------
    tables_dir : Path
        Holds the tables.

    Returns
    -------
    str
        From the hashes in the manifest; of tables without one, from sizes and times of change.

    Raises
    ------
    InputError
        Tables are missing.
    """
    _require_whole(tables_dir)
    manifest = read_manifest(tables_dir)
    if manifest:
        return fingerprint_of(manifest)
    status = [table_path(tables_dir, name).stat() for name in SCHEMAS]
    return hash_texts(f"{each.st_size} {each.st_mtime_ns}" for each in status)


def iter_tracks(
    tables_dir: Path, *, page_rows: int = PAGE_ROWS, which: Choice = Choice.WITH_ID
) -> Iterator[list[TrackName]]:
    """Read what a service needs to know of each track.

    Parameters
    ----------
    tables_dir : Path
        Holds the tables.
    page_rows : int
        Rows read at a time, of which a page holds those that are chosen.
    which : Choice
        Of tracks.

    Returns
    -------
    iterator of list of (spotify_id, artist_name, track_name)
        In order of track id; names raw; for a track without a Spotify id what it is known by
        instead, its `track_uri`; empty pages left out.

    Raises
    ------
    InputError
        Tables are missing, or a file is damaged (then while the pages are read).
    """
    _require_whole(tables_dir)
    return _track_pages(tables_dir, page_rows, which)


def iter_releases(
    tables_dir: Path, *, page_rows: int = PAGE_ROWS
) -> Iterator[list[tuple[str, str, int]]]:
    """Read what is known, beside their names, of the tracks that have no Spotify id.

    Parameters
    ----------
    tables_dir : Path
        Holds the tables.
    page_rows : int
        See `iter_tracks`.

    Returns
    -------
    iterator of list of (track_uri, album_name, duration_ms)
        In order of track id; empty and 0 where it is unknown.

    Raises
    ------
    InputError
        A table is missing or damaged.
    """
    with _reading(table_path(tables_dir, "albums")) as file:
        albums = file.read(["album_id", "album_name"]).sort_by("album_id")["album_name"]
    columns = ["track_uri", "album_id", "duration_ms"]
    with _reading(table_path(tables_dir, "tracks")) as file:
        for batch in file.iter_batches(page_rows, columns=columns):
            page = batch.filter(pc.starts_with(batch["track_uri"], MADE_UP))
            if page.num_rows:
                names = albums.take(page["album_id"]).to_pylist()
                uris, durations = (page[each].to_pylist() for each in ("track_uri", "duration_ms"))
                yield list(zip(uris, names, durations, strict=True))


def _track_pages(tables_dir: Path, page_rows: int, which: Choice) -> Iterator[list[TrackName]]:
    with _reading(table_path(tables_dir, "artists")) as file:
        artists = file.read(["artist_id", "artist_name"]).sort_by("artist_id")["artist_name"]
    columns = ["spotify_id", "track_uri", "artist_id", "track_name"]
    with _reading(table_path(tables_dir, "tracks")) as file:
        for batch in file.iter_batches(page_rows, columns=columns):
            names = artists.take(batch["artist_id"]).combine_chunks()
            keys = pc.coalesce(batch["spotify_id"], batch["track_uri"])
            page = pa.RecordBatch.from_arrays([keys, names, batch["track_name"]], ["", "a", "t"])
            page = page.filter(_are_chosen(batch, names, which))
            if page.num_rows:
                yield list(zip(*(each.to_pylist() for each in page.columns), strict=True))


def _are_chosen(batch: pa.RecordBatch, artists: pa.Array, which: Choice) -> pa.Array:
    has_id = batch["spotify_id"].is_valid()
    is_made_up = pc.starts_with(batch["track_uri"], MADE_UP)
    if which is Choice.WITHOUT_ID:
        return is_made_up
    if which is Choice.WITHOUT_NAME:
        is_nameless = pc.or_(pc.equal(batch["track_name"], ""), pc.equal(artists, ""))
        return pc.and_(has_id, is_nameless)
    return pc.or_(has_id, is_made_up) if which is Choice.ANY else has_id


def opened(path: Path, mode: str = "rb") -> pa.OSFile:
    """Open a file for pyarrow, which by itself takes no name that is not UTF-8.

    It is one of pyarrow's own: through one of Python's, threads may end the program at its exit.
    """
    return pa.OSFile(os.fsencode(path), mode)


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with opened(path) as raw, pq.ParquetFile(raw, page_checksum_verification=True) as file:
            yield file
    except (pa.ArrowException, OSError, KeyError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"{path} is damaged: {reason}; {REMEDY}") from error


def _require_whole(tables_dir: Path) -> None:
    for name in SCHEMAS:
        if not table_path(tables_dir, name).is_file():
            raise InputError(f"{table_path(tables_dir, name)} does not exist; {REMEDY}")
    is_unfinished = any((tables_dir / name).exists() for name in (SCRATCH_NAME, COMBINING_NAME))
    if is_unfinished and not (tables_dir / MANIFEST_NAME).exists():
        raise InputError(f"the tables in {tables_dir} are half replaced; {REMEDY}")
