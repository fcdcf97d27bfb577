"""Songs are similar in proportion to the number of playlists that hold both.

Two ways to count. *Symmetric*: the number of playlists that hold both songs. *Directional*, as
published: every pair of places i < j in a playlist adds 1 to the row (song at i, song at j); the
two directions of a pair are different rows, and a song that stands twice makes a row with itself.

A song's partners are counted in one go, from the playlists that hold it, so that pairs are never
held all at once, and the songs can be cut into shards whose results need no merging: they are put
end to end. Counts are whole numbers, scores are worked out pair by pair, ties go by song number:
any number of shards and workers, and any order of the playlists, gives the same bytes.

Threads of this process: `find_similar`, `find_published`. Other processes or machines: cut with
`shards`; let each open the interactions for itself and do some with `find_shard` or
`find_published_shard`; put what they return or save end to end with `neighbours.join`.
"""

from collections.abc import Callable

import numpy as np

from model.errors import InputError
from model.ragged import IntArray
from model.similarity.interactions import Interactions
from model.similarity.kernels import MOST_COUNTED, Room, find_directional, find_symmetric
from model.similarity.neighbours import Neighbours, join
from model.similarity.runs import N_SHARDS, SONG_COST, Run, cut_evenly, find_all
from model.similarity.weighting import COSINE, Weighting

__all__ = [
    "N_SHARDS",
    "Neighbours",
    "Run",
    "find_published",
    "find_published_shard",
    "find_shard",
    "find_similar",
    "join",
    "shards",
]


def find_similar(
    interactions: Interactions,
    *,
    k: int,
    weighting: Weighting = COSINE,
    min_count: int = 1,
    n_shards: int = N_SHARDS,
    workers: int | None = None,
) -> Neighbours:
    """Find each song's `k` most similar songs by symmetric counts.

    Parameters
    ----------
    interactions : Interactions
        Without repeats.
    k : int
        At least 0.
    weighting : Weighting
        What makes a score of a count.
    min_count : int
        Playlists that must hold both songs, at least 1 (study: 5).
    n_shards : int
        Runs of songs of about equal work, at least 1; changes no result.
    workers : int, optional
        Threads; without it, as many as there are processors. Changes no result.

    Returns
    -------
    Neighbours
        At most `k` a song; ties go to the lower song number; none for a song that no playlist
        holds; never the song itself.

    Raises
    ------
    InputError
        If a number is out of range, or the interactions have repeats.

    Examples
    --------
    >>> from model.ragged import Ragged
    >>> held = Interactions.of(Ragged.of([[0, 1], [0, 1], [0, 2]]), 3)
    >>> found = find_similar(held, k=1)
    >>> found.songs.tolist(), found.counts.tolist(), found.scores.round(3).tolist()
    ([1, 0, 0], [2, 2, 1], [0.8159999847412109, 0.8159999847412109, 0.5770000219345093])
    """
    find = _symmetric(interactions, k=k, weighting=weighting, min_count=min_count)
    return find_all(find, shards(interactions, n_shards), workers)


def find_published(
    interactions: Interactions,
    *,
    k: int,
    min_count: int = 1,
    n_shards: int = N_SHARDS,
    workers: int | None = None,
) -> Neighbours:
    """Look up, for each song, the `k` rows with the highest count that name it in either column.

    Both directions of one pair are different rows and may take two places, so that a list may
    name a song twice, and the song itself. Ties go to the row that comes first by (first song,
    second song).

    Parameters
    ----------
    interactions : Interactions
        With repeats.
    k : int
        At least 0.
    min_count : int
        Rows with a lower count are dropped, at least 1 (study: 5).
    n_shards, workers : int
        As in `find_similar`.

    Returns
    -------
    Neighbours
        The other song of each of at most `k` rows, best first; scores are counts.

    Raises
    ------
    InputError
        If a number is out of range, or the interactions have no repeats.

    Examples
    --------
    >>> from model.ragged import Ragged
    >>> held = Interactions.of(Ragged.of([[0, 1], [0, 1], [1, 0]]), 2, repeats=True)
    >>> find_published(held, k=10).lists[0].tolist()
    [1, 1]
    """
    find = _directional(interactions, k=k, min_count=min_count)
    return find_all(find, shards(interactions, n_shards), workers)


def shards(interactions: Interactions, n_shards: int = N_SHARDS) -> list[Run]:
    """Cut the songs into consecutive runs of about equal work.

    Parameters
    ----------
    interactions : Interactions
    n_shards : int
        At least 1.

    Returns
    -------
    list of (start, stop), of length n_shards
        Song numbers from `start`, below `stop`; a run may be empty.

    Raises
    ------
    InputError
        If `n_shards` is below 1.
    """
    work = interactions.sums(interactions.lengths, interactions.lists.ranks) + SONG_COST
    return cut_evenly(work, n_shards)


