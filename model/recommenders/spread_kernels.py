"""Weights spread along weighted lists, and the best of the sums: compiled, without checks.

What is written to comes last. Sums are taken in the order of the lists, so that a row's result
depends on that row alone.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled
from model.ragged import FloatArray, IntArray, SongArray

WeightArray: TypeAlias = NDArray[np.float32]
NUMBER_BITS = 32
LAST_NUMBER = (1 << NUMBER_BITS) - 1


@compiled
def sum_best(
    indptr: IntArray,
    rows: SongArray,
    weights: WeightArray,
    lists_indptr: IntArray,
    numbers: SongArray,
    list_weights: WeightArray,
    taken_indptr: IntArray,
    taken: SongArray,
    limits: IntArray,
    marks: SongArray,
    touched: SongArray,
    sums: FloatArray,
    keys: IntArray,
    found_indptr: IntArray,
    found: SongArray,
    scores: WeightArray,
) -> None:
    """Sum the weighted lists that each row names, and keep its best numbers that are not taken.

    Only weights above 0 count. `marks` and `sums` are all 0, one for each number there is, and are
    left so but for marks of taken numbers; `touched` and `keys` have room for all numbers.
    """
    size = 0
    for row in range(len(limits)):
        mark, n_touched = row + 1, 0
        for number in taken[taken_indptr[row] : taken_indptr[row + 1]]:
            marks[number] = mark
        for at in range(indptr[row], indptr[row + 1]):
            weight, line = np.float64(weights[at]), rows[at]
            for place in range(lists_indptr[line], lists_indptr[line + 1]):
                gain = weight * list_weights[place]
                if gain > 0:
                    number = numbers[place]
                    touched[n_touched] = number
                    n_touched += sums[number] == 0
                    sums[number] += gain
        n_keys = 0
        for number in touched[:n_touched]:
            keys[n_keys] = pack(sums[number], number)
            n_keys += marks[number] != mark
            sums[number] = 0
        size = unpack_best(keys[:n_keys], limits[row], size, found, scores)
        found_indptr[row + 1] = size


@compiled
def keep_best(
    values: WeightArray,
    numbers: SongArray,
    taken_indptr: IntArray,
    taken: SongArray,
    limits: IntArray,
    marks: SongArray,
    keys: IntArray,
    found_indptr: IntArray,
    found: SongArray,
    scores: WeightArray,
) -> None:
    """Keep the best numbers of each row of values above 0 that are not taken.

    `values` has a row a list and a column for each of `numbers`; the rest is as in `sum_best`.
    """
    size = 0
    for row in range(len(limits)):
        mark, n_keys = row + 1, 0
        for number in taken[taken_indptr[row] : taken_indptr[row + 1]]:
            marks[number] = mark
        for place in range(len(numbers)):
            if values[row, place] > 0 and marks[numbers[place]] != mark:
                keys[n_keys] = pack(values[row, place], numbers[place])
                n_keys += 1
        size = unpack_best(keys[:n_keys], limits[row], size, found, scores)
        found_indptr[row + 1] = size


@compiled
def pack(score: float, number: int) -> np.int64:
    """Make a key of a score above 0: higher scores are higher, then lower numbers."""
    return (np.int64(np.float32(score).view(np.int32)) << NUMBER_BITS) + LAST_NUMBER - number


@compiled
def unpack_best(
    keys: IntArray, limit: int, size: int, found: SongArray, scores: WeightArray
) -> int:
    """Append what the highest keys were made of, best first; give the new size."""
    n_kept = min(max(limit, 0), len(keys))
    if n_kept == 0:
        return size
    first = len(keys) - n_kept
    if first:
        keys = np.partition(keys, first)[first:]
    for key in np.sort(keys)[::-1]:
        found[size] = LAST_NUMBER - (key & LAST_NUMBER)
        scores[size] = np.int32(key >> NUMBER_BITS).view(np.float32)
        size += 1
    return size
