"""The files under the state directory -> validated frames and the playlist x track matrix."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.sparse import csr_array

from model import columns
from model.errors import InputError
from model.ragged import BoolArray, FloatArray, IntArray, Ragged


@dataclass(frozen=True, slots=True)
class Tables:
    """What `harvest` left under a state directory, checked.

    Parameters
    ----------
    playlists, tracks, artists, albums, entries : DataFrame
        The columns `columns.TABLE_COLUMNS`; row number = id; entries in order of playlist, place.
    features : ndarray, shape (n_tracks, 12)
        `columns.SONG_FEATURES` of each track; a whole row is NaN where a track has no usable ones.
    has_row : ndarray of bool, shape (n_tracks,)
        Whether harvest.db names the track, be its features usable or not.
    n_filled : dict of str to int
        Usable tracks whose value in a column is unknown, and was filled (`UNKNOWN_VALUES`).
    """

    playlists: pd.DataFrame
    tracks: pd.DataFrame
    artists: pd.DataFrame
    albums: pd.DataFrame
    entries: pd.DataFrame
    features: FloatArray
    has_row: BoolArray
    n_filled: dict[str, int]

    @property
    def lists(self) -> Ragged:
        """Tracks of each playlist, in order, repeats included."""
        owners = self.entries["playlist_id"].to_numpy(dtype=np.int64)
        tracks = self.entries["track_id"].to_numpy(dtype=np.int64)
        return Ragged.grouped(owners, tracks, len(self.playlists))


def read_tables(state: Path) -> Tables:
    """Read and check everything that the model needs of a state directory.

    Parameters
    ----------
    state : Path
        Directory with ``tables/*.parquet`` and ``harvest.db``, as `docs/data.md` describes them.

    Raises
    ------
    InputError
        If a file is absent, unreadable, of another shape, or contradicts another file. The
        message names the command that makes the file.
    """
    if not state.is_dir():
        msg = f"no state directory {state}: run `harvest mpd PATH --state {state}` first"
        raise InputError(msg)
    frames = {name: _read_table(state / "tables" / f"{name}.parquet") for name in _TABLES}
    _check_ids(frames)
    tracks = frames["tracks"]
    rows = read_audio_features(state / "harvest.db")
    features, has_row, n_filled = _align_features(tracks, rows)
    return Tables(**frames, features=features, has_row=has_row, n_filled=n_filled)


def playlist_track_matrix(lists: Ragged, n_tracks: int) -> csr_array:
    """Which playlist holds which track.

    Parameters
    ----------
    lists : Ragged
        Track numbers of each playlist, below `n_tracks`; repeats count once.
    n_tracks : int

    Returns
    -------
    csr_array of int32, shape (n_playlists, n_tracks)
        1 where the playlist holds the track, else 0.

    Examples
    --------
    >>> playlist_track_matrix(Ragged.of([[0, 2, 0], []]), 3).toarray().tolist()
    [[1, 0, 1], [0, 0, 0]]
    """
    distinct = lists.distinct()
    ones = np.ones(len(distinct.values), dtype=np.int32)
    shape = (len(lists), n_tracks)
    return csr_array((ones, distinct.values, distinct.indptr), shape=shape)


def read_audio_features(path: Path) -> pd.DataFrame:
    """Read `audio_features` of harvest.db without writing to it.

    Returns
    -------
    DataFrame
        Index: Spotify id, each once; columns `columns.SERVICE_FEATURES`; NaN where unknown or
        not a number.

    Raises
    ------
    InputError
        If the file is absent, is no such database, or holds no audio features at all.
    """
    if not path.is_file():
        msg = f"no audio features: {path} is absent; run `harvest spotify` first"
        raise InputError(msg)
    names = ("spotify_id", *columns.SERVICE_FEATURES)
    quoted = ", ".join(f'"{name}"' for name in names)
    query = f"SELECT {quoted} FROM audio_features"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            rows = db.execute(query).fetchall()
    except sqlite3.Error as error:
        msg = f"cannot read audio features from {path} ({error}); run `harvest spotify` to make it"
        raise InputError(msg) from error
    if not rows:
        msg = f"no audio features at all in {path}; run `harvest spotify` first"
        raise InputError(msg)
    frame = pd.DataFrame(rows, columns=list(names)).dropna(subset="spotify_id")
    frame = frame.drop_duplicates("spotify_id")
    values = frame.set_index("spotify_id")
    return pd.DataFrame({name: _numbers(values[name]) for name in columns.SERVICE_FEATURES})


_TABLES = tuple(columns.TABLE_COLUMNS)


def _read_table(path: Path) -> pd.DataFrame:
    """Read the columns of one table, with the types that the contract gives them."""
    remedy = "run `harvest mpd PATH`"
    if not path.is_file():
        msg = f"no playlists: {path} is absent; {remedy} first"
        raise InputError(msg)
    wanted = columns.TABLE_COLUMNS[path.stem]
    try:
        present = pq.read_schema(path).names
        missing = [name for name in wanted if name not in present]
        if missing:
            msg = f"{path} lacks column {', '.join(missing)}: not a table of `harvest`; {remedy}"
            raise InputError(msg)
        table = pq.read_table(path, columns=list(wanted))
        return pd.DataFrame({name: _column(table[name], name) for name in wanted})
    except (OSError, pa.ArrowException, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        msg = f"cannot read {path} ({reason}); {remedy} again"
        raise InputError(msg) from error


def _numbers(values: "pd.Series[float]") -> "pd.Series[float]":
    return pd.to_numeric(values, errors="coerce").astype(np.float64)


def _column(values: pa.ChunkedArray, name: str) -> "pd.Series[str] | IntArray":
    if name in columns.TEXT_COLUMNS:
        return pd.Series(values.cast(pa.string()).to_pandas())
    if values.null_count:
        msg = f"column {name} has {values.null_count} empty values, expected none"
        raise ValueError(msg)
    whole: IntArray = values.cast(pa.int64()).to_numpy()
    return whole


def _check_ids(frames: dict[str, pd.DataFrame]) -> None:
    """Check that ids are row numbers and that every reference has its row."""
    for name, key in _KEYS.items():
        ids = frames[name][key].to_numpy()
        if not np.array_equal(ids, np.arange(len(ids))):
            raise InputError(_broken(f"{key} of {name}.parquet is not 0 ... {len(ids) - 1}"))
    for name, key, target in _REFERENCES:
        ids = frames[name][key].to_numpy()
        if ids.size and not 0 <= ids.min() <= ids.max() < len(frames[target]):
            raise InputError(_broken(f"{key} of {name}.parquet names rows that {target} lacks"))
    entries = frames["entries"]
    if not entries.size:
        raise InputError(_broken("entries.parquet holds no entries"))
    place = entries["playlist_id"].to_numpy() * (2**32) + entries["pos"].to_numpy()
    if not (np.diff(place) > 0).all():
        raise InputError(_broken("entries.parquet is not in order of playlist_id, pos"))


_KEYS = {
    "playlists": "playlist_id",
    "tracks": "track_id",
    "artists": "artist_id",
    "albums": "album_id",
}
_REFERENCES = (
    ("entries", "playlist_id", "playlists"),
    ("entries", "track_id", "tracks"),
    ("tracks", "artist_id", "artists"),
    ("tracks", "album_id", "albums"),
)


def _broken(what: str) -> str:
    return f"the tables do not belong together: {what}; run `harvest mpd PATH` again"


def _align_features(
    tracks: pd.DataFrame, rows: pd.DataFrame
) -> tuple[FloatArray, BoolArray, dict[str, int]]:
    """Bring the features into the order of the tracks, and blank those that are unusable."""
    known = rows.index.get_indexer(pd.Index(tracks["spotify_id"]))
    has_row = known >= 0
    aligned = rows.reindex(columns=list(columns.SERVICE_FEATURES)).take(np.maximum(known, 0))
    features = {name: aligned[name].to_numpy().copy() for name in columns.SERVICE_FEATURES}
    unknown = {name: np.isnan(features[name]) for name in columns.UNKNOWN_VALUES}
    for name, value in columns.UNKNOWN_VALUES.items():
        features[name][unknown[name]] = value
    usable = has_row.copy()
    for name, (low, high) in columns.RANGES.items():
        usable &= (features[name] >= low) & (features[name] <= high)
    features["duration"] = tracks["duration_ms"].to_numpy() / 1000.0
    table = np.column_stack([features[name] for name in columns.SONG_FEATURES])
    table[~usable] = np.nan
    n_filled = {name: int((unknown[name] & usable).sum()) for name in columns.UNKNOWN_VALUES}
    return table, has_row, n_filled
