"""Which songs may be found as neighbours where playlists do not say who is near whom.

Every song looks for neighbours, but only songs of the training playlists are found. What last.fm
or the audio says has nothing to do with the playlists held out; but a song that no training
playlist holds is in the catalogue because one of those does, and would give it away.
"""

import numpy as np

from model.errors import InputError
from model.ragged import IntArray
from model.similarity.interactions_kernels import SmallIntArray


def check_candidates(popularity: IntArray, n_songs: int, *, k: int) -> None:
    """Refuse a popularity of other songs, and fewer neighbours than none.

    Raises
    ------
    InputError
        Saying what was expected.
    """
    if k < 0 or len(popularity) != n_songs:
        msg = f"k {k}, popularity of {len(popularity)} of {n_songs} songs: expected k of 0 or more"
        raise InputError(msg)


def rank_candidates(popularity: IntArray) -> SmallIntArray:
    """Give the songs that some training playlist holds, those of most first; ties by number.

    Examples
    --------
    >>> rank_candidates(np.array([1, 0, 3, 1])).tolist()
    [2, 0, 3]
    """
    ranked = np.argsort(-popularity, kind="stable")[: np.count_nonzero(popularity)]
    return ranked.astype(np.int32)
