"""Songs are similar where they sound alike: near each other in scaled audio features."""

from collections.abc import Callable

import numpy as np
from scipy.spatial import cKDTree

from model.columns import NUM_FEATURES
from model.features import MinMax
from model.ragged import BoolArray, FloatArray, IntArray, SongArray
from model.similarity.interactions_kernels import SmallIntArray
from model.similarity.neighbours import Neighbours
from model.similarity.ranks import check_candidates, rank_candidates
from model.similarity.runs import N_SHARDS, Run, cut_evenly, find_all


def find_by_audio(
    songs: FloatArray,
    popularity: IntArray,
    *,
    k: int,
    n_shards: int = N_SHARDS,
    workers: int | None = None,
) -> Neighbours:
    """Find the `k` songs whose audio features are nearest to each song's own, exactly.

    Features are scaled to [0, 1] by the songs of the training playlists, which alone are found
    (`ranks.rank_candidates`), in a k-d tree (Bentley 1975, doi:10.1145/361002.361007).

    Parameters
    ----------
    songs : ndarray, shape (n_songs, 12)
        `columns.SONG_FEATURES`; NaN where they are unknown.
    popularity : ndarray, shape (n_songs,)
        Training playlists that hold each song. Of songs equally near, those of more playlists come
        first, then lower numbers; which of them are among the `k` is the tree's choice.
    k : int
        At least 0.
    n_shards, workers : int
        As in `cooccurrence.find_similar`.

    Returns
    -------
    Neighbours
        At most `k` a song, never the song itself, none for a song without features; counts are 1,
        scores 1 - distance / sqrt(12), in [0, 1].

    Raises
    ------
    InputError
        If a number is out of range, or the popularity is of another number of songs.

    Examples
    --------
    >>> songs = np.repeat([[0.0], [1.0], [0.25]], 12, axis=1)
    >>> find_by_audio(songs, np.array([1, 1, 1]), k=1).songs.tolist()
    [2, 2, 0]
    """
    check_candidates(popularity, len(songs), k=k)
    is_known: BoolArray = np.asarray(~np.isnan(songs).any(axis=1))
    numbers = rank_candidates(np.where(is_known, popularity, 0))
    find = _finder(np.asarray(songs), is_known, numbers, k=min(k, len(numbers)))
    return find_all(find, cut_evenly(np.asarray(is_known, dtype=np.int64), n_shards), workers)


def _finder(
    songs: FloatArray, is_known: BoolArray, numbers: SmallIntArray, *, k: int
) -> Callable[[Run], Neighbours]:
    if not k:
        return lambda run: _neighbours(
            np.zeros(run[1] - run[0], np.int64), np.empty(0, np.int32), np.empty(0)
        )
    scaler = MinMax().fit(songs[numbers])
    tree = cKDTree(scaler.transform(songs[numbers]))

    def find(run: Run) -> Neighbours:
        rows = np.flatnonzero(is_known[slice(*run)])
        # One more than k: the song itself may be among them. Those that lack come as infinity.
        found = tree.query(scaler.transform(songs[slice(*run)][rows]), k=[*range(1, k + 2)])
        distances: FloatArray = np.asarray(found[0], dtype=np.float64)
        ranks: IntArray = np.asarray(found[1], dtype=np.int64)
        order = np.lexsort((ranks, distances))
        distances = np.take_along_axis(distances, order, axis=1)
        ranks = np.take_along_axis(ranks, order, axis=1)
        others = np.append(numbers, -1)[ranks]
        keep = np.isfinite(distances) & (others != rows[:, np.newaxis] + run[0])
        keep &= np.cumsum(keep, axis=1) <= k
        lengths = np.zeros(run[1] - run[0], dtype=np.int64)
        lengths[rows] = keep.sum(axis=1)
        return _neighbours(lengths, others[keep], 1 - distances[keep] / np.sqrt(NUM_FEATURES))

    return find


def _neighbours(lengths: IntArray, songs: SongArray, scores: FloatArray) -> Neighbours:
    return Neighbours(
        np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]),
        songs.astype(np.int32),
        np.ones(len(songs), dtype=np.int32),
        scores.astype(np.float32),
    )
