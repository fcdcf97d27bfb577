"""The names of both sides, read from the Parquet tables."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from harvest import tables
from harvest.errors import InputError
from harvest.manifests import table_path
from harvest.sources.msd_tables import MSD_FOLDER, matched_from, read_msd_manifest

MSD_REMEDY = "run `harvest msd PATH` first"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is reconciled.

    Parameters
    ----------
    songs : pa.Table
        `id` int32 (row of lastfm_track.parquet), `outer_id` (MSD id), `artist`, `title`: those that
        have both names.
    tracks : pa.Table
        The same columns; `id` is the row of tracks.parquet, `outer_id` the Spotify id or null.
    made_from : dict of str to str
        Names the content of both inputs.
    """

    songs: pa.Table
    tracks: pa.Table
    made_from: dict[str, str]


def read_inputs(state: Path) -> Inputs:
    """Read the names of songs and tracks.

    Parameters
    ----------
    state : Path
        Holds `tables` and `msd`.

    Raises
    ------
    InputError
        One of them is missing, half written or damaged; the message names the command to run.
    """
    fingerprint = tables.fingerprint(state / "tables")
    msd_dir = state / MSD_FOLDER
    manifest = read_msd_manifest(msd_dir)
    if manifest is None:
        raise InputError(f"{msd_dir} holds no whole tables of songs; {MSD_REMEDY}")
    made_from = matched_from(fingerprint, manifest)
    return Inputs(_songs(msd_dir), _tracks(state / "tables"), made_from)


def _songs(msd_dir: Path) -> pa.Table:
    path = table_path(msd_dir, "lastfm_track")
    with _reading(path, MSD_REMEDY):
        read = _read(path, ["track_id", "msd_id", "artist", "title"])
    return _named(read)


def _tracks(tables_dir: Path) -> pa.Table:
    path = table_path(tables_dir, "artists")
    with _reading(path, tables.REMEDY):
        artists = _read(path, ["artist_id", "artist_name"]).sort_by("artist_id")
    path = table_path(tables_dir, "tracks")
    with _reading(path, tables.REMEDY):
        read = _read(path, ["track_id", "spotify_id", "artist_id", "track_name"])
        names = artists["artist_name"].take(read["artist_id"])
    return _named(read.set_column(2, "artist", names))


def _read(path: Path, columns: list[str]) -> pa.Table:
    with tables.opened(path) as file:
        return pq.read_table(file, columns=columns)


def _named(read: pa.Table) -> pa.Table:
    """Keep the rows that have both names, under names of columns that both sides share."""
    found = read.rename_columns(["id", "outer_id", "artist", "title"])
    artist, title = (
        pc.not_equal(pc.utf8_trim_whitespace(found[name]), "") for name in ("artist", "title")
    )
    return found.filter(pc.and_(artist, title)).combine_chunks()


@contextlib.contextmanager
def _reading(path: Path, remedy: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, KeyError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"{path} is damaged: {reason}; {remedy}") from error
