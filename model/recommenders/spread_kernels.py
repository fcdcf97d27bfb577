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
DIGIT_BITS = 8
"""Of a key that are looked at together when keys are put in order."""
FEW_KEYS = 1_024
"""Up to which all are put in order, whether they are wanted or not."""
SAMPLED = 8
"""One in so many is looked at to tell where large ones begin."""
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
    left so; `touched` and `keys` have room for all numbers.
    """
    size = 0
    for row in range(len(limits)):
        n_touched = 0
        own = taken[taken_indptr[row] : taken_indptr[row + 1]]
        for number in own:
            marks[number] = 1
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
            n_keys += marks[number] == 0
            sums[number] = 0
        for number in own:
            marks[number] = 0
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
        own = taken[taken_indptr[row] : taken_indptr[row + 1]]
        for number in own:
            marks[number] = 1
        wanted, step = max(limits[row], 0) + len(own), SAMPLED
        while True:
            least = _least_of_best(bits[row], wanted, step, COARSE_BITS)
            n_seen, n_keys = 0, 0
            for place in range(len(numbers)):
                if bits[row, place] >= least:
                    n_seen += 1
                    keys[n_keys] = pack(values[row, place], numbers[place])
                    n_keys += marks[numbers[place]] == 0
            # A sample may mislead: then all are counted.
            if n_seen >= wanted or least == 1 or step == 1:
                break
            step = 1
        for number in own:
            marks[number] = 0
        size = unpack_best(keys[:n_keys], limits[row], size, found, scores)
        found_indptr[row + 1] = size


@compiled
def _least_of_best(values: SongArray | IntArray, n: int, step: int, shift: int) -> int:
    """Give a number, at least 1, that about `n` of these or more reach: no fewer, if step is 1.

    One in `step` of them is looked at, without its last `shift` bits, which leave 16 or fewer.
    """
    counts = np.zeros(1 << (NUMBER_BITS - COARSE_BITS), dtype=np.int32)
    for place in range(0, len(values), step):
        counts[max(values[place], 0) >> shift] += 1
    # Three standard deviations more than that share of them.
    share = n / step
    wanted = share + 3 * np.sqrt(share) if step > 1 else share
    n_above, bucket = 0, len(counts)
    while bucket > 0 and n_above < wanted:
        bucket -= 1
        n_above += counts[bucket]
    return max(bucket << shift, 1)


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
def share_out(
    values: WeightArray, columns: IntArray, shares: WeightArray, scores: WeightArray
) -> None:
    """Give each column its share of another's values: scores[i, j] = values[i, columns[j]] s_j."""
    for row in range(len(values)):
        own = values[row]
        for place in range(len(columns)):
            scores[row, place] = own[columns[place]] * shares[place]


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
    if len(keys) > max(2 * n_kept, FEW_KEYS):
        keys = keys[keys >= _least_of_best(keys, n_kept, 1, NUMBER_BITS + COARSE_BITS)]
    for key in _from_highest(keys)[:n_kept]:
        found[size] = LAST_NUMBER - (key & LAST_NUMBER)
        scores[size] = np.int32(key >> NUMBER_BITS).view(np.float32)
        size += 1
    return size


@compiled
def _from_highest(keys: IntArray) -> IntArray:
    """Put keys, none below 0, in order digit by digit: a fourth of the time of `numpy.sort` here.

    What is given is written over.
    """
    n_digits = (NUMBER_BITS + 32) // DIGIT_BITS
    last = (1 << DIGIT_BITS) - 1
    counts = np.zeros((n_digits, last + 1), dtype=np.int64)
    for key in keys:
        for digit in range(n_digits):
            counts[digit, (key >> (digit * DIGIT_BITS)) & last] += 1
    given, other = keys, np.empty_like(keys)
    for digit in range(n_digits):
        starts = counts[digit]
        if starts.max() < len(keys):
            n_before = 0
            for value in range(last, -1, -1):
                starts[value], n_before = n_before, n_before + starts[value]
            for key in given:
                value = (key >> (digit * DIGIT_BITS)) & last
                other[starts[value]] = key
                starts[value] += 1
            given, other = other, given
    return given
