"""Count a song's partners and keep the best: row by row, compiled, without checks.

What one compiled function calls stands in the same file: numba's cache of machine code looks at the
file of the function that is called, and would miss a change elsewhere. Inner loops take arrays, not
tuples of arrays: taking one out of a tuple touches a counter that all threads share.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled
from model.ragged import FloatArray, IntArray
from model.similarity.interactions import Lists, SmallIntArray

SmallFloatArray: TypeAlias = NDArray[np.float32]

# A pair's rank is one whole number: its score or count, then whatever settles ties.
SONG_BITS = 31
LAST_SONG = (1 << SONG_BITS) - 1
TURN_BITS = 2
MOST_COUNTED = (1 << (63 - SONG_BITS - TURN_BITS)) - 1
"""Counts above do not fit into that number."""


class Weights(NamedTuple):
    """What makes a score of a count; see `weighting.Weighting`. Songs go by rank."""

    playlist_weights: IntArray
    factors: FloatArray
    is_jaccard: bool
    shrinkage: float


class Scratch(NamedTuple):
    """What a worker counts in; `counts` and `sums` are 0 between two songs."""

    counts: SmallIntArray
    sums: IntArray
    touched: SmallIntArray
    best: IntArray


class Slots(NamedTuple):
    """Where results go: song ``i`` may fill ``indptr[i]`` up to ``indptr[i + 1]``."""

    indptr: IntArray
    lengths: IntArray
    songs: SmallIntArray
    counts: SmallIntArray
    scores: SmallFloatArray


@compiled
def find_symmetric(
    start: int, stop: int, lists: Lists, weights: Weights, slots: Slots, k: int, min_count: int
) -> None:
    """Fill the slots of the songs of ranks `start` up to `stop` with their best partners."""
    n_songs, is_weighted = len(lists.numbers), len(weights.playlist_weights) > 0
    scratch = Scratch(
        np.zeros(n_songs, np.int32),
        np.zeros(n_songs if is_weighted else 0, np.int64),
        np.empty(n_songs + 1, np.int32),  # One more: written before it is known to be new.
        np.empty(k, np.int64),
    )
    for song in range(start, stop):
        number = lists.numbers[song]
        if slots.indptr[number] < slots.indptr[number + 1]:
            n_touched = _count_shared(song, lists, weights.playlist_weights, scratch)
            size = _keep_partners(song, n_touched, lists, weights, scratch, min_count)
            _write_partners(number, size, lists, scratch, slots)
            _clear(n_touched, scratch)


@compiled
def find_directional(
    start: int, stop: int, lists: Lists, slots: Slots, k: int, min_count: int
) -> None:
    """Fill the slots of the songs of ranks `start` up to `stop` with the rows that name them."""
    n_songs = len(lists.numbers)
    after, before = np.zeros(n_songs, np.int32), np.zeros(n_songs, np.int32)
    touched = np.empty(n_songs + 1, np.int32)
    best = np.empty(k, np.int64)
    for song in range(start, stop):
        number = lists.numbers[song]
        if slots.indptr[number] < slots.indptr[number + 1]:
            n_touched = _count_ordered(song, lists, after, before, touched)
            others = touched[:n_touched]
            size = _keep_rows(song, others, lists.numbers, after, before, best, min_count)
            _write_rows(number, size, best, slots)


@compiled
def close_gaps(slots: Slots) -> int:
    """Move the results to the front of their arrays, and say how many they are."""
    indptr, lengths, songs, counts, scores = slots
    size = 0
    for song in range(len(lengths)):
        for place in range(indptr[song], indptr[song] + lengths[song]):
            songs[size] = songs[place]
            counts[size] = counts[place]
            scores[size] = scores[place]
            size += 1
    return size


@compiled
def _count_shared(song: int, lists: Lists, playlist_weights: IntArray, scratch: Scratch) -> int:
    """Count a song's partners, itself included, and list them."""
    indptr, songs, song_indptr, playlists, _, _ = lists
    counts, sums, touched, _ = scratch
    is_weighted = len(playlist_weights) > 0
    n_touched = 0
    for held in range(song_indptr[song], song_indptr[song + 1]):
        playlist = playlists[held]
        for place in range(indptr[playlist], indptr[playlist + 1]):
            other = songs[place]
            count = counts[other]
            touched[n_touched] = other
            n_touched += count == 0
            counts[other] = count + 1
            if is_weighted:
                sums[other] += playlist_weights[playlist]
    return n_touched


