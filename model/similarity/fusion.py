"""Several sources of similar songs -> one, by the places that each gives a song.

Scores of different sources do not compare: a count of playlists, a cosine of tags, a match of
last.fm's. Places do.
"""

from collections.abc import Sequence

import numpy as np

from model.errors import InputError
from model.ragged import Ragged
from model.similarity.fusion_kernels import fuse_rows
from model.similarity.neighbours import Neighbours

DAMPING = 60
"""The constant of Cormack et al.; fitted on nothing of ours."""


def fuse(sources: Sequence[Ragged], *, k: int) -> Neighbours:
    """Put similar songs of several sources into one list a song, by reciprocal rank fusion.

    A song scores the sum over the sources that name it of 1 / (60 + its place there, from 1)
    (Cormack, Clarke & Buettcher 2009, doi:10.1145/1571941.1572114), here as a share of the most
    possible, so that one that stands first everywhere has 1.

    Parameters
    ----------
    sources : sequence of Ragged, n_songs lists each
        Similar songs of each song, best first, different ones in each list. All sources count
        alike; of equal scores, songs of an earlier source come first.
    k : int
        At least 0.

    Returns
    -------
    Neighbours
        At most `k` a song; counts are the sources that name it, scores in (0, 1].

    Raises
    ------
    InputError
        If there is no source, or they are of different numbers of songs.

    Examples
    --------
    >>> found = fuse([Ragged.of([[1, 2]]), Ragged.of([[3, 2]])], k=3)
    >>> found.songs.tolist(), found.counts.tolist(), found.scores.round(3).tolist()
    ([2, 1, 3], [2, 1, 1], [0.984000027179718, 0.5, 0.5])
    """
    if len({len(lists) for lists in sources}) != 1:
        msg = f"sources of {[len(lists) for lists in sources]} songs: expected the same number"
        raise InputError(msg)
    n_songs = len(sources[0])
    indptr = np.stack([lists.indptr for lists in sources])
    starts = np.concatenate([[0], np.cumsum([len(lists.values) for lists in sources])])
    values = np.concatenate([lists.values for lists in sources]).astype(np.int32)
    room = int(np.minimum(k, np.diff(indptr).sum(axis=0)).sum())
    found = Neighbours(
        np.zeros(n_songs + 1, dtype=np.int64),
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.int32),
        np.empty(room, dtype=np.float32),
    )
    n_numbers = int(values.max(initial=-1)) + 1
    fuse_rows(
        indptr + starts[:-1, np.newaxis],
        values,
        k,
        DAMPING,
        n_numbers,
        found.indptr,
        found.songs,
        found.counts,
        found.scores,
    )
    size = int(found.indptr[-1])
    return Neighbours(found.indptr, found.songs[:size], found.counts[:size], found.scores[:size])
