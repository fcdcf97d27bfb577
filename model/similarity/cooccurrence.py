"""Songs are similar in proportion to the number of playlists that hold both.

Two ways to count. *Directional*, as published: every pair of places i < j in a playlist adds 1 to
the row (song at i, song at j); the two directions of a pair are different rows, and a song that
stands twice makes a row with itself. *Symmetric*: the number of playlists that hold both songs.
Counts are exact whole numbers, whatever the block size.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from model.ragged import IntArray, Ragged
from model.tables import playlist_track_matrix

PAIRS_PER_BLOCK = 10_000_000
"""Pairs that are held at once before they are summed; bounds memory, changes no result."""


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Counted pairs, one row a pair, sorted by (left, right), each pair once.

    Parameters
    ----------
    left, right : ndarray, shape (n_pairs,)
        Song numbers.
    count : ndarray, shape (n_pairs,)
        At least 1.
    """

    left: IntArray
    right: IntArray
    count: IntArray

    def at_least(self, min_count: int) -> "PairCounts":
        """Keep the pairs with a count of `min_count` or more."""
        keep = self.count >= min_count
        return PairCounts(self.left[keep], self.right[keep], self.count[keep])


def count_directional(lists: Ragged, n_songs: int) -> PairCounts:
    """Count the ordered pairs of places, as published.

    Parameters
    ----------
    lists : Ragged
        Song numbers of each playlist in order, repeats included.
    n_songs : int
        Song numbers are below this.

    Examples
    --------
    >>> pairs = count_directional(Ragged.of([[0, 1], [0, 1], [1, 0]]), 2)
    >>> pairs.left.tolist(), pairs.right.tolist(), pairs.count.tolist()
    ([0, 1], [1, 0], [2, 1])
    """
    keys = np.empty(0, dtype=np.int64)
    counts = np.empty(0, dtype=np.int64)
    for block in _blocks_of_pairs(lists, n_songs):
        block_keys, block_counts = np.unique(block, return_counts=True)
        keys, counts = _merge(keys, counts, block_keys, block_counts.astype(np.int64))
    return PairCounts(keys // n_songs, keys % n_songs, counts)


def count_symmetric(lists: Ragged, n_songs: int, *, min_count: int = 1) -> PairCounts:
    """Count the playlists that hold both songs of a pair; both directions are given.

    Parameters
    ----------
    lists : Ragged
        Song numbers of each playlist; order and repeats do not matter.
    n_songs : int
    min_count : int
        Pairs below are dropped, block by block, which saves memory.

    Examples
    --------
    >>> pairs = count_symmetric(Ragged.of([[0, 1], [1, 0], [1, 1]]), 2)
    >>> pairs.left.tolist(), pairs.right.tolist(), pairs.count.tolist()
    ([0, 1], [1, 0], [2, 2])
    """
    matrix = playlist_track_matrix(lists, n_songs)
    transposed = matrix.T.tocsr()
    parts = []
    for rows in _blocks_of_songs(matrix):
        block = (transposed[rows] @ matrix).tocoo()
        left, right = block.row + rows.start, block.col
        keep = (left != right) & (block.data >= min_count)
        parts.append(np.stack([left[keep], right[keep], block.data[keep]]).astype(np.int64))
    left, right, count = np.concatenate(parts, axis=1) if parts else np.empty((3, 0), np.int64)
    order = np.lexsort((right, left))
    return PairCounts(left[order], right[order], count[order])


def top_neighbours(pairs: PairCounts, n_songs: int, *, k: int) -> Ragged:
    """List each song's `k` most similar songs, best first.

    Parameters
    ----------
    pairs : PairCounts
        Each pair in both directions.
    n_songs : int
    k : int

    Returns
    -------
    Ragged, n_songs lists
        At most `k` songs each; ties go to the lower song number; empty for an unknown song.

    Examples
    --------
    >>> pairs = count_symmetric(Ragged.of([[0, 1], [0, 1, 2]]), 3)
    >>> [top_neighbours(pairs, 3, k=1)[song].tolist() for song in range(3)]
    [[1], [0], [0]]
    """
    order = np.lexsort((pairs.right, -pairs.count, pairs.left))
    return Ragged.grouped(pairs.left[order], pairs.right[order], n_songs).limited(k)


def top_rows(pairs: PairCounts, n_songs: int, *, k: int) -> Ragged:
    """Look up, for each song, the `k` rows with the highest count that name it in either column.

    Both directions of one pair are different rows and may take two places, so that a list may
    name a song twice, and the song itself. Ties go to the row that comes first.

    Parameters
    ----------
    pairs : PairCounts
        Directional counts.
    n_songs : int
    k : int

    Returns
    -------
    Ragged, n_songs lists
        The other song of each of at most `k` rows, best first.

    Examples
    --------
    >>> pairs = count_directional(Ragged.of([[0, 1], [0, 1], [1, 0]]), 2)
    >>> top_rows(pairs, 2, k=10)[0].tolist()
    [1, 1]
    """
    other = np.flatnonzero(pairs.left != pairs.right)
    row = np.concatenate([np.arange(len(pairs.left)), other])
    song = np.concatenate([pairs.left, pairs.right[other]])
    partner = np.concatenate([pairs.right, pairs.left[other]])
    order = np.lexsort((row, -pairs.count[row], song))
    return Ragged.grouped(song[order], partner[order], n_songs).limited(k)


def _blocks_of_pairs(lists: Ragged, n_songs: int) -> Iterator[IntArray]:
    """Give the ordered pairs of all lists as keys, left * n_songs + right, block by block."""
    lengths = lists.lengths
    waiting: list[IntArray] = []
    for length in np.unique(lengths[lengths > 1]):
        earlier, later = np.triu_indices(int(length), k=1)
        rows = np.flatnonzero(lengths == length)
        for part in np.array_split(rows, -(-len(rows) * len(earlier) // PAIRS_PER_BLOCK)):
            songs = lists.values[lists.indptr[part][:, None] + np.arange(length)]
            waiting.append((songs[:, earlier] * n_songs + songs[:, later]).ravel())
            if sum(map(len, waiting)) >= PAIRS_PER_BLOCK:
                yield np.concatenate(waiting)
                waiting = []
    if waiting:
        yield np.concatenate(waiting)


def _merge(
    keys: IntArray, counts: IntArray, more_keys: IntArray, more_counts: IntArray
) -> tuple[IntArray, IntArray]:
    """Add up counts by key; keys come out ascending."""
    merged, place = np.unique(np.concatenate([keys, more_keys]), return_inverse=True)
    summed = np.zeros(len(merged), dtype=np.int64)
    np.add.at(summed, place, np.concatenate([counts, more_counts]))
    return merged, summed


def _blocks_of_songs(matrix: csr_array) -> Iterator[slice]:
    """Cut the songs into runs whose rows of the product fit into a block."""
    pairs = np.cumsum(matrix.T @ matrix.sum(axis=1))
    start = 0
    while start < len(pairs):
        done = pairs[start - 1] if start else 0
        stop = int(np.searchsorted(pairs, done + PAIRS_PER_BLOCK, side="right"))
        yield slice(start, max(stop, start + 1))
        start = max(stop, start + 1)
