"""The steps that compare whole names: which songs have the names of a track."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from harvest.matching.forms import BoolArray, IntArray, Side

MAX_SONGS = 100  # of one name that are looked at, the first of them
EXACT_SCORE = 1.0
PLAIN_SCORE = 0.95
OTHER_CONCERT_SCORE = 0.9  # a concert's recording and a studio's, or the other way about


FloatArray = npt.NDArray[np.float64]
Values = TypeVar("Values", FloatArray, IntArray)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Tracks beside songs that they may be; each has the same length.

    Parameters
    ----------
    tracks, songs : ndarray of int64
        Rows of the two sides; pairs of one track stand together, songs rising.
    scores : ndarray of float64
        In (0, 1]; 1 = surely the same.
    """

    tracks: IntArray
    songs: IntArray
    scores: FloatArray

    def where(self, chosen: BoolArray) -> "Pairs":
        """Return the pairs that are chosen."""
        return Pairs(self.tracks[chosen], self.songs[chosen], self.scores[chosen])


def exact_pairs(songs: Side, tracks: Side) -> Pairs:
    """Pair every track with the songs of the same clean artist and title."""
    found, which = _having_key(songs.exact, tracks.exact, np.arange(tracks.rows))
    return Pairs(found, which, np.full(len(found), EXACT_SCORE))


def plain_pairs(songs: Side, tracks: Side, rows: IntArray) -> Pairs:
    """Pair tracks with the songs of the same names without suffixes.

    Where there are several, those stay that agree in being of a concert or of a studio, and among
    these the ones to whose names nothing was added.

    Parameters
    ----------
    songs, tracks : Side
    rows : ndarray of int64
        The tracks to pair, rising.
    """
    found, which = _having_key(songs.plain, tracks.plain[rows], rows)
    is_alike = songs.is_live[which] == tracks.is_live[found]
    scores = np.where(is_alike, PLAIN_SCORE, OTHER_CONCERT_SCORE)
    rank = 2 * is_alike + songs.is_unadorned[which]
    return Pairs(found, which, scores).where(rank == best_of_each(found, rank))


def best_of_each(tracks: IntArray, values: Values) -> Values:
    """Return beside each pair the highest value of its track's pairs, which stand together.

    Examples
    --------
    >>> best_of_each(np.array([4, 4, 7]), np.array([1, 3, 2])).tolist()
    [3, 3, 2]
    """
    if not len(tracks):
        return values
    starts = np.flatnonzero(np.diff(tracks, prepend=tracks[0] - 1))
    return np.repeat(np.maximum.reduceat(values, starts), np.diff(starts, append=len(tracks)))


def n_of_each(tracks: IntArray) -> IntArray:
    """Return beside each pair how many pairs its track has.

    >>> n_of_each(np.array([4, 4, 7])).tolist()
    [2, 2, 1]
    """
    _, place, counts = np.unique(tracks, return_inverse=True, return_counts=True)
    return counts[place]


def expand(firsts: IntArray, counts: IntArray) -> IntArray:
    """Return the whole numbers from each first on, so many as it counts, end to end.

    >>> expand(np.array([5, 2]), np.array([2, 3])).tolist()
    [5, 6, 2, 3, 4]
    """
    before = np.cumsum(counts) - counts
    steps: IntArray = np.arange(counts.sum()) + np.repeat(firsts - before, counts)
    return steps


def _having_key(
    song_keys: IntArray, track_keys: IntArray, rows: IntArray
) -> tuple[IntArray, IntArray]:
    order = np.argsort(song_keys, kind="stable")
    ordered = song_keys[order]
    first = np.searchsorted(ordered, track_keys, side="left")
    counts = np.searchsorted(ordered, track_keys, side="right") - first
    counts = np.minimum(counts, MAX_SONGS)
    return np.repeat(rows, counts), order[expand(first, counts)]
