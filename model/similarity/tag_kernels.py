"""The songs whose tags point in the same direction: song by song, compiled, without checks.

What one compiled function calls stands in the same file, as in `kernels`. Candidates go by their
*rank*, which settles ties: the lower one is better.
"""

from typing import NamedTuple

import numpy as np

from model.compiling import compiled
from model.ragged import IntArray
from model.similarity.interactions_kernels import SmallIntArray
from model.similarity.kernels import Room
from model.similarity.neighbours import SmallFloatArray

RANK_BITS = 31
LAST_RANK = (1 << RANK_BITS) - 1
N_BINS = 1024
SLACK = np.float32(1e-5)
"""More than what rounding can take from a sum of at most a few hundred products in float32."""


class Rows(NamedTuple):
    """A sparse matrix in compressed rows, each of length 1 or empty."""

    indptr: IntArray
    columns: SmallIntArray
    weights: SmallFloatArray


@compiled
def find_nearest(
    start: int,
    stop: int,
    songs: Rows,
    candidates: Rows,
    holders: Rows,
    numbers: SmallIntArray,
    room: Room,
    k: int,
) -> None:
    """Find the `k` candidates nearest to each of the songs of numbers `start` up to `stop`.

    The tags of a song are gone through from the rarest to the most frequent. What is left of the
    song's own row bounds what a candidate can still gain (Cauchy and Schwarz), so that as soon as
    `k` have more than that, those that share frequent tags alone need not be looked at: MaxScore
    (Turtle & Flood 1995, doi:10.1016/0306-4573(95)00020-H).

    Parameters
    ----------
    start, stop : int
    songs : Rows, n_songs x n_tags
    candidates : Rows, n_candidates x n_tags
        By rank; tags ascend within each.
    holders : Rows, n_tags x n_candidates
        The transpose of these.
    numbers : ndarray of int32, shape (n_candidates,)
        Song number of each candidate.
    room : Room
    k : int
        At least 1.
    """
    indptr, columns, weights = songs
    ends, found, found_counts, found_scores = room
    sums = np.zeros(len(numbers), np.float32)
    touched = np.empty(
        len(numbers) + 1, np.int32
    )  # One more: written before it is known to be new.
    own = np.zeros(len(holders.indptr) - 1, np.float32)
    counts = np.empty(N_BINS, np.int32)
    size = 0
    for number in range(start, stop):
        tags = columns[indptr[number] : indptr[number + 1]]
        values = weights[indptr[number] : indptr[number + 1]]
        if len(tags) > 0:
            n_touched, left = _sum_rarest(tags, values, holders, sums, touched, k, counts)
            others = touched[:n_touched]
            # One more than k: the song itself may be among them.
            lowest = _lowest(others, sums, k + 1, counts) - left - SLACK
            own[tags] = values
            keys = _score(others, sums, lowest, own, candidates, numbers, number)
            if len(keys) > k:
                keys = np.partition(keys, len(keys) - k)[len(keys) - k :]
            keys.sort()
            for key in keys[::-1]:
                rank = LAST_RANK - (key & LAST_RANK)
                found[size] = numbers[rank]
                found_counts[size] = _count_shared(rank, own, candidates)
                found_scores[size] = np.int32(key >> RANK_BITS).view(np.float32)
                size += 1
            own[tags] = 0
            sums[others] = 0
        ends[number - start + 1] = size


@compiled
def _sum_rarest(
    tags: SmallIntArray,
    values: SmallFloatArray,
    holders: Rows,
    sums: SmallFloatArray,
    touched: SmallIntArray,
    k: int,
    counts: SmallIntArray,
) -> tuple[int, np.float32]:
    """Sum over the rarest tags, until no other candidate can be among the best; all sums were 0.

    Gives how many candidates were touched, and the most that each of them may still gain.
    """
    indptr, candidates, weights = holders
    order = np.argsort(indptr[tags + 1] - indptr[tags])
    n_touched = 0
    for place in range(len(tags)):
        left = np.float32(0)
        for later in order[place:]:
            left += values[later] * values[later]
        left = np.sqrt(left)
        tag, value = tags[order[place]], values[order[place]]
        # Looking whether to stop costs about as much as adding what few songs share.
        is_worth_it = n_touched > k and 2 * (indptr[tag + 1] - indptr[tag]) > n_touched
        if is_worth_it and _lowest(touched[:n_touched], sums, k + 1, counts) > left + SLACK:
            return n_touched, left
        for at in range(indptr[tag], indptr[tag + 1]):
            other = candidates[at]
            touched[n_touched] = other
            n_touched += sums[other] == 0
            sums[other] += value * weights[at]
    return n_touched, np.float32(0)


@compiled
def _lowest(
    others: SmallIntArray, sums: SmallFloatArray, k: int, counts: SmallIntArray
) -> np.float32:
    """Give a bound, at most one bin's width below it, of the k-th highest sum; 0 if there is none.

    Counted in bins rather than selected: many sums are equal.
    """
    counts[:] = 0
    for other in others:
        counts[min(int(sums[other] * N_BINS), N_BINS - 1)] += 1
    bound, above = N_BINS, 0
    while bound > 0 and above < k:
        bound -= 1
        above += counts[bound]
    return np.float32(bound / N_BINS)


@compiled
def _score(
    others: SmallIntArray,
    sums: SmallFloatArray,
    lowest: np.float32,
    own: SmallFloatArray,
    candidates: Rows,
    numbers: SmallIntArray,
    number: int,
) -> IntArray:
    """Work out the cosine of each candidate that may be among the best; give their keys.

    Always summed in the same order, so that a pair's score depends on nothing but the two.
    """
    indptr, columns, weights = candidates
    keys = np.empty(len(others), np.int64)
    size = 0
    for other in others:
        if sums[other] >= lowest and numbers[other] != number:
            score = 0.0
            for at in range(indptr[other], indptr[other + 1]):
                score += np.float64(own[columns[at]]) * np.float64(weights[at])
            bits = np.float32(min(score, 1.0)).view(np.int32)
            keys[size] = (np.int64(bits) << RANK_BITS) + LAST_RANK - other
            size += 1
    return keys[:size]


@compiled
def _count_shared(rank: int, own: SmallFloatArray, candidates: Rows) -> int:
    count = 0
    for at in range(candidates.indptr[rank], candidates.indptr[rank + 1]):
        count += own[candidates.columns[at]] > 0
    return count
