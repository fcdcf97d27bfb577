"""Loops over lists that lie end to end: compiled, without checks.

What is written to comes last.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled

IntArray: TypeAlias = NDArray[np.int64]
SongArray: TypeAlias = NDArray[np.signedinteger[Any]]
"""Whole numbers of 32 or 64 bits: songs, of which there may be tens of millions in lists."""
BoolArray: TypeAlias = NDArray[np.bool_]


@compiled
def copy_runs(values: SongArray, starts: IntArray, indptr: IntArray, copied: SongArray) -> None:
    """Copy a run of values for each list: from `starts`, as many as `indptr` leaves room for."""
    for row in range(len(starts)):
        shift = starts[row] - indptr[row]
        for place in range(indptr[row], indptr[row + 1]):
            copied[place] = values[place + shift]


@compiled
def find_first(indptr: IntArray, values: SongArray, last: IntArray, first: BoolArray) -> None:
    """Say of each value whether it is the first of its kind in its list.

    `last`, a 0 for every value there may be, keeps the list that held it last, from 1, so that
    nothing is sorted.
    """
    for row in range(len(indptr) - 1):
        for place in range(indptr[row], indptr[row + 1]):
            first[place] = last[values[place]] != row + 1
            last[values[place]] = row + 1


@compiled
def count_kept(indptr: IntArray, keep: BoolArray, kept_indptr: IntArray) -> None:
    """Write the `indptr` of what is left of the lists."""
    size = 0
    for row in range(len(indptr) - 1):
        for place in range(indptr[row], indptr[row + 1]):
            size += keep[place]
        kept_indptr[row + 1] = size


@compiled
def count_holders(indptr: IntArray, values: SongArray, last: IntArray, counts: IntArray) -> None:
    """Count the lists that hold each value; `last` as in `find_first`."""
    for row in range(len(indptr) - 1):
        for place in range(indptr[row], indptr[row + 1]):
            counts[values[place]] += last[values[place]] != row + 1
            last[values[place]] = row + 1


@compiled
def join_rows(
    indptr: IntArray,
    values: SongArray,
    further_indptr: IntArray,
    further: SongArray,
    joined: SongArray,
) -> None:
    """Put each list of the second kind behind that of the first."""
    size = 0
    for row in range(len(indptr) - 1):
        for place in range(indptr[row], indptr[row + 1]):
            joined[size] = values[place]
            size += 1
        for place in range(further_indptr[row], further_indptr[row + 1]):
            joined[size] = further[place]
            size += 1
