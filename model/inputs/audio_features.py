"""``harvest.db`` -> the twelve features of each track, read page by page."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from model import columns
from model.errors import InputError, NotHarvested
from model.inputs.database import open_harvest, way_out
from model.ragged import BoolArray, FloatArray, IntArray

ROWS_AT_A_TIME = 50_000

_NAMES = ("spotify_id", *columns.SERVICE_FEATURES)
_QUOTED = ", ".join(f'"{name}"' for name in _NAMES)
_QUERY = f"SELECT {_QUOTED} FROM audio_features"


@dataclass(frozen=True, slots=True)
class TrackFeatures:
    """Features of all tracks of the tables.

    Parameters
    ----------
    values : ndarray, shape (n_tracks, 12)
        `columns.SONG_FEATURES` of each track; a whole row is NaN where a track has no usable ones.
    has_row : ndarray of bool, shape (n_tracks,)
        Whether harvest.db names the track, be its features usable or not.
    n_filled : dict of str to int
        Usable tracks whose value in a column is unknown, and was filled (`UNKNOWN_VALUES`).
    """

    values: FloatArray
    has_row: BoolArray
    n_filled: dict[str, int]


def read_track_features(
    path: Path, spotify_ids: "pd.Series[str]", duration_ms: IntArray
) -> TrackFeatures:
    """Read `audio_features` of harvest.db, without writing to it, in the order of the tracks.

    Parameters
    ----------
    path : Path
        harvest.db.
    spotify_ids : Series of str, length n_tracks
        None where a track has none; of two rows for one id the first counts.
    duration_ms : ndarray, shape (n_tracks,)

    Raises
    ------
    NotHarvested
        If the file is absent, or holds no audio features at all.
    InputError
        If it is no such database.
    """
    if not path.is_file():
        msg = f"no audio features: {path} is absent; run `harvest spotify` first"
        raise NotHarvested(msg)
    codes, unique = pd.factorize(spotify_ids)
    service, is_known = _read_known(path, pd.Index(unique))
    # Code -1, of tracks without an id, picks the last row: the one that stands for nothing.
    return _finish(service[codes], is_known[codes], duration_ms / 1000.0)


def no_features(n_tracks: int) -> TrackFeatures:
    """Give what is known of tracks before any service was asked: nothing."""
    values = np.full((n_tracks, columns.NUM_FEATURES), np.nan)
    return TrackFeatures(values, np.zeros(n_tracks, dtype=np.bool_), {})


def _read_known(path: Path, ids: "pd.Index[str]") -> tuple[FloatArray, BoolArray]:
    """Read the features of `ids`, and one more row that stands for no track."""
    service = np.full((len(ids) + 1, len(columns.SERVICE_FEATURES)), np.nan)
    is_known = np.zeros(len(ids) + 1, dtype=np.bool_)
    n_rows = 0
    for page in _pages(path):
        n_rows += len(page)
        place = ids.get_indexer(pd.Index(page["spotify_id"]))
        fresh = (place >= 0) & ~page["spotify_id"].duplicated().to_numpy()
        fresh[fresh] = ~is_known[place[fresh]]
        values = np.column_stack([_numbers(page[name]) for name in columns.SERVICE_FEATURES])
        service[place[fresh]] = values[fresh]
        is_known[place[fresh]] = True
    if not n_rows:
        msg = f"no audio features at all in {path}; run `harvest spotify` first"
        raise NotHarvested(msg)
    return service, is_known


def _pages(path: Path) -> Iterator[pd.DataFrame]:
    try:
        with closing(open_harvest(path)) as db:
            cursor = db.execute(_QUERY)
            while rows := cursor.fetchmany(ROWS_AT_A_TIME):
                yield pd.DataFrame(rows, columns=list(_NAMES))
    except sqlite3.Error as error:
        advice = way_out(error, made_by="harvest spotify")
        msg = f"cannot read audio features from {path} ({error}); {advice}"
        raise InputError(msg) from error


def _numbers(values: "pd.Series[float]") -> FloatArray:
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64)


def _finish(service: FloatArray, has_row: BoolArray, duration_s: FloatArray) -> TrackFeatures:
    """Fill what may be unknown, blank tracks with values out of range, and add the duration."""
    usable = has_row.copy()
    n_filled = {}
    table = np.empty((len(service), columns.NUM_FEATURES))
    for place, name in enumerate(columns.SONG_FEATURES):
        if name == "duration":
            table[:, place] = duration_s
            continue
        values = service[:, columns.SERVICE_FEATURES.index(name)]
        if name in columns.UNKNOWN_VALUES:
            unknown = np.isnan(values)
            n_filled[name] = unknown
            values = np.where(unknown, columns.UNKNOWN_VALUES[name], values)
        low, high = columns.RANGES[name]
        usable &= (values >= low) & (values <= high)
        table[:, place] = values
    table[~usable] = np.nan
    counts = {name: int((unknown & usable).sum()) for name, unknown in n_filled.items()}
    return TrackFeatures(table, has_row, counts)