def find_shard(
    interactions: Interactions,
    run: Run,
    *,
    k: int,
    weighting: Weighting = COSINE,
    min_count: int = 1,
) -> Neighbours:
    """Find what `find_similar` finds, for a run of songs alone.

    Parameters
    ----------
    interactions : Interactions
        Without repeats; all of them, best opened from files, which processes share.
    run : (start, stop)
        Song numbers from `start`, below `stop`: one of `shards`.
    k, weighting, min_count
        As in `find_similar`.

    Returns
    -------
    Neighbours
        Of the run's songs, stop - start lists, for `neighbours.join`.

    Raises
    ------
    InputError
        If a number is out of range, or the interactions have repeats.

    Examples
    --------
    >>> from model.ragged import Ragged
    >>> held = Interactions.of(Ragged.of([[0, 1], [0, 1], [0, 2]]), 3)
    >>> join(find_shard(held, run, k=1) for run in shards(held, 2)).songs.tolist()
    [1, 0, 0]
    """
    return _symmetric(interactions, k=k, weighting=weighting, min_count=min_count)(run)


def find_published_shard(
    interactions: Interactions, run: Run, *, k: int, min_count: int = 1
) -> Neighbours:
    """Find what `find_published` finds, for a run of songs alone: see `find_shard`."""
    return _directional(interactions, k=k, min_count=min_count)(run)


def _symmetric(
    interactions: Interactions, *, k: int, weighting: Weighting, min_count: int
) -> Callable[[Run], Neighbours]:
    """Make ready what all runs need."""
    _check(interactions, repeats=False, k=k, min_count=min_count)
    weights, most = weighting.weights(interactions), min(k, interactions.n_songs)

    def find(run: Run) -> Neighbours:
        room = _make_room(interactions, run, k=most, min_count=min_count)
        if len(room.songs):
            find_symmetric(*run, interactions.lists, weights, room, most, min_count)
        return _trim(room)

    return find


def _directional(
    interactions: Interactions, *, k: int, min_count: int
) -> Callable[[Run], Neighbours]:
    _check(interactions, repeats=True, k=k, min_count=min_count)
    most = min(k, 2 * interactions.n_songs)

    def find(run: Run) -> Neighbours:
        room = _make_room(interactions, run, k=most, min_count=min_count)
        if len(room.songs):
            find_directional(*run, interactions.lists, room, most, min_count)
        return _trim(room)

    return find


def _check(interactions: Interactions, *, repeats: bool, k: int, min_count: int) -> None:
    if interactions.has_repeats != repeats:
        needed = "with" if repeats else "without"
        msg = f"these counts need interactions {needed} repeats: Interactions.of(repeats={repeats})"
        raise InputError(msg)
    if k < 0 or min_count < 1:
        msg = f"k {k}, min_count {min_count}: expected k of 0 or more, min_count of 1 or more"
        raise InputError(msg)


def _make_room(interactions: Interactions, run: Run, *, k: int, min_count: int) -> Room:
    """Set aside what each song can fill at most; what is not written to takes no memory."""
    pairs = _count_pairs(interactions, run)
    size = int(np.minimum(k, pairs // min_count).sum())
    return Room(
        np.zeros(len(pairs) + 1, dtype=np.int64),
        np.empty(size, dtype=np.int32),
        np.empty(size, dtype=np.int32),
        np.empty(size, dtype=np.float32),
    )


def _count_pairs(interactions: Interactions, run: Run) -> IntArray:
    """Count the pairs of places that each song stands in."""
    start, stop = run
    if not 0 <= start <= stop <= interactions.n_songs:
        msg = f"songs {start} to {stop}: expected a run within 0 to {interactions.n_songs}"
        raise InputError(msg)
    others = np.maximum(interactions.lengths - 1, 0)
    pairs = interactions.sums(others, interactions.lists.ranks[start:stop])
    if pairs.size and pairs.max() > MOST_COUNTED:
        song = start + int(pairs.argmax())
        msg = f"song {song} stands in {pairs.max():,} pairs; expected at most {MOST_COUNTED:,}"
        raise InputError(msg)
    return pairs


def _trim(room: Room) -> Neighbours:
    size = int(room.indptr[-1])
    return Neighbours(room.indptr, room.songs[:size], room.counts[:size], room.scores[:size])
