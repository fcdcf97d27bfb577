"""Facts of each candidate, list by list: compiled, without checks.

What is written to comes last. Candidates of a list are different songs.
"""

import numpy as np

from model.compiling import compiled
from model.ragged import FloatArray, IntArray, SongArray
from model.recommenders.spread_kernels import WeightArray


@compiled
def look_up(
    indptr: IntArray,
    candidates: SongArray,
    found_indptr: IntArray,
    found: SongArray,
    weights: WeightArray,
    depth: int,
    places: SongArray,
    facts: WeightArray,
) -> None:
    """Look up each candidate in a list that is best first.

    Parameters
    ----------
    places : ndarray of int32, shape (n_songs,)
        All 0, and left so.
    facts : ndarray of float32, shape (n_candidates, 3)
        Weight, 0 if it is not found; weight over the list's highest; place from 1, `depth` + 1 if
        it is not found.
    """
    for row in range(len(indptr) - 1):
        first, stop = found_indptr[row], found_indptr[row + 1]
        _note_places(found[first:stop], places)
        for line in range(indptr[row], indptr[row + 1]):
            place = places[candidates[line]]
            if place == 0:
                facts[line, 0], facts[line, 1], facts[line, 2] = 0, 0, depth + 1
            else:
                weight = weights[first + place - 1]
                facts[line, 0], facts[line, 1] = weight, weight / weights[first]
                facts[line, 2] = place
        _forget(found[first:stop], places)


@compiled
def vote(
    indptr: IntArray,
    candidates: SongArray,
    found_indptr: IntArray,
    found: SongArray,
    damping: int,
    places: SongArray,
    votes: FloatArray,
) -> None:
    """Give 1 / (`damping` + place) of each candidate in a list that is best first, else 0.

    Parameters
    ----------
    places : ndarray of int32, shape (n_songs,)
        All 0, and left so.
    votes : ndarray, shape (n_candidates,)
    """
    for row in range(len(indptr) - 1):
        own = found[found_indptr[row] : found_indptr[row + 1]]
        _note_places(own, places)
        for line in range(indptr[row], indptr[row + 1]):
            place = places[candidates[line]]
            votes[line] = 1 / (damping + place) if place > 0 else 0.0
        _forget(own, places)


@compiled
def _note_places(own: SongArray, places: SongArray) -> None:
    for at in range(len(own)):
        places[own[at]] = at + 1


@compiled
def _forget(own: SongArray, places: SongArray) -> None:
    for song in own:
        places[song] = 0


@compiled
def count_shared(
    indptr: IntArray,
    candidates: SongArray,
    seeds_indptr: IntArray,
    seeds: SongArray,
    group_of: IntArray,
    counts: SongArray,
    facts: WeightArray,
) -> None:
    """Count the seeds of each candidate's group.

    Parameters
    ----------
    group_of : ndarray, shape (n_songs,)
        Artist or album; −1 where it is unknown, which is like nothing.
    counts : ndarray of int32, shape (n_groups,)
        All 0, and left so.
    facts : ndarray of float32, shape (n_candidates, 3)
        Seeds of the group; their share; steps from the end to the last one, the number of seeds
        where there is none.
    """
    for row in range(len(indptr) - 1):
        own = seeds[seeds_indptr[row] : seeds_indptr[row + 1]]
        for song in own:
            if group_of[song] >= 0:
                counts[group_of[song]] += 1
        for line in range(indptr[row], indptr[row + 1]):
            group = group_of[candidates[line]]
            count = counts[group] if group >= 0 else 0
            facts[line, 0], facts[line, 1] = count, count / max(len(own), 1)
            facts[line, 2] = _steps_back(own, group_of, group) if count else len(own)
        for song in own:
            if group_of[song] >= 0:
                counts[group_of[song]] = 0


@compiled
def _steps_back(own: SongArray, group_of: IntArray, group: int) -> int:
    for step in range(len(own)):
        if group_of[own[len(own) - 1 - step]] == group:
            return step
    return len(own)


