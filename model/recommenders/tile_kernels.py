"""Scores of eight rows side by side, and the best of each: compiled, without checks.

A tile holds eight rows turned on their side, so that the processor works on a number of all of them
at once. What is written to comes last.
"""

import numpy as np

from model.compiling import compiled
from model.ragged import IntArray, SongArray
from model.recommenders.spread_kernels import BUCKETS, COARSE_BITS, WeightArray, pack, unpack_best

WIDTH = 8
"""Rows of a tile."""
SAMPLED = 8
"""One number in so many is looked at to tell where large ones begin."""
_HIGHEST = (1 << 31) - 1


@compiled
def dot_lists(
    indptr: IntArray,
    numbers: SongArray,
    weights: WeightArray,
    tile: WeightArray,
    products: WeightArray,
) -> None:
    """Multiply a tile, shape (n_columns, WIDTH), with weighted lists of columns: (n_lists, WIDTH).

    A tile of some thousand columns fits into the processor's cache, and eight sums into one of its
    registers if each has a name.
    """
    for line in range(len(indptr) - 1):
        a = b = c = d = e = f = g = h = np.float32(0)
        for place in range(indptr[line], indptr[line + 1]):
            weight, column = weights[place], np.uint32(numbers[place])
            a += weight * tile[column, 0]
            b += weight * tile[column, 1]
            c += weight * tile[column, 2]
            d += weight * tile[column, 3]
            e += weight * tile[column, 4]
            f += weight * tile[column, 5]
            g += weight * tile[column, 6]
            h += weight * tile[column, 7]
        own = products[line]
        own[0], own[1], own[2], own[3], own[4], own[5], own[6], own[7] = a, b, c, d, e, f, g, h


@compiled
def share_out(
    values: WeightArray, columns: IntArray, shares: WeightArray, scores: WeightArray
) -> None:
    """Give each song its share of another's values: scores[j] = values[columns[j]] shares[j]."""
    for place in range(len(columns)):
        for row in range(WIDTH):
            scores[place, row] = values[columns[place], row] * shares[place]


@compiled
def keep_best(
    values: WeightArray,
    numbers: SongArray,
    taken_indptr: IntArray,
    taken: SongArray,
    limits: IntArray,
    marks: SongArray,
    keys: IntArray,
    size: int,
    found_indptr: IntArray,
    found: SongArray,
    scores: WeightArray,
) -> int:
    """Keep the best numbers of up to eight rows that are not taken; give the new size.

    Parameters
    ----------
    values : ndarray of float32, shape (n_numbers, WIDTH)
        Those not above 0 count as not found.
    numbers : ndarray, shape (n_numbers,)
    taken_indptr, taken : ndarray
        What is passed over, row by row.
    limits : ndarray, shape (n_rows,)
    marks : ndarray of int32
        A 0 for every number there may be, and left so.
    keys : ndarray of int64, shape (WIDTH, n_numbers)
        Room.
    size : int
        How many are found already of other rows.
    found_indptr, found, scores : ndarray
        Best first; ties go to the lower number.
    """
    # Floats above 0 are in the order of their bits, and these can be counted.
    bits = values.view(np.int32)
    wanted = np.zeros(WIDTH, dtype=np.int64)
    for row in range(len(limits)):
        own = taken[taken_indptr[row] : taken_indptr[row + 1]]
        wanted[row] = max(limits[row], 0) + len(own)
        for number in own:
            marks[number] |= 1 << row
    # A sample may mislead: then all are counted.
    least = _least_of_best(bits, wanted, SAMPLED)
    n_seen, n_keys = _gather(values, bits, numbers, marks, least, keys)
    if (n_seen < wanted).any():
        least = _least_of_best(bits, wanted, 1)
        n_seen, n_keys = _gather(values, bits, numbers, marks, least, keys)
    for row in range(len(limits)):
        for number in taken[taken_indptr[row] : taken_indptr[row + 1]]:
            marks[number] = 0
        size = unpack_best(keys[row, : n_keys[row]], limits[row], size, found, scores)
        found_indptr[row + 1] = size
    return size


@compiled
def _least_of_best(bits: SongArray, wanted: IntArray, step: int) -> SongArray:
    """Give of each row a number, at least 1, that about as many as are wanted reach.

    One in `step` of them is looked at: no fewer reach it, if that is 1.
    """
    counts = np.zeros((WIDTH, BUCKETS), dtype=np.int32)
    for place in range(0, len(bits), step):
        for row in range(WIDTH):
            counts[row, max(bits[place, row], 0) >> COARSE_BITS] += 1
    least = np.empty(WIDTH, dtype=np.int32)
    for row in range(WIDTH):
        # Three standard deviations more than that share of them.
        share = wanted[row] / step
        enough = share + 3 * np.sqrt(share) if step > 1 else share
        n_above, bucket = 0, BUCKETS
        while bucket > 0 and n_above < enough:
            bucket -= 1
            n_above += counts[row, bucket]
        least[row] = min(max(bucket << COARSE_BITS, 1), _HIGHEST)
    return least


@compiled
def _gather(
    values: WeightArray,
    bits: SongArray,
    numbers: SongArray,
    marks: SongArray,
    least: SongArray,
    keys: IntArray,
) -> tuple[IntArray, IntArray]:
    """Make keys of what reaches `least` in each row, but of what is marked for it.

    Gives how many do, and how many keys there are.
    """
    n_seen = np.zeros(WIDTH, dtype=np.int64)
    n_keys = np.zeros(WIDTH, dtype=np.int64)
    for place in range(len(numbers)):
        reaches = False
        for row in range(WIDTH):
            reaches |= bits[place, row] >= least[row]
        if reaches:
            for row in range(WIDTH):
                if bits[place, row] >= least[row]:
                    n_seen[row] += 1
                    keys[row, n_keys[row]] = pack(values[place, row], numbers[place])
                    n_keys[row] += (marks[numbers[place]] >> row) & 1 == 0
    return n_seen, n_keys
