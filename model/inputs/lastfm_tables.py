"""``harvest.db`` -> what last.fm said of each track, a page of tracks at a time.

One row in twenty million must cost no Python object of its own: SQLite puts the rows of a track
together, and Arrow takes them apart again.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from model.errors import InputError
from model.inputs.database import open_harvest
from model.ragged import IntArray, Ragged

TRACKS_AT_A_TIME = 20_000

_TEXTS = {"lastfm_tag": ("tag",), "lastfm_similar": ("artist", "title")}
_VALUES = {"lastfm_tag": ("weight", 100), "lastfm_similar": ("match", 1)}
_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of some tracks, track by track.

    Parameters
    ----------
    spotify_ids : list of str, length n_tracks
        Each track that has rows at all, be they below the threshold.
    lengths : ndarray, shape (n_tracks,)
        Rows of each that are kept.
    texts : tuple of pa.Array of str, each of length n_rows
        ``tag``, or ``artist`` and ``title``.
    values : ndarray, shape (n_rows,)
        ``weight`` in [0, 100], or ``match`` in [0, 1].
    n_odd : int
        Rows passed over for a value that is none, or out of this range.
    """

    spotify_ids: list[str]
    lengths: IntArray
    texts: tuple[pa.Array, ...]
    values: NDArray[np.float32]
    n_odd: int

    def spread(self, places: IntArray, songs: IntArray) -> tuple[IntArray, IntArray]:
        """Give songs the rows of tracks.

        Parameters
        ----------
        places, songs : ndarray, shape (n_found,)
            Which track of the page, and the song that it is.

        Returns
        -------
        songs, rows : ndarray, shape (n_rows_given,)
            Song, and number of the row.
        """
        rows = Ragged.cut(np.arange(len(self.values)), self.lengths).take(places)
        return songs[rows.owners], rows.values


def read_pages(path: Path, table: str, *, least: float) -> Iterator[Page]:
    """Read the rows of a table whose value is at least `least`, without writing.

    A harvester may be at work: what is read is of one moment.

    Parameters
    ----------
    path : Path
        harvest.db; where it is absent, or has no such table, there are no pages.
    table : {"lastfm_tag", "lastfm_similar"}
    least : float
        Lowest weight, or match.

    Raises
    ------
    InputError
        If the file is no such database.
    """
    with _reading(path, table) as db:
        cursor = db.execute(_query(table), {"least": least}) if db else None
        while cursor and (rows := cursor.fetchmany(TRACKS_AT_A_TIME)):
            yield _page(rows)


def has_rows(path: Path, table: str) -> bool:
    """Say whether the service said anything; at once, however much it was.

    Raises
    ------
    InputError
        As `read_pages`.
    """
    with _reading(path, table) as db:
        return bool(db and db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone())


@contextmanager
def _reading(path: Path, table: str) -> Iterator[sqlite3.Connection | None]:
    """Open the database; None where it is absent, or has no such table."""
    if not path.is_file():
        yield None
        return
    try:
        with closing(open_harvest(path)) as db:
            yield db if _has(db, table) else None
    except sqlite3.Error as error:
        msg = f"cannot read {table} from {path} ({error}); `harvest verify` says what is wrong"
        raise InputError(msg) from error


def _has(db: sqlite3.Connection, table: str) -> bool:
    found = db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,))
    return found.fetchone() is not None


def _query(table: str) -> str:
    """Put the rows of each track into one, the texts that are kept apart by a control character."""
    value, most = _VALUES[table]
    # A text compares as higher than any number, null as nothing: neither is between two numbers.
    kept = f'FILTER (WHERE "{value}" BETWEEN :least AND {most})'
    lists = ", ".join(
        f"group_concat(replace({text}, char(31), ' '), char(31)) {kept}" for text in _TEXTS[table]
    )
    # All names are constants of this module.
    return (
        f'SELECT spotify_id, sum(("{value}" BETWEEN 0 AND {most}) IS NOT 1), '
        f'group_concat("{value}", char(31)) {kept}, {lists} FROM {table} GROUP BY spotify_id'
    )


def _page(rows: list[tuple[str, int, str | None, *tuple[str | None, ...]]]) -> Page:
    ids, n_odd, joined, *texts = zip(*rows, strict=True)
    values = _split(joined)
    # A list that is absent has no length.
    lengths = pc.fill_null(pc.list_value_length(values), 0).to_numpy().astype(np.int64)
    return Page(
        spotify_ids=[str(one) for one in ids],
        lengths=lengths,
        texts=tuple(_split(one).flatten() for one in texts),
        values=values.flatten().cast(pa.float32()).to_numpy(),
        n_odd=sum(n_odd),
    )


def _split(joined: tuple[str | None, ...]) -> pa.ListArray:
    return pc.split_pattern(pa.array(joined, pa.large_string()), _SEPARATOR)
