"""From seeds to songs along weighted lists: what most recommenders are made of.

A step multiplies a sparse matrix of queries by another and keeps the best of each row: songs to
similar songs, songs to the playlists that hold them, these to their songs.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_array, hstack

from model.ragged import FloatArray, IntArray, Ragged, SongArray
from model.recommenders.scratch import zeros
from model.recommenders.spread_kernels import WeightArray, sum_best
from model.recommenders.threads import blocks_in_threads, in_threads
from model.recommenders.tile_kernels import WIDTH, keep_best

BLOCK = 64
"""Rows that are scored at once where every number is."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """Lists of numbers, each with a weight: a sparse matrix in compressed rows.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_lists + 1,)
        List ``i`` is ``numbers[indptr[i]:indptr[i + 1]]``.
    numbers : ndarray of int32
    weights : ndarray of float32
        Of each number.
    n_numbers : int
        Numbers are below this.
    """

    indptr: IntArray
    numbers: SongArray
    weights: WeightArray
    n_numbers: int

    @classmethod
    def of(cls, lists: Ragged, weights: FloatArray | WeightArray, n_numbers: int) -> Self:
        """Give each value of the lists its weight, shape (len(lists.values),)."""
        return cls(
            np.asarray(lists.indptr),
            lists.values.astype(np.int32, copy=False),
            np.ascontiguousarray(weights, dtype=np.float32),
            n_numbers,
        )

    @classmethod
    def nothing(cls, n_lists: int, n_numbers: int) -> Self:
        """Make lists without numbers."""
        indptr = np.zeros(n_lists + 1, dtype=np.int64)
        return cls(indptr, np.empty(0, np.int32), np.empty(0, np.float32), n_numbers)

    @classmethod
    def with_room(cls, limits: IntArray, n_numbers: int) -> Self:
        """Make room for lists of at most these lengths, for compiled code to write to."""
        size = int(np.maximum(limits, 0).sum())
        return cls(
            np.zeros(len(limits) + 1, dtype=np.int64),
            np.empty(size, dtype=np.int32),
            np.empty(size, dtype=np.float32),
            n_numbers,
        )

    def trimmed(self) -> "Weighted":
        """Give the lists without the room that is left."""
        size = int(self.indptr[-1])
        return Weighted(self.indptr, self.numbers[:size], self.weights[:size], self.n_numbers)

    @classmethod
    def of_matrix(cls, matrix: csr_array) -> Self:
        """Take the values of a sparse matrix as weights."""
        return cls(
            matrix.indptr.astype(np.int64),
            matrix.indices.astype(np.int32, copy=False),
            matrix.data.astype(np.float32, copy=False),
            matrix.shape[1],
        )

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @property
    def lists(self) -> Ragged:
        """The numbers without their weights; the same memory."""
        return Ragged(self.indptr, self.numbers)

    @property
    def matrix(self) -> csr_array:
        """The same as a sparse matrix; the same memory where its kind of index allows it."""
        shape = (len(self), self.n_numbers)
        return csr_array((self.weights, self.numbers, self.indptr), shape=shape)

    def transposed(self) -> "Weighted":
        """Turn lists of numbers into the lists that hold each number, ascending."""
        return Weighted.of_matrix(csr_array(self.matrix.T.tocsr()))


def spread(
    queries: Weighted, lists: Weighted, *, n: IntArray | int, taken: Ragged | None = None
) -> Weighted:
    """Multiply, and keep the best of each row.

    A row's sum for a number j is the sum of the query's weight of i times the weight of j in list
    i. What a row gets depends on it alone.

    Parameters
    ----------
    queries : Weighted, n_rows lists
        Numbers of `lists`; weights not above 0 count for nothing.
    lists : Weighted
    n : int or ndarray, shape (n_rows,)
        Numbers that are kept of each row at most.
    taken : Ragged, n_rows lists, optional
        Numbers that are passed over.

    Returns
    -------
    Weighted, n_rows lists
        Sums above 0, best first; ties go to the lower number.

    Examples
    --------
    >>> lists = Weighted.of(Ragged.of([[0, 2], [1, 2]]), np.array([3.0, 1.0, 2.0, 1.0]), 3)
    >>> queries = Weighted.of(Ragged.of([[0, 1]]), np.array([1.0, 2.0]), 2)
    >>> best = spread(queries, lists, n=2)
    >>> best.numbers.tolist(), best.weights.tolist()
    ([1, 0], [4.0, 3.0])
    """
    n_rows, n_numbers = len(queries), lists.n_numbers
    limits = np.minimum(np.broadcast_to(np.asarray(n, dtype=np.int64), (n_rows,)), n_numbers)
    passed = taken or Ragged(np.zeros(n_rows + 1, dtype=np.int64), np.empty(0, dtype=np.int32))

    def work(first: int, stop: int) -> Weighted:
        room = Weighted.with_room(limits[first:stop], n_numbers)
        sum_best(
            queries.indptr[first : stop + 1],
            queries.numbers,
            queries.weights,
            lists.indptr,
            lists.numbers,
            lists.weights,
            passed.indptr[first : stop + 1],
            passed.values,
            limits[first:stop],
            zeros("marks", n_numbers, np.int32),
            np.empty(n_numbers + 1, dtype=np.int32),
            zeros("sums", n_numbers, np.float64),
            np.empty(n_numbers + 1, dtype=np.int64),
            room.indptr,
            room.numbers,
            room.weights,
        )
        return room.trimmed()

    return _join(in_threads(work, n_rows), n_numbers)


def best_of_tiles(
    score: Callable[[WeightArray], WeightArray],
    rows: WeightArray,
    numbers: IntArray,
    n_numbers: int,
    *,
    n: IntArray,
    taken: Ragged,
    at_once: int = BLOCK,
) -> Weighted:
    """Score many numbers for some rows at once, and keep the best of each.

    Parameters
    ----------
    score : callable
        Takes rows turned on their side, shape (n_features, at_once) of float32; gives scores
        (n_columns, at_once) of float32; not above 0 counts as not found.
    rows : ndarray of float32, shape (n_rows, n_features)
    numbers : ndarray, shape (n_columns,)
        Number of each column, below `n_numbers`.
    n_numbers : int
    n : ndarray, shape (n_rows,)
    taken : Ragged, n_rows lists
    at_once : int
        Rows that are scored together, a multiple of `WIDTH`. A product of matrices is quicker, and
        rounds its sums in another way, the more there are.

    Returns
    -------
    Weighted, n_rows lists
        As of `spread`.
    """
    limits = np.minimum(n, len(numbers))

    def work(first: int, stop: int) -> Weighted:
        room, size = Weighted.with_room(limits[first:stop], n_numbers), 0
        keys = np.empty((WIDTH, len(numbers)), dtype=np.int64)
        turned = np.zeros((rows.shape[1], at_once), dtype=np.float32)
        for at in range(first, stop, WIDTH):
            place = (at - first) % at_once
            if place == 0:
                own = rows[at : min(at + at_once, stop)]
                turned[:, : len(own)] = own.T
                values = score(turned)
            end = min(at + WIDTH, stop)
            size = keep_best(
                np.ascontiguousarray(values[:, place : place + WIDTH], dtype=np.float32),
                numbers,
                taken.indptr[at : end + 1],
                taken.values,
                limits[at:end],
                zeros("marks", n_numbers, np.int32),
                keys,
                size,
                room.indptr[at - first : end - first + 1],
                room.numbers,
                room.weights,
            )
        return room.trimmed()

    parts = blocks_in_threads(work, len(rows), size=BLOCK)
    return _join([Weighted.nothing(0, n_numbers), *parts], n_numbers)


def blocks_of(rows: WeightArray) -> Iterator[tuple[slice, WeightArray]]:
    """Cut rows into blocks of one size, the last one filled up with zeros, and say which they are.

    A product of a matrix of another shape may round its sums in another way.

    Examples
    --------
    >>> [(own.start, own.stop, block.shape) for own, block in blocks_of(np.ones((70, 2)))]
    [(0, 64, (64, 2)), (64, 70, (64, 2))]
    """
    for first in range(0, len(rows), BLOCK):
        own = slice(first, min(first + BLOCK, len(rows)))
        block = np.zeros((BLOCK, rows.shape[1]), dtype=np.float32)
        block[: own.stop - first] = rows[own]
        yield own, block


def stacked(parts: Sequence[Weighted]) -> Weighted:
    """Put the lists of several parts behind each other, in order; all of the same numbers."""
    return _join(list(parts), parts[0].n_numbers)


def beside(parts: Sequence[Weighted]) -> Weighted:
    """Join lists row by row; a part's numbers follow those of the parts before it.

    Examples
    --------
    >>> part = Weighted.of(Ragged.of([[1], [0]]), np.array([3.0, 4.0]), 2)
    >>> beside([part, part]).numbers.tolist()
    [1, 3, 0, 2]
    """
    return Weighted.of_matrix(csr_array(hstack([part.matrix for part in parts], format="csr")))


def _join(parts: list[Weighted], n_numbers: int) -> Weighted:
    if len(parts) == 1:
        return parts[0]
    ends = np.cumsum([0, *(len(part.numbers) for part in parts)])
    starts = [part.indptr[1:] + end for part, end in zip(parts, ends[:-1], strict=True)]
    return Weighted(
        np.concatenate([np.zeros(1, dtype=np.int64), *starts]),
        np.concatenate([np.empty(0, np.int32), *(part.numbers for part in parts)]),
        np.concatenate([np.empty(0, np.float32), *(part.weights for part in parts)]),
        n_numbers,
    )
