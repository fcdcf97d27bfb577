"""Many lists of integers of different lengths, kept end to end in one array."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

IntArray: TypeAlias = NDArray[np.int64]
FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Lists of integers end to end: playlists of tracks, or recommendations for playlists.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_lists + 1,)
        List ``i`` is ``values[indptr[i]:indptr[i + 1]]``; starts at 0 and never decreases.
    values : ndarray of int64, shape (indptr[-1],)

    Examples
    --------
    >>> lists = Ragged.of([[3, 1], [], [2]])
    >>> len(lists), lists[0].tolist(), lists.lengths.tolist()
    (3, [3, 1], [2, 0, 1])
    """

    indptr: IntArray
    values: IntArray

    @classmethod
    def of(cls, lists: Iterable[Sequence[int] | IntArray]) -> Self:
        """Put lists end to end; no lists at all give a `Ragged` of length 0."""
        rows = [np.asarray(row, dtype=np.int64) for row in lists]
        values = np.concatenate(rows) if rows else np.empty(0, dtype=np.int64)
        return cls(_indptr(np.array([len(row) for row in rows], dtype=np.int64)), values)

    @classmethod
    def grouped(cls, owners: IntArray, values: IntArray, n_lists: int) -> Self:
        """Put each value into its owner's list.

        Parameters
        ----------
        owners : ndarray, shape (n_values,)
            List number of each value, 0 ... n_lists - 1, in ascending order.
        values : ndarray, shape (n_values,)
        n_lists : int
        """
        lengths = np.bincount(owners, minlength=n_lists).astype(np.int64)
        return cls(_indptr(lengths), np.asarray(values, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.indptr) - 1

    def __getitem__(self, row: int) -> IntArray:
        return self.values[self.indptr[row] : self.indptr[row + 1]]

    @property
    def lengths(self) -> IntArray:
        """Length of each list, shape (n_lists,)."""
        return np.diff(self.indptr)

    @property
    def owners(self) -> IntArray:
        """List number of each value, ascending, shape (n_values,)."""
        return np.repeat(np.arange(len(self), dtype=np.int64), self.lengths)

    def take(self, rows: IntArray) -> "Ragged":
        """Pick lists by number, in the order given; a number may repeat.

        Examples
        --------
        >>> Ragged.of([[3, 1], [], [2]]).take(np.array([2, 0])).values.tolist()
        [2, 3, 1]
        """
        lengths = self.lengths[rows]
        indptr = _indptr(lengths)
        shift = np.repeat(self.indptr[:-1][rows] - indptr[:-1], lengths)
        return Ragged(indptr, self.values[np.arange(indptr[-1]) + shift])

    def where(self, keep: BoolArray) -> "Ragged":
        """Keep the values where `keep`, shape (n_values,), is true; lists may become empty."""
        return Ragged.grouped(self.owners[keep], self.values[keep], len(self))

    def distinct(self) -> "Ragged":
        """Keep the first occurrence of each value in each list, in order.

        Examples
        --------
        >>> Ragged.of([[3, 1, 3], [3]]).distinct().values.tolist()
        [3, 1, 3]
        """
        if not self.values.size:
            return self
        keys = self.owners * (int(self.values.max()) + 1) + self.values
        first = np.unique(keys, return_index=True)[1]
        keep = np.zeros(len(keys), dtype=np.bool_)
        keep[first] = True
        return self.where(keep)

    def heads(self) -> "Ragged":
        """Keep the first value of each list; an empty list stays empty."""
        return self.where(self._offsets() == 0)

    def tails(self) -> "Ragged":
        """Drop the first value of each list; an empty list stays empty."""
        return self.where(self._offsets() > 0)

    def limited(self, n: IntArray | int) -> "Ragged":
        """Keep the first `n` values of each list; `n` may be one number a list."""
        limits = np.broadcast_to(np.asarray(n, dtype=np.int64), (len(self),))
        return self.where(self._offsets() < np.repeat(limits, self.lengths))

    def _offsets(self) -> IntArray:
        return np.arange(len(self.values), dtype=np.int64) - np.repeat(
            self.indptr[:-1], self.lengths
        )


def _indptr(lengths: IntArray) -> IntArray:
    indptr = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=indptr[1:])
    return indptr