@compiled
def meet_seeds(
    indptr: IntArray,
    candidates: SongArray,
    seeds_indptr: IntArray,
    seeds: SongArray,
    similar_indptr: IntArray,
    similar: SongArray,
    weights: WeightArray,
    room: WeightArray,
    facts: WeightArray,
) -> None:
    """Say how similar each candidate is to the seeds one by one.

    Parameters
    ----------
    similar_indptr, similar, weights : ndarray
        Similar songs of each song.
    room : ndarray of float32, shape (n_songs, 3)
        All 0, and left so.
    facts : ndarray of float32, shape (n_candidates, 3)
        Highest similarity; share of the seeds to which there is any; that to the last seed.
    """
    for row in range(len(indptr) - 1):
        first, stop = seeds_indptr[row], seeds_indptr[row + 1]
        for at in range(first, stop):
            for place in range(similar_indptr[seeds[at]], similar_indptr[seeds[at] + 1]):
                song, weight = similar[place], weights[place]
                room[song, 0] = max(room[song, 0], weight)
                room[song, 1] += 1
                if at == stop - 1:
                    room[song, 2] = weight
        for line in range(indptr[row], indptr[row + 1]):
            song = candidates[line]
            facts[line, 0], facts[line, 2] = room[song, 0], room[song, 2]
            facts[line, 1] = room[song, 1] / max(stop - first, 1)
        for at in range(first, stop):
            for place in range(similar_indptr[seeds[at]], similar_indptr[seeds[at] + 1]):
                room[similar[place]] = 0


@compiled
def match_vectors(
    indptr: IntArray,
    candidates: SongArray,
    profiles_indptr: IntArray,
    numbers: SongArray,
    profile_weights: WeightArray,
    vectors_indptr: IntArray,
    parts: SongArray,
    weights: WeightArray,
    room: WeightArray,
    products: WeightArray,
) -> None:
    """Multiply each candidate's sparse vector by its list's profile.

    Parameters
    ----------
    room : ndarray of float32, shape (n_parts,)
        All 0, and left so.
    products : ndarray of float32, shape (n_candidates,)
        NaN where the candidate's vector or the profile is empty.
    """
    for row in range(len(indptr) - 1):
        first, stop = profiles_indptr[row], profiles_indptr[row + 1]
        for at in range(first, stop):
            room[numbers[at]] = profile_weights[at]
        for line in range(indptr[row], indptr[row + 1]):
            begin, end = vectors_indptr[candidates[line]], vectors_indptr[candidates[line] + 1]
            product = np.float32(0)
            for place in range(begin, end):
                product += room[parts[place]] * weights[place]
            products[line] = product if end > begin and stop > first else np.nan
        for at in range(first, stop):
            room[numbers[at]] = 0


@compiled
def sum_groups(
    indptr: IntArray,
    candidates: SongArray,
    group_of: IntArray,
    votes: FloatArray,
    heads: IntArray,
    following: IntArray,
    sums: FloatArray,
    places: IntArray,
) -> None:
    """Sum the votes for each candidate's group, and give its place among these.

    Parameters
    ----------
    group_of : ndarray, shape (n_songs,)
        Artist or album; −1 where it is unknown: then a candidate is a group of its own.
    heads : ndarray, shape (n_groups,)
        All 0, and left so; while a list is looked at, one more than the line of its last one.
    following : ndarray, shape (n_candidates,)
        Room.
    sums, places : ndarray, shape (n_candidates,)
        Places from 0, most votes first; ties go to the lower number.
    """
    for row in range(len(indptr) - 1):
        for line in range(indptr[row], indptr[row + 1]):
            group = group_of[candidates[line]]
            if group >= 0:
                following[line] = heads[group] - 1
                heads[group] = line + 1
        for line in range(indptr[row], indptr[row + 1]):
            group = group_of[candidates[line]]
            sums[line], places[line] = (0.0, 0) if group >= 0 else (votes[line], 0)
            at = heads[group] - 1 if group >= 0 else -1
            while at >= 0:
                sums[line] += votes[at]
                is_tie_before = votes[at] == votes[line] and candidates[at] < candidates[line]
                places[line] += votes[at] > votes[line] or is_tie_before
                at = following[at]
        for line in range(indptr[row], indptr[row + 1]):
            if group_of[candidates[line]] >= 0:
                heads[group_of[candidates[line]]] = 0


@compiled
def order_lists(
    indptr: IntArray, numbers: SongArray, scores: FloatArray | WeightArray, order: IntArray
) -> None:
    """Write down the places of all values, list by list, the highest score first.

    Ties go to the lower number. A fourth of the time of `numpy.lexsort`, which looks at lists,
    scores and numbers of everything in turn.
    """
    for row in range(len(indptr) - 1):
        first, stop = indptr[row], indptr[row + 1]
        order[first:stop] = np.argsort(-scores[first:stop], kind="mergesort") + first
        for last in range(first + 1, stop):
            at = last
            while at > first and _is_before(order[at], order[at - 1], numbers, scores):
                order[at - 1], order[at] = order[at], order[at - 1]
                at -= 1


@compiled
def _is_before(
    place: int, other: int, numbers: SongArray, scores: FloatArray | WeightArray
) -> bool:
    return bool(scores[place] == scores[other] and numbers[place] < numbers[other])
