"""Count a song's partners and keep the best: row by row, compiled, without checks.

What one compiled function calls stands in the same file: numba's cache of machine code looks at the
file of the function that is called, and would miss a change elsewhere. Tuples of arrays are taken
apart once a run: taking an array out of one touches a counter that all threads share. A candidate
is one whole number, its *key*: its score or count, then whatever settles ties.
"""

from typing import NamedTuple

import numpy as np

from model.compiling import compiled
from model.ragged import FloatArray, IntArray
from model.similarity.interactions import Lists
from model.similarity.interactions_kernels import SmallIntArray
from model.similarity.neighbours import SmallFloatArray

SONG_BITS = 31
LAST_SONG = (1 << SONG_BITS) - 1
TURN_BITS = 2
MOST_COUNTED = (1 << (63 - SONG_BITS - TURN_BITS)) - 1
"""Counts above do not fit into a key."""
SPARE = 128
"""Candidates held at least beyond the best k, before the worst are thrown out."""


class Weights(NamedTuple):
    """What makes a score of a count; see `weighting.Weighting`. Songs go by rank."""

    playlist_weights: IntArray
    factors: FloatArray
    is_jaccard: bool
    shrinkage: float


class Room(NamedTuple):
    """Where the results of a run of songs go, end to end: the fields of `Neighbours`."""

    indptr: IntArray
    songs: SmallIntArray
    counts: SmallIntArray
    scores: SmallFloatArray


@compiled
def find_symmetric(
    start: int, stop: int, lists: Lists, weights: Weights, room: Room, k: int, min_count: int
) -> None:
    """Find the best partners of the songs of numbers `start` up to `stop`."""
    indptr, songs, song_indptr, playlists, numbers, ranks = lists
    playlist_weights, factors, is_jaccard, shrinkage = weights
    ends, found, found_counts, found_scores = room
    n_songs, is_weighted = len(numbers), len(playlist_weights) > 0
    counts = np.zeros(n_songs, np.int32)
    sums = np.zeros(n_songs if is_weighted else 0, np.int64)
    touched = np.empty(n_songs + 1, np.int32)  # One more: written before it is known to be new.
    keys = np.empty(k + max(k, SPARE), np.int64)
    size = 0
    for number in range(start, stop):
        song = ranks[number]
        held = playlists[song_indptr[song] : song_indptr[song + 1]]
        if len(held) >= min_count:
            n_touched = _count_shared(held, indptr, songs, playlist_weights, counts, sums, touched)
            others = touched[:n_touched]
            counts[song] = 0  # No candidate, which min_count is at least 1 for.
            n_kept = _keep_partners(
                others, counts, sums, numbers, factors, factors[song], is_jaccard, shrinkage,
                keys, k, min_count,
            )  # fmt: skip
            for key in keys[:n_kept][::-1]:
                other = LAST_SONG - (key & LAST_SONG)
                found[size] = other
                found_counts[size] = counts[ranks[other]]
                found_scores[size] = np.int32(key >> SONG_BITS).view(np.float32)
                size += 1
            _clear(others, counts, sums)
        ends[number - start + 1] = size


@compiled
def find_directional(
    start: int, stop: int, lists: Lists, room: Room, k: int, min_count: int
) -> None:
    """Find the best rows that name each of the songs of numbers `start` up to `stop`."""
    indptr, songs, song_indptr, playlists, numbers, ranks = lists
    ends, found, found_counts, found_scores = room
    n_songs = len(numbers)
    after, before = np.zeros(n_songs, np.int32), np.zeros(n_songs, np.int32)
    touched = np.empty(n_songs + 1, np.int32)
    keys = np.empty(k + max(k, SPARE), np.int64)
    size = 0
    for number in range(start, stop):
        song = ranks[number]
        held = playlists[song_indptr[song] : song_indptr[song + 1]]
        n_touched = _count_ordered(song, held, indptr, songs, after, before, touched)
        others = touched[:n_touched]
        n_kept = _keep_rows(number, others, numbers, after, before, keys, k, min_count)
        for key in keys[:n_kept][::-1]:
            found[size] = LAST_SONG - (key & LAST_SONG)
            found_counts[size] = found_scores[size] = key >> (SONG_BITS + TURN_BITS)
            size += 1
        ends[number - start + 1] = size


@compiled
def _count_shared(
    held: SmallIntArray,
    indptr: IntArray,
    songs: SmallIntArray,
    playlist_weights: IntArray,
    counts: SmallIntArray,
    sums: IntArray,
    touched: SmallIntArray,
) -> int:
    """Count the songs of these playlists and list them; all counts were 0."""
    n_touched = 0
    for playlist in held:
        for place in range(indptr[playlist], indptr[playlist + 1]):
            other = songs[place]
            count = counts[other]
            touched[n_touched] = other
            n_touched += count == 0
            counts[other] = count + 1
    if len(sums) > 0:
        for playlist in held:
            for place in range(indptr[playlist], indptr[playlist + 1]):
                sums[songs[place]] += playlist_weights[playlist]
    return n_touched