@compiled
def _keep_partners(
    song: int, n_touched: int, lists: Lists, weights: Weights, scratch: Scratch, min_count: int
) -> int:
    """Score a song's partners and keep the best; give how many."""
    playlist_weights, factors, is_jaccard, shrinkage = weights
    counts, sums, touched, best = scratch
    numbers, is_weighted = lists.numbers, len(playlist_weights) > 0
    size = 0
    for place in range(n_touched):
        other = touched[place]
        count = counts[other]
        if count < min_count or other == song:
            continue
        value = sums[other] if is_weighted else np.int64(count)
        score = _score(value, count, factors[song], factors[other], is_jaccard, shrinkage)
        bits = np.int64(np.float32(score).view(np.int32))  # In the order of scores, as none is < 0.
        if size < len(best) or bits >= best[0] >> SONG_BITS:
            size = _offer(best, size, (bits << SONG_BITS) + LAST_SONG - numbers[other])
    return size


@compiled
def _write_partners(number: int, size: int, lists: Lists, scratch: Scratch, slots: Slots) -> None:
    """Write what was kept, best first."""
    ranks, counts, best = lists.ranks, scratch.counts, scratch.best[:size]
    indptr, lengths, slot_songs, slot_counts, slot_scores = slots
    best.sort()
    for place in range(size):
        key, slot = best[size - 1 - place], indptr[number] + place
        other = LAST_SONG - (key & LAST_SONG)
        slot_songs[slot] = other
        slot_counts[slot] = counts[ranks[other]]
        slot_scores[slot] = np.int32(key >> SONG_BITS).view(np.float32)
    lengths[number] = size


@compiled
def _clear(n_touched: int, scratch: Scratch) -> None:
    """Set back to 0 what was counted."""
    counts, sums, touched, _ = scratch
    for place in range(n_touched):
        counts[touched[place]] = 0
    if len(sums) > 0:
        for place in range(n_touched):
            sums[touched[place]] = 0


@compiled
def _count_ordered(
    song: int, lists: Lists, after: SmallIntArray, before: SmallIntArray, touched: SmallIntArray
) -> int:
    """Count how often each other song stands after and before a song; all counts were 0.

    A playlist is gone through once, however often it holds the song: what comes up stands after
    those seen so far, and before the rest. Pairs of the song with itself count once, as `after`.
    """
    indptr, songs, song_indptr, playlists, _, _ = lists
    n_touched = 0
    held, end = song_indptr[song], song_indptr[song + 1]
    while held < end:
        playlist = playlists[held]
        n_held = 1
        while held + n_held < end and playlists[held + n_held] == playlist:
            n_held += 1
        held += n_held
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
    song: int,
    others: SmallIntArray,
    numbers: SmallIntArray,
    after: SmallIntArray,
    before: SmallIntArray,
    best: IntArray,
    min_count: int,
) -> int:
    """Keep the best rows that name a song, and set the counts back to 0; give how many.

    Rows of equal count stand by (first song, second song): those of lower songs with this one,
    then those of this one, then those of higher songs with this one.
    """
    size, number, lowest = 0, numbers[song], np.int64(min_count)
    for place in range(len(others)):
        other = others[place]
        row, turned = after[other], before[other]
        after[other] = before[other] = 0
        if turned >= lowest:
            turn = 2 if numbers[other] < number else 0
            size = _offer(best, size, _pack(turned, turn, numbers[other]))
        if row >= lowest:
            size = _offer(best, size, _pack(row, 1, numbers[other]))
        if size > 0 and size == len(best):
            lowest = best[0] >> (SONG_BITS + TURN_BITS)
    return size


@compiled
def _write_rows(number: int, size: int, best: IntArray, slots: Slots) -> None:
    """Write what was kept, best first."""
    indptr, lengths, slot_songs, slot_counts, slot_scores = slots
    best[:size].sort()
    for place in range(size):
        key, slot = best[size - 1 - place], indptr[number] + place
        slot_songs[slot] = LAST_SONG - (key & LAST_SONG)
        slot_counts[slot] = slot_scores[slot] = key >> (SONG_BITS + TURN_BITS)
    lengths[number] = size


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
    """Make one number of a row: higher counts are higher, then turns, then lower songs."""
    return (((np.int64(count) << TURN_BITS) + turn) << SONG_BITS) + LAST_SONG - song


@compiled
def _offer(best: IntArray, size: int, key: np.int64) -> int:
    """Keep a key if there is room or a lower one to go; give the number kept.

    Once there is no more room the keys are a heap, the lowest of which comes first.
    """
    if size < len(best):
        best[size] = key
        if size + 1 == len(best):
            for place in range(len(best) // 2 - 1, -1, -1):
                _sink(best, place, best[place])
        return size + 1
    if len(best) > 0 and key > best[0]:
        _sink(best, 0, key)
    return size


@compiled
def _sink(best: IntArray, place: int, key: np.int64) -> None:
    """Put a key in a place of the heap, or below, where those below it are higher."""
    below = 2 * place + 1
    while below < len(best):
        if below + 1 < len(best) and best[below + 1] < best[below]:
            below += 1
        if best[below] >= key:
            break
        best[place] = best[below]
        place, below = below, 2 * below + 1
    best[place] = key
