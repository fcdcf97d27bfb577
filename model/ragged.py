"""Many lists of integers of different lengths, kept end to end in one array."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from model.ragged_kernels import (
    BoolArray,
    IntArray,
    SongArray,
    copy_runs,
    count_holders,
    count_kept,
    find_first,
    join_rows,
)

FloatArray: TypeAlias = NDArray[np.float64]

__all__ = ["BoolArray", "FloatArray", "IntArray", "Ragged", "SongArray"]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Lists of integers end to end: playlists of tracks, or recommendations for playlists.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_lists + 1,)
        List ``i`` is ``values[indptr[i]:indptr[i + 1]]``; starts at 0 and never decreases.
    values : ndarray of int32 or int64, shape (indptr[-1],)
        At least 0. Every operation takes time linear in the values and keeps their type.

    Examples
    --------
    >>> lists = Ragged.of([[3, 1], [], [2]])
    >>> len(lists), lists[0].tolist(), lists.lengths.tolist()
    (3, [3, 1], [2, 0, 1])
    """

    indptr: IntArray
    values: SongArray

    @classmethod
    def of(cls, lists: Iterable[Sequence[int] | SongArray]) -> Self:
        """Put lists end to end as int64; no lists at all give a `Ragged` of length 0."""
        rows = [np.asarray(row, dtype=np.int64) for row in lists]
        values = np.concatenate(rows) if rows else np.empty(0, dtype=np.int64)
        return cls(_indptr(np.array([len(row) for row in rows], dtype=np.int64)), values)

    @classmethod
    def cut(cls, values: SongArray, lengths: IntArray) -> Self:
        """Cut values into lists of these lengths, which add up to their number.

        Examples
        --------
        >>> Ragged.cut(np.array([3, 1, 2]), np.array([2, 0, 1]))[2].tolist()
        [2]
        """
        return cls(_indptr(lengths), values)

    @classmethod
    def grouped(cls, owners: SongArray, values: SongArray, n_lists: int) -> Self:
        """Put each value into its owner's list.

        Parameters
        ----------
        owners : ndarray, shape (n_values,)
            List number of each value, 0 ... n_lists - 1, in ascending order.
        values : ndarray, shape (n_values,)
        n_lists : int
        """
        # Of the owners' own type, or all of them would be converted first.
        rows = np.arange(n_lists + 1, dtype=owners.dtype)
        return cls(np.searchsorted(owners, rows).astype(np.int64, copy=False), values)

    @classmethod
    def stacked(cls, parts: Sequence["Ragged"]) -> Self:
        """Put the lists of several parts below each other; no parts give a `Ragged` of length 0.

        Examples
        --------
        >>> Ragged.stacked([Ragged.of([[3, 1]]), Ragged.of([[], [2]])]).lengths.tolist()
        [2, 0, 1]
        """
        if not parts:
            return cls.of([])
        lengths = np.concatenate([part.lengths for part in parts])
        return cls.cut(np.concatenate([part.values for part in parts]), lengths)

    def __len__(self) -> int:
        return len(self.indptr) - 1

    def __getitem__(self, row: int) -> SongArray:
        return self.values[self.indptr[row] : self.indptr[row + 1]]

    @property
    def lengths(self) -> IntArray:
        """Length of each list, shape (n_lists,)."""
        return np.diff(self.indptr)

    @property
    def owners(self) -> IntArray:
        """List number of each value, ascending, shape (n_values,)."""
        return np.repeat(np.arange(len(self), dtype=np.int64), self.lengths)

    @property
    def places(self) -> IntArray:
        """Place of each value in its list, from 0, shape (n_values,).

        Examples
        --------
        >>> Ragged.of([[3, 1], [], [2]]).places.tolist()
        [0, 1, 0]
        """
        return np.arange(len(self.values), dtype=np.int64) - self.indptr[:-1].repeat(self.lengths)

    def take(self, rows: SongArray, *, limits: SongArray | None = None) -> "Ragged":
        """Pick lists by number, in the order given; a number may repeat.

        Parameters
        ----------
        rows : ndarray, shape (n_rows,)
        limits : ndarray, shape (n_rows,), optional
            Values to keep of each of them, from its front.

        Examples
        --------
        >>> Ragged.of([[3, 1], [], [2]]).take(np.array([2, 0])).values.tolist()
        [2, 3, 1]
        """
        lengths = self.lengths[rows]
        if limits is not None:
            lengths = np.clip(limits, 0, lengths)
        return self._runs(self.indptr[:-1][rows], lengths)

    def where(self, keep: BoolArray) -> "Ragged":
        """Keep the values where `keep`, shape (n_values,), is true; lists may become empty."""
        indptr = np.zeros_like(self.indptr)
        count_kept(self.indptr, keep, indptr)
        return Ragged(indptr, self.values[keep])

    def distinct(self) -> "Ragged":
        """Keep the first occurrence of each value in each list, in order.

        Takes memory in proportion to the highest value, besides the result.

        Examples
        --------
        >>> Ragged.of([[3, 1, 3], [3]]).distinct().values.tolist()
        [3, 1, 3]
        """
        last = np.zeros(int(self.values.max(initial=-1)) + 1, dtype=np.int64)
        first = np.empty(len(self.values), dtype=np.bool_)
        find_first(self.indptr, self.values, last, first)
        return self.where(first)

    def heads(self) -> "Ragged":
        """Keep the first value of each list; an empty list stays empty."""
        return self.limited(1)

    def tails(self, n: int = 1) -> "Ragged":
        """Drop the first `n` values of each list, or all where there are fewer.

        Examples
        --------
        >>> Ragged.of([[3, 1, 2], [4]]).tails(2).values.tolist()
        [2]
        """
        first = np.minimum(self.lengths, n)
        return self._runs(self.indptr[:-1] + first, self.lengths - first)

    def limited(self, n: SongArray | int) -> "Ragged":
        """Keep the first `n` values of each list; `n` may be one number a list."""
        return self._runs(self.indptr[:-1], np.clip(n, 0, self.lengths))

    def count_holders(self, size: int) -> IntArray:
        """Count the lists that hold each value, shape (size,); all values are below `size`.

        Examples
        --------
        >>> Ragged.of([[3, 1, 3], [3]]).count_holders(5).tolist()
        [0, 1, 0, 2, 0]
        """
        counts = np.zeros(size, dtype=np.int64)
        count_holders(self.indptr, self.values, np.zeros_like(counts), counts)
        return counts

    def joined(self, further: "Ragged") -> "Ragged":
        """Put each list of as many others behind its own; the values keep this one's type.

        Examples
        --------
        >>> Ragged.of([[3], [1]]).joined(Ragged.of([[4, 5], []])).values.tolist()
        [3, 4, 5, 1]
        """
        values = np.empty(len(self.values) + len(further.values), dtype=self.values.dtype)
        join_rows(self.indptr, self.values, further.indptr, further.values, values)
        return Ragged(self.indptr + further.indptr, values)

    def _runs(self, starts: IntArray, lengths: IntArray) -> "Ragged":
        """Make a list of each run of values."""
        indptr = _indptr(lengths)
        values = np.empty(indptr[-1], dtype=self.values.dtype)
        copy_runs(self.values, starts, indptr, values)
        return Ragged(indptr, values)


def _indptr(lengths: IntArray) -> IntArray:
    indptr = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=indptr[1:])
    return indptr