@compiled
def _keep_partners(
    others: SmallIntArray,
    counts: SmallIntArray,
    sums: IntArray,
    numbers: SmallIntArray,
    factors: FloatArray,
    factor: float,
    is_jaccard: bool,
    shrinkage: float,
    keys: IntArray,
    k: int,
    min_count: int,
) -> int:
    """Score a song's partners and keep the keys of the best, ascending; give how many."""
    size, lowest = 0, np.int32(0)
    for other in others:
        count = counts[other]
        if count < min_count:
            continue
        value = sums[other] if len(sums) > 0 else np.int64(count)
        score = _score(value, count, factor, factors[other], is_jaccard, shrinkage)
        bits = np.float32(score).view(np.int32)  # In the order of scores, as none is below 0.
        if bits >= lowest:
            keys[size] = (np.int64(bits) << SONG_BITS) + LAST_SONG - numbers[other]
            size += 1
            if size == len(keys):
                size = _throw_out(keys, size, k)
                lowest = np.int32(keys[0] >> SONG_BITS)
    return _finish(keys, size, k)


@compiled
def _clear(others: SmallIntArray, counts: SmallIntArray, sums: IntArray) -> None:
    """Set back to 0 what was counted."""
    for other in others:
        counts[other] = 0
    if len(sums) > 0:
        for other in others:
            sums[other] = 0


@compiled
def _count_ordered(
    song: int,
    held: SmallIntArray,
    indptr: IntArray,
    songs: SmallIntArray,
    after: SmallIntArray,
    before: SmallIntArray,
    touched: SmallIntArray,
) -> int:
    """Count how often each other song stands after and before a song; all counts were 0.

    A playlist is gone through once, however often it holds the song: what comes up stands after
    those seen so far, and before the rest. Pairs of the song with itself count once, as `after`.
    """
    n_touched, begin = 0, 0
    while begin < len(held):
        playlist, n_held = held[begin], 1
        while begin + n_held < len(held) and held[begin + n_held] == playlist:
            n_held += 1
        begin += n_held
        n_seen = 0
        for place in range(indptr[playlist], indptr[playlist + 1]):
            other = songs[place]
            touched[n_touched] = other
            if other == song:
                n_touched += after[other] == 0 and n_seen > 0
                after[other] += n_seen
                n_seen += 1
            else:
                n_touched += after[other] + before[other] == 0
                after[other] += n_seen
                before[other] += n_held - n_seen
    return n_touched


@compiled
def _keep_rows(
    number: int,
    others: SmallIntArray,
    numbers: SmallIntArray,
    after: SmallIntArray,
    before: SmallIntArray,
    keys: IntArray,
    k: int,
    min_count: int,
) -> int:
    """Keep the keys of the best rows that name a song, ascending, and clear the counts.

    Rows of equal count stand by (first song, second song): those of lower songs with this one,
    then those of this one, then those of higher songs with this one.
    """
    size, lowest = 0, min_count
    for other in others:
        row, turned = after[other], before[other]
        after[other] = before[other] = 0
        if turned >= lowest:
            turn = 2 if numbers[other] < number else 0
            keys[size] = _pack(turned, turn, numbers[other])
            size += 1
        if row >= lowest:
            keys[size] = _pack(row, 1, numbers[other])
            size += 1
        if size + 2 > len(keys):
            size = _throw_out(keys, size, k)
            lowest = max(min_count, keys[0] >> (SONG_BITS + TURN_BITS))
    return _finish(keys, size, k)


@compiled
def _score(
    value: np.int64, count: int, one: float, two: float, is_jaccard: bool, shrinkage: float
) -> float:
    """Score a pair; both directions get the same bytes."""
    score = value / (one + two - value) if is_jaccard else value * (one * two)
    if shrinkage > 0:
        score *= count / (count + shrinkage)
    return score


@compiled
def _pack(count: int, turn: int, song: int) -> np.int64:
    """Make a key of a row: higher counts are higher, then turns, then lower songs."""
    return (((np.int64(count) << TURN_BITS) + turn) << SONG_BITS) + LAST_SONG - song


@compiled
def _finish(keys: IntArray, size: int, k: int) -> int:
    """Bring the highest keys to the front, ascending; give how many."""
    if size > k:
        size = _throw_out(keys, size, k)
    keys[:size].sort()
    return size


@compiled
def _throw_out(keys: IntArray, size: int, k: int) -> int:
    """Bring the `k` highest of more keys, all different, to the front, the lowest of them first.

    Quickselect (Hoare 1961, doi:10.1145/366622.366647), around the median of three.
    """
    low, high = 0, size - 1
    while low < high:
        pivot = _median(keys[low], keys[(low + high) >> 1], keys[high])
        left, right = low, high
        while left <= right:
            while keys[left] > pivot:
                left += 1
            while keys[right] < pivot:
                right -= 1
            if left <= right:
                keys[left], keys[right] = keys[right], keys[left]
                left, right = left + 1, right - 1
        if k - 1 <= right:
            high = right
        elif k - 1 >= left:
            low = left
        else:
            break
    keys[0], keys[k - 1] = keys[k - 1], keys[0]
    return k


@compiled
def _median(one: np.int64, two: np.int64, three: np.int64) -> np.int64:
    return max(min(one, two), min(max(one, two), three))
