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
TILE = 8
"""Rows that are multiplied at a time."""
NUMBER_BITS = 32
COARSE_BITS = 16
"""Of a float that are not looked at when large ones are told from small ones."""
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
    # Floats above 0 are in the order of their bits, and these can be counted.
    bits = values.view(np.int32)
    for row in range(len(limits)):
        mark, n_keys = row + 1, 0
        own = taken[taken_indptr[row] : taken_indptr[row + 1]]
        for number in own:
            marks[number] = mark
        least = _least_of_best(bits[row], max(limits[row], 0) + len(own))
        for place in range(len(numbers)):
            if bits[row, place] >= least and marks[numbers[place]] != mark:
                keys[n_keys] = pack(values[row, place], numbers[place])
                n_keys += 1
        size = unpack_best(keys[:n_keys], limits[row], size, found, scores)
        found_indptr[row + 1] = size


@compiled
def _least_of_best(bits: SongArray, n: int) -> int:
    """Give a number, at least 1, that no more than all but about `n` of these are below."""
    counts = np.zeros(1 << (NUMBER_BITS - COARSE_BITS), dtype=np.int32)
    for place in range(len(bits)):
        counts[max(bits[place], 0) >> COARSE_BITS] += 1
    n_above, bucket = 0, len(counts)
    while bucket > 0 and n_above < n:
        bucket -= 1
        n_above += counts[bucket]
    return max(bucket << COARSE_BITS, 1)


@compiled
def dot_lists(
    indptr: IntArray,
    numbers: SongArray,
    weights: WeightArray,
    rows: WeightArray,
    products: WeightArray,
) -> None:
    """Multiply each row with weighted lists of its columns, shape (n_rows, n_lists).

    Some rows at a time, turned so that what is looked up together lies together and fits into the
    processor's cache; scipy takes all rows of a block at once, and three times as long.
    """
    tile = np.zeros((rows.shape[1], TILE), dtype=np.float32)
    sums = np.empty(TILE, dtype=np.float32)
    for first in range(0, len(rows), TILE):
        n_rows = min(TILE, len(rows) - first)
        for row in range(n_rows):
            tile[:, row] = rows[first + row]
        for line in range(len(indptr) - 1):
            sums[:] = 0
            for place in range(indptr[line], indptr[line + 1]):
                weight, column = weights[place], np.uint32(numbers[place])
                for row in range(TILE):
                    sums[row] += weight * tile[column, row]
            for row in range(n_rows):
                products[first + row, line] = sums[row]


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
