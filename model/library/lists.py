"""Many lists of numbers end to end in two files; the quick sibling of `model.ragged`."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from model.storage.artifacts import Artifact

Numbers: TypeAlias = NDArray[np.signedinteger[Any]]
Floats: TypeAlias = NDArray[np.floating[Any]]
Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of numbers, as `ragged.Ragged` keeps them.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_lists + 1,)
        List ``i`` is ``values[indptr[i]:indptr[i + 1]]``.
    values : ndarray of int32
    """

    indptr: Numbers
    values: Numbers

    @classmethod
    def open(cls, artifact: Artifact, name: str) -> "Lists":
        """Map ``NAME_indptr`` and ``NAME_values`` into memory."""
        return cls(artifact.array(f"{name}_indptr"), artifact.array(f"{name}_values"))

    def arrays(self, name: str) -> dict[str, Numbers]:
        """Name both arrays as they are kept in files."""
        return {f"{name}_indptr": self.indptr, f"{name}_values": self.values}

    def __len__(self) -> int:
        return len(self.indptr) - 1

    def __getitem__(self, row: int) -> Numbers:
        return self.values[self.indptr[row] : self.indptr[row + 1]]

    def lengths(self, rows: Numbers) -> Numbers:
        """Length of each of these lists."""
        lengths: Numbers = self.indptr[rows + 1] - self.indptr[rows]
        return lengths

    def places(self, rows: Numbers) -> Numbers:
        """Where the values of these lists stand in `values`, list by list.

        Examples
        --------
        >>> lists = Lists(np.array([0, 2, 2, 3]), np.array([7, 8, 9]))
        >>> lists.places(np.array([2, 0])).tolist()
        [2, 0, 1]
        """
        lengths = self.lengths(rows)
        ends = np.cumsum(lengths)
        shifts = np.repeat(self.indptr[rows] - (ends - lengths), lengths)
        places: Numbers = np.arange(len(shifts), dtype=np.int64) + shifts
        return places

    def take(self, rows: Numbers) -> Numbers:
        """Values of these lists, list by list."""
        taken: Numbers = self.values[self.places(rows)]
        return taken


def ascending(values: Numbers) -> Numbers:
    """Sort values, and keep each once; `numpy.unique` would first import masked arrays.

    Examples
    --------
    >>> ascending(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(values)
    is_new = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    distinct: Numbers = ordered[is_new]
    return distinct


def first_places(values: Numbers) -> Numbers:
    """Give the places at which a value stands for the first time, ascending.

    Examples
    --------
    >>> first_places(np.array([3, 1, 3, 2, 1])).tolist()
    [0, 1, 3]
    """
    _, first = np.unique(values, return_index=True)
    places: Numbers = np.sort(first)
    return places


def are_among(values: Numbers, others: Numbers) -> Mask:
    """Tell which values are among others.

    Examples
    --------
    >>> are_among(np.array([3, 1, 2]), np.array([2, 3])).tolist()
    [True, False, True]
    """
    known = ascending(others)
    if not len(known):
        return np.zeros(len(values), dtype=np.bool_)
    places = np.minimum(np.searchsorted(known, values), len(known) - 1)
    among: Mask = known[places] == values
    return among
