"""Songs drawn or taken in order, list by list: compiled, without checks.

What is drawn for a list depends on its seeds and the random state alone. Its numbers are those of
SplitMix64 (Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195), worked out of a key and a place
in the row of numbers; the key is made of the random state and the seeds by the same mixing.

What is written to comes last: `marks`, a 0 for every song of the catalogue, which say in which list
a song was met last, so that they are never cleared; and room for all that may be drawn.
"""

import numpy as np

from model.compiling import compiled
from model.ragged import FloatArray, IntArray, SongArray

# The generator's step, the golden ratio as a fraction of 2^64, and its two multipliers.
STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
HALF_BITS, HALF = np.uint64(32), np.uint64(0xFFFFFFFF)


@compiled
def draw_from_pools(
    indptr: IntArray,
    seeds: SongArray,
    taken_indptr: IntArray,
    taken: SongArray,
    pools_indptr: IntArray,
    pools: SongArray,
    numbers: IntArray,
    lengths: IntArray,
    random_state: int,
    marks: SongArray,
    rest: SongArray,
    drawn_indptr: IntArray,
    drawn: SongArray,
) -> None:
    """Draw songs of the pool with each list's number that are not taken, or all where too few.

    `rest` has room for the largest pool.
    """
    size = 0
    for row in range(len(lengths)):
        for song in taken[taken_indptr[row] : taken_indptr[row + 1]]:
            marks[song] = row + 1
        n_rest = 0
        for song in pools[pools_indptr[numbers[row]] : pools_indptr[numbers[row] + 1]]:
            rest[n_rest] = song
            n_rest += marks[song] != row + 1
        key = _make_key(random_state, seeds[indptr[row] : indptr[row + 1]])
        n_drawn = max(min(lengths[row], n_rest), 0)
        _shuffle(rest[:n_rest], n_drawn, key)
        for song in rest[:n_drawn]:
            drawn[size] = song
            size += 1
        drawn_indptr[row + 1] = size


@compiled
def draw_known(
    indptr: IntArray,
    seeds: SongArray,
    known: SongArray,
    lengths: IntArray,
    random_state: int,
    marks: SongArray,
    drawn_indptr: IntArray,
    drawn: SongArray,
) -> None:
    """Draw songs, each as likely as any other, that are no seeds, or all where too few.

    Drawn again where a song came up before, so that a list takes time in proportion to its length;
    where it is to hold half of all songs or more, all are shuffled instead.
    """
    size = 0
    for row in range(len(lengths)):
        own = seeds[indptr[row] : indptr[row + 1]]
        for song in own:
            marks[song] = row + 1
        key, place, stop = _make_key(random_state, own), np.uint64(0), size + lengths[row]
        if 2 * (lengths[row] + len(own)) < len(known):
            while size < stop:
                number, place = _draw_below(len(known), key, place)
                song = known[number]
                drawn[size] = song
                size += marks[song] != row + 1
                marks[song] = row + 1
        elif size < stop:
            shuffled = known.copy()
            _shuffle(shuffled, len(shuffled), key)
            size = _take(shuffled, marks, row + 1, drawn, size, stop)
        drawn_indptr[row + 1] = size


@compiled
def take_ranked(
    taken_indptr: IntArray,
    taken: SongArray,
    ranked: SongArray,
    lengths: IntArray,
    marks: SongArray,
    chosen_indptr: IntArray,
    chosen: SongArray,
) -> None:
    """Take the first of the ranked songs that are not taken in each list, or all where too few."""
    size = 0
    for row in range(len(lengths)):
        for song in taken[taken_indptr[row] : taken_indptr[row + 1]]:
            marks[song] = row + 1
        size = _take(ranked, marks, row + 1, chosen, size, size + lengths[row])
        chosen_indptr[row + 1] = size


@compiled
def rank_places(indptr: IntArray, scores: FloatArray) -> None:
    """Score the places of each list: 1, then evenly down to 1 / length."""
    for row in range(len(indptr) - 1):
        length = indptr[row + 1] - indptr[row]
        for place in range(length):
            scores[indptr[row] + place] = (length - place) / length


@compiled
def mix(number: np.uint64) -> np.uint64:
    """Mix the bits of a number: what SplitMix64 does to its counter."""
    number = (number ^ (number >> np.uint64(30))) * FIRST
    number = (number ^ (number >> np.uint64(27))) * SECOND
    return number ^ (number >> np.uint64(31))


@compiled
def _take(
    ranked: SongArray, marks: SongArray, mark: int, chosen: SongArray, size: int, stop: int
) -> int:
    """Append different songs without the mark up to a size; give the size reached."""
    place = 0
    while size < stop and place < len(ranked):
        song = ranked[place]
        if marks[song] != mark:
            chosen[size] = song
            size += 1
        place += 1
    return size


@compiled
def _shuffle(songs: SongArray, n: int, key: np.uint64) -> None:
    """Bring `n` songs drawn without replacement to the front (Durstenfeld 1964).

    doi:10.1145/364520.364540.
    """
    place = np.uint64(0)
    for front in range(n):
        step, place = _draw_below(len(songs) - front, key, place)
        other = front + step
        songs[front], songs[other] = songs[other], songs[front]


@compiled
def _draw_below(bound: int, key: np.uint64, place: np.uint64) -> tuple[np.int64, np.uint64]:
    """Draw a whole number below a bound of at most 2^32, each as likely as any other.

    A number of 32 bits times the bound, divided by 2^32; the few that would favour some results are
    drawn again (Lemire 2019, doi:10.1145/3230636). Gives the place in the row of numbers, too.
    """
    wide, place = np.uint64(bound), place + np.uint64(1)
    product = (mix(key + place * STEP) >> HALF_BITS) * wide
    if product & HALF < wide:
        lowest = (HALF + np.uint64(1) - wide) % wide
        while product & HALF < lowest:
            place += np.uint64(1)
            product = (mix(key + place * STEP) >> HALF_BITS) * wide
    return np.int64(product >> HALF_BITS), place


@compiled
def _make_key(random_state: int, seeds: SongArray) -> np.uint64:
    """Make a key of the random state and the seeds, in their order."""
    key = mix(np.uint64(random_state) + STEP)
    for song in seeds:
        key = mix((key + STEP) ^ np.uint64(song))
    return key
