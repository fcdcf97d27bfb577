"""``entries.parquet`` -> the tracks of each playlist, read and checked one row group at a time."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from model.errors import InputError
from model.inputs.parquet import opened
from model.ragged import IntArray, Ragged

COLUMNS = ("playlist_id", "pos", "track_id")
ROWS_AT_A_TIME = 2**20


def read_lists(path: Path, *, n_playlists: int, n_tracks: int) -> Ragged:
    """Read the tracks of each playlist.

    Four bytes an entry are kept, and nothing else grows with the entries.

    Parameters
    ----------
    path : Path
        `entries.parquet`, in order of playlist_id, pos.
    n_playlists, n_tracks : int
        Ids are below these.

    Returns
    -------
    Ragged of int32, n_playlists lists
        In order, repeats included.

    Raises
    ------
    InputError
        If an id is out of its range, a value is absent, or the rows are not in order.
    OSError, pyarrow.ArrowException, ValueError
        If the file is no such table.
    """
    with opened(path) as file:
        tracks = np.empty(file.metadata.num_rows, dtype=np.int32)
        lengths = np.zeros(n_playlists, dtype=np.int64)
        size, last = 0, (-1, -1)
        for playlist, pos, track in _pages(file):
            _check_range(playlist, "playlist_id", "playlists", n_playlists)
            _check_range(track, "track_id", "tracks", n_tracks)
            last = _check_order(playlist, pos, last)
            lengths += np.bincount(playlist, minlength=n_playlists)
            tracks[size : size + len(track)] = track
            size += len(track)
    if not size:
        raise _nothing(n_playlists)
    indptr = np.zeros(n_playlists + 1, dtype=np.int64)
    np.cumsum(lengths, out=indptr[1:])
    return Ragged(indptr, tracks)


def broken(what: str) -> str:
    """Say that the tables contradict each other."""
    return f"the tables do not belong together: {what}; run `harvest mpd PATH` again"


def _nothing(n_playlists: int) -> InputError:
    held = f"no playlist of {n_playlists:,} holds a track"
    return InputError(
        f"{held if n_playlists else 'the tables hold no playlist'}; run `harvest mpd PATH` or "
        "`harvest playlists PATH…` for others"
    )


def _pages(file: pq.ParquetFile) -> Iterator[tuple[IntArray, IntArray, IntArray]]:
    for page in file.iter_batches(ROWS_AT_A_TIME, columns=list(COLUMNS)):
        if page.num_rows:
            playlist, pos, track = (_whole(page[name], name) for name in COLUMNS)
            yield playlist, pos, track


def _whole(values: pa.Array, name: str) -> IntArray:
    if values.null_count:
        msg = f"column {name} has {values.null_count} empty values, expected none"
        raise ValueError(msg)
    whole: IntArray = values.cast(pa.int64()).to_numpy()
    return whole


def _check_range(ids: IntArray, key: str, target: str, stop: int) -> None:
    if not 0 <= ids.min() <= ids.max() < stop:
        raise InputError(broken(f"{key} of entries.parquet names rows that {target} lacks"))


def _check_order(playlist: IntArray, pos: IntArray, last: tuple[int, int]) -> tuple[int, int]:
    """Check that rows ascend, also from the last one before these; give the last of these."""
    playlist_step = np.diff(playlist, prepend=last[0])
    pos_step = np.diff(pos, prepend=last[1])
    if not ((playlist_step > 0) | ((playlist_step == 0) & (pos_step > 0))).all():
        raise InputError(broken("entries.parquet is not in order of playlist_id, pos"))
    return int(playlist[-1]), int(pos[-1])
