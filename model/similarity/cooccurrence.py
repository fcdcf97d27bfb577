"""Songs are similar in proportion to the number of playlists that hold both.

Two ways to count. *Symmetric*: the number of playlists that hold both songs. *Directional*, as
published: every pair of places i < j in a playlist adds 1 to the row (song at i, song at j); the
two directions of a pair are different rows, and a song that stands twice makes a row with itself.

A song's partners are counted in one go, from the playlists that hold it, so that pairs are never
held all at once, and the songs can be cut into shards that need no merging. Counts are whole
numbers, scores are worked out pair by pair, ties go by song number: any number of shards and
workers, and any order of the playlists, gives the same bytes.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from model.errors import InputError
from model.ragged import IntArray, Ragged
from model.similarity.interactions import Interactions, SmallIntArray
from model.similarity.kernels import (
    MOST_COUNTED,
    Slots,
    SmallFloatArray,
    close_gaps,
    find_directional,
    find_symmetric,
)
from model.similarity.weighting import COSINE, Weighting

N_SHARDS = 64
"""Enough to keep every worker busy to the end; changes no result."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Similar songs of each song, best first, end to end.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_songs + 1,)
        Those of song ``i`` are ``songs[indptr[i]:indptr[i + 1]]``.
    songs : ndarray of int32, shape (n_pairs,)
    counts : ndarray of int32, shape (n_pairs,)
        How often the pair occurs.
    scores : ndarray of float32, shape (n_pairs,)
        Never ascending within a song; where they are equal, song numbers ascend (`find_similar`).
    """

    indptr: IntArray
    songs: SmallIntArray
    counts: SmallIntArray
    scores: SmallFloatArray

    @property
    def lists(self) -> Ragged:
        """The similar songs alone, n_songs lists."""
        return Ragged(self.indptr, self.songs.astype(np.int64))


def find_similar(
    interactions: Interactions,
    *,
    k: int,
    weighting: Weighting = COSINE,
    min_count: int = 1,
    n_shards: int = N_SHARDS,
    workers: int | None = None,
) -> Neighbours:
    """Find each song's `k` most similar songs by symmetric counts.

    Parameters
    ----------
    interactions : Interactions
        Without repeats.
    k : int
        At least 0.
    weighting : Weighting
        What makes a score of a count.
    min_count : int
        Playlists that must hold both songs, at least 1 (study: 5).
    n_shards : int
        Runs of songs of about equal work; changes no result.
    workers : int, optional
        Threads; without it, as many as there are processors. Changes no result.

    Returns
    -------
    Neighbours
        At most `k` a song; ties go to the lower song number; none for a song that no playlist
        holds; never the song itself.

    Raises
    ------
    InputError
        If a number is out of range, or the interactions have repeats.

    Examples
    --------
    >>> held = Interactions.of(Ragged.of([[0, 1], [0, 1], [0, 2]]), 3)
    >>> found = find_similar(held, k=1)
    >>> found.songs.tolist(), found.counts.tolist(), found.scores.round(3).tolist()
    ([1, 0, 0], [2, 2, 1], [0.8159999847412109, 0.8159999847412109, 0.5770000219345093])
    """
    _check(interactions, repeats=False, k=k, min_count=min_count)
    lists, weights = interactions.lists, weighting.weights(interactions)

    def fill(start: int, stop: int, slots: Slots) -> None:
        find_symmetric(start, stop, lists, weights, slots, k, min_count)

    slots = _make_slots(interactions, k=k, min_count=min_count)
    return _fill(slots, fill, _cut(interactions, n_shards), workers)


def find_published(
    interactions: Interactions,
    *,
    k: int,
    min_count: int = 1,
    n_shards: int = N_SHARDS,
    workers: int | None = None,
) -> Neighbours:
    """Look up, for each song, the `k` rows with the highest count that name it in either column.

    Both directions of one pair are different rows and may take two places, so that a list may
    name a song twice, and the song itself. Ties go to the row that comes first by (first song,
    second song).

    Parameters
    ----------
    interactions : Interactions
        With repeats.
    k : int
        At least 0.
    min_count : int
        Rows with a lower count are dropped, at least 1 (study: 5).
    n_shards, workers : int
        As in `find_similar`.

    Returns
    -------
    Neighbours
        The other song of each of at most `k` rows, best first; scores are counts.

    Raises
    ------
    InputError
        If a number is out of range, or the interactions have no repeats.

    Examples
    --------
    >>> held = Interactions.of(Ragged.of([[0, 1], [0, 1], [1, 0]]), 2, repeats=True)
    >>> find_published(held, k=10).lists[0].tolist()
    [1, 1]
    """
    _check(interactions, repeats=True, k=k, min_count=min_count)
    lists = interactions.lists

    def fill(start: int, stop: int, slots: Slots) -> None:
        find_directional(start, stop, lists, slots, k, min_count)

    slots = _make_slots(interactions, k=k, min_count=min_count)
    return _fill(slots, fill, _cut(interactions, n_shards), workers)


def _check(interactions: Interactions, *, repeats: bool, k: int, min_count: int) -> None:
    if interactions.has_repeats != repeats:
        needed = "with" if repeats else "without"
        msg = f"these counts need interactions {needed} repeats: Interactions.of(repeats={repeats})"
        raise InputError(msg)
    if k < 0 or min_count < 1:
        msg = f"k {k}, min_count {min_count}: expected k of 0 or more, min_count of 1 or more"
        raise InputError(msg)


def _make_slots(interactions: Interactions, *, k: int, min_count: int) -> Slots:
    """Set places aside: for each song no more than it can have partners of that count."""
    ranks, pairs = interactions.lists.ranks, _count_pairs(interactions)
    most = np.minimum(k, pairs // min_count)[ranks]
    indptr = np.zeros(len(most) + 1, dtype=np.int64)
    np.cumsum(most, out=indptr[1:])
    size = int(indptr[-1])
    return Slots(
        indptr,
        np.zeros(len(most), dtype=np.int64),
        np.empty(size, dtype=np.int32),
        np.empty(size, dtype=np.int32),
        np.empty(size, dtype=np.float32),
    )


def _count_pairs(interactions: Interactions) -> IntArray:
    """Count the pairs of places that each song stands in, by rank."""
    pairs = interactions.sums(np.maximum(interactions.lengths - 1, 0))
    if pairs.size and pairs.max() > MOST_COUNTED:
        song = int(interactions.lists.numbers[pairs.argmax()])
        msg = f"song {song} stands in {pairs.max():,} pairs; expected at most {MOST_COUNTED:,}"
        raise InputError(msg)
    return pairs


def _cut(interactions: Interactions, n_shards: int) -> list[int]:
    """Cut the ranks into runs of about equal work; some may be empty."""
    done = np.cumsum(interactions.sums(interactions.lengths))
    total = int(done[-1]) if len(done) else 0
    inner = [total * shard // n_shards for shard in range(1, n_shards)]
    return [0, *np.searchsorted(done, inner).tolist(), len(done)]


def _fill(
    slots: Slots, fill: Callable[[int, int, Slots], None], cuts: list[int], workers: int | None
) -> Neighbours:
    """Let workers fill one run of songs after another, each its own part of the same arrays."""
    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        list(pool.map(lambda run: fill(run[0], run[1], slots), pairwise(cuts)))
    size = close_gaps(slots)
    indptr = np.zeros(len(slots.indptr), dtype=np.int64)
    np.cumsum(slots.lengths, out=indptr[1:])
    return Neighbours(indptr, slots.songs[:size], slots.counts[:size], slots.scores[:size])
