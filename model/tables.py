"""The files under the state directory -> validated frames, lists of tracks and their features."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa

from model import columns
from model.errors import InputError
from model.inputs.audio_features import TrackFeatures, no_features, read_track_features
from model.inputs.entries import broken, read_lists
from model.inputs.parquet import column_names, read_columns
from model.ragged import IntArray, Ragged

REMEDY = "run `harvest mpd PATH`"
TABLES_VERSION = 1


class _Manifest(msgspec.Struct):
    """What is looked at of ``tables/manifest.json``."""

    schema_version: int = TABLES_VERSION


@dataclass(frozen=True, slots=True)
class Tables:
    """What `harvest` left under a state directory, checked.

    Parameters
    ----------
    playlists, tracks, artists, albums : DataFrame
        The columns `columns.TABLE_COLUMNS`; row number = id.
    lists : Ragged, n_playlists lists
        Tracks of each playlist, in order, repeats included.
    features : TrackFeatures
        Of all tracks.
    """

    playlists: pd.DataFrame
    tracks: pd.DataFrame
    artists: pd.DataFrame
    albums: pd.DataFrame
    lists: Ragged
    features: TrackFeatures


def read_tables(state: Path, *, need_features: bool = True) -> Tables:
    """Read and check everything that the model needs of a state directory.

    Parameters
    ----------
    state : Path
        Directory with ``tables/*.parquet`` and ``harvest.db``, as `docs/data.md` describes them.
    need_features : bool
        Without it, harvest.db is not looked at, and no track has features.

    Raises
    ------
    InputError
        If a file is absent, unreadable, of another shape, or contradicts another file. The
        message names the command that makes the file.
    """
    paths = table_paths(state)
    frames = {name: _read_table(paths[name]) for name in _KEYS}
    _check_ids(frames)
    lists = _read_lists(paths["entries"], frames)
    tracks = frames["tracks"]
    if not need_features:
        return Tables(**frames, lists=lists, features=no_features(len(tracks)))
    features = read_track_features(
        state / "harvest.db", tracks["spotify_id"], tracks["duration_ms"].to_numpy()
    )
    return Tables(**frames, lists=lists, features=features)


def read_tracks(state: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the tracks and the artists alone, as `read_tables` does.

    Raises
    ------
    InputError
        If a file is absent, unreadable or of another shape.
    """
    paths = table_paths(state)
    frames = {name: _read_table(paths[name]) for name in ("tracks", "artists")}
    _check_ids(frames)
    return frames["tracks"], frames["artists"]


def table_paths(state: Path) -> dict[str, Path]:
    """Give the file of each table, by name.

    Raises
    ------
    InputError
        If one is absent, or may not be read.
    """
    if not state.is_dir():
        msg = f"no state directory {state}: run `harvest mpd PATH --state {state}` first"
        raise InputError(msg)
    paths = {name: state / "tables" / f"{name}.parquet" for name in columns.TABLE_COLUMNS}
    for path in paths.values():
        if not path.is_file():
            msg = f"no playlists: {path} is absent; {REMEDY} first"
            raise InputError(msg)
    manifest = state / "tables" / "manifest.json"
    _check_rights(*paths.values(), manifest)
    _check_version(manifest)
    return paths


def _check_rights(*paths: Path) -> None:
    """Refuse a file that this user may not read: to make it again would be no help."""
    for path in paths:
        try:
            path.open("rb").close()
        except PermissionError as error:
            msg = f"cannot read {path} ({error.strerror}): set its rights, as by `chmod u+r`"
            raise InputError(msg) from error
        except FileNotFoundError:  # A manifest, without which tables may do.
            continue


def _check_version(path: Path) -> None:
    """Refuse tables whose manifest says that they are of another version; some have none."""
    try:
        version = msgspec.json.decode(path.read_bytes(), type=_Manifest).schema_version
    except FileNotFoundError:
        return
    except ValueError as error:
        msg = f"cannot read {path} ({error}); {REMEDY} again"
        raise InputError(msg) from error
    if version != TABLES_VERSION:
        msg = f"the tables are of version {version}, this program reads {TABLES_VERSION}; {REMEDY}"
        raise InputError(msg)


def _read_table(path: Path) -> pd.DataFrame:
    """Read the columns of one table, with the types that the contract gives them."""
    wanted = columns.TABLE_COLUMNS[path.stem]
    try:
        _check_columns(path)
        table = read_columns(path, wanted)
        return pd.DataFrame({name: _column(table[name], name) for name in wanted})
    except (OSError, pa.ArrowException, ValueError, TypeError) as error:
        raise _unreadable(path, error) from error


def _read_lists(path: Path, frames: dict[str, pd.DataFrame]) -> Ragged:
    try:
        _check_columns(path)
        return read_lists(
            path, n_playlists=len(frames["playlists"]), n_tracks=len(frames["tracks"])
        )
    except (OSError, pa.ArrowException, ValueError, TypeError) as error:
        raise _unreadable(path, error) from error


def _check_columns(path: Path) -> None:
    present = column_names(path)
    missing = [name for name in columns.TABLE_COLUMNS[path.stem] if name not in present]
    if missing:
        msg = f"{path} lacks column {', '.join(missing)}: not a table of `harvest`; {REMEDY}"
        raise InputError(msg)


def _unreadable(path: Path, error: Exception) -> InputError:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return InputError(f"cannot read {path} ({reason}); {REMEDY} again")


def _column(values: pa.ChunkedArray, name: str) -> "pd.Series[str] | IntArray":
    if name in columns.TEXT_COLUMNS:
        return pd.Series(values.cast(pa.string()).to_pandas())
    if values.null_count:
        msg = f"column {name} has {values.null_count} empty values, expected none"
        raise ValueError(msg)
    whole: IntArray = values.cast(pa.int64()).to_numpy()
    return whole


_KEYS = {
    "playlists": "playlist_id",
    "tracks": "track_id",
    "artists": "artist_id",
    "albums": "album_id",
}
_REFERENCES = (("tracks", "artist_id", "artists"), ("tracks", "album_id", "albums"))


def _check_ids(frames: dict[str, pd.DataFrame]) -> None:
    """Check that ids are row numbers and that every reference among these has its row."""
    for name, frame in frames.items():
        key = _KEYS[name]
        ids = frame[key].to_numpy()
        if not np.array_equal(ids, np.arange(len(ids))):
            raise InputError(broken(f"{key} of {name}.parquet is not 0 ... {len(ids) - 1}"))
    for name, key, target in _REFERENCES:
        if not {name, target} <= frames.keys():
            continue
        ids = frames[name][key].to_numpy()
        if ids.size and not 0 <= ids.min() <= ids.max() < len(frames[target]):
            raise InputError(broken(f"{key} of {name}.parquet names rows that {target} lacks"))
