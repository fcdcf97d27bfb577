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
COARSE_BITS = 19
"""Of a float that are not looked at when large ones are told from small ones."""
BUCKETS = 1 << (31 - COARSE_BITS)
"""Into which floats above 0 fall by what is looked at of them."""
DIGIT_BITS = 8
"""Of a key that are looked at together when keys are put in order."""
FEW_KEYS = 1_024
"""Up to which all are put in order, whether they are wanted or not."""
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
        keys = keys[keys >= _least_of_best(keys, n_kept)]
    for key in _from_highest(keys)[:n_kept]:
        found[size] = LAST_NUMBER - (key & LAST_NUMBER)
        scores[size] = np.int32(key >> NUMBER_BITS).view(np.float32)
        size += 1
    return size


@compiled
def _least_of_best(keys: IntArray, n: int) -> np.int64:
    """Give a key that at least `n` of these reach, and few more."""
    shift = NUMBER_BITS + COARSE_BITS
    counts = np.zeros(BUCKETS, dtype=np.int32)
    for key in keys:
        counts[key >> shift] += 1
    n_above, bucket = 0, BUCKETS
    while bucket > 0 and n_above < n:
        bucket -= 1
        n_above += counts[bucket]
    return np.int64(bucket) << shift


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
