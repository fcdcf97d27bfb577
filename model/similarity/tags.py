"""Songs are similar where listeners use the same tags of both: the cosine of their tags."""

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_array

from model.ragged import IntArray
from model.similarity.interactions_kernels import SmallIntArray
from model.similarity.kernels import Room
from model.similarity.neighbours import Neighbours
from model.similarity.ranks import check_candidates, rank_candidates
from model.similarity.runs import N_SHARDS, SONG_COST, Run, cut_evenly, find_all
from model.similarity.tag_kernels import Rows, find_nearest


def find_by_tags(
    tags: csr_array,
    popularity: IntArray,
    *,
    k: int,
    n_shards: int = N_SHARDS,
    workers: int | None = None,
) -> Neighbours:
    """Find the `k` songs whose tags are nearest to each song's own, exactly.

    Parameters
    ----------
    tags : csr_array, shape (n_songs, n_tags)
        At least 0, each row of length 1 or empty, as `inputs.track_tags.tf_idf` gives them: the
        product of two rows is then their cosine.
    popularity : ndarray, shape (n_songs,)
        Training playlists that hold each song; those of none are not found. Of songs equally
        near, of which there are many, those of more playlists come first, then lower numbers
        (`ranks.rank_candidates`).
    k : int
        At least 0.
    n_shards : int
        Runs of songs of about equal work, at least 1; changes no result.
    workers : int, optional
        Threads; without it, as many as there are processors. Changes no result.

    Returns
    -------
    Neighbours
        At most `k` a song, each sharing a tag with it, never the song itself; counts are the tags
        that both have, scores the cosine, in (0, 1].

    Raises
    ------
    InputError
        If a number is out of range, or the popularity is of another number of songs.

    Examples
    --------
    >>> tags = csr_array(np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0], [1.0, 0.0]]))
    >>> found = find_by_tags(tags, np.array([1, 1, 1, 0]), k=2)
    >>> [found.lists[song].tolist() for song in range(4)], found.scores[0].round(3).item()
    ([[1], [2, 0], [1], [0, 1]], 0.6000000238418579)
    """
    check_candidates(popularity, tags.shape[0], k=k)
    songs, numbers = _rows(tags), rank_candidates(popularity)
    candidates = tags[numbers]
    held = _rows(candidates.T.tocsr())
    find = _finder(songs, _rows(candidates), held, numbers, k=min(k, len(numbers)))
    return find_all(find, cut_evenly(_work(songs, held), n_shards), workers)


def _finder(
    songs: Rows, candidates: Rows, held: Rows, numbers: SmallIntArray, *, k: int
) -> Callable[[Run], Neighbours]:
    lengths = np.diff(songs.indptr)

    def find(run: Run) -> Neighbours:
        start, stop = run
        # What is not written to takes no memory.
        size = k * int(np.count_nonzero(lengths[start:stop]))
        room = Room(
            np.zeros(stop - start + 1, dtype=np.int64),
            np.empty(size, dtype=np.int32),
            np.empty(size, dtype=np.int32),
            np.empty(size, dtype=np.float32),
        )
        if size:
            find_nearest(start, stop, songs, candidates, held, numbers, room, k)
        size = int(room.indptr[-1])
        return Neighbours(room.indptr, room.songs[:size], room.counts[:size], room.scores[:size])

    return find


def _rows(matrix: csr_array) -> Rows:
    """Take a sparse matrix apart, in the types that the compiled functions are compiled for."""
    return Rows(
        np.asarray(matrix.indptr, dtype=np.int64),
        np.asarray(matrix.indices, dtype=np.int32),
        np.asarray(matrix.data, dtype=np.float32),
    )


def _work(songs: Rows, held: Rows) -> IntArray:
    """Count the holders of each song's tags, which is what looking at all of them would cost."""
    holders = np.concatenate([[0], np.cumsum(np.diff(held.indptr)[songs.columns])])
    work: IntArray = holders[songs.indptr[1:]] - holders[songs.indptr[:-1]] + SONG_COST
    return work
