"""Which songs may be found as neighbours where playlists do not say who is near whom.

Every song looks for neighbours, but only songs of the training playlists are found. What last.fm
or the audio says has nothing to do with the playlists held out; but a song that no training
playlist holds is in the catalogue because one of those does, and would give it away.
"""

import numpy as np

from model.ragged import IntArray
from model.similarity.interactions_kernels import SmallIntArray


def rank_candidates(popularity: IntArray) -> SmallIntArray:
    """Give the songs that some training playlist holds, those of most first; ties by number.

    Examples
    --------
    >>> rank_candidates(np.array([1, 0, 3, 1])).tolist()
    [2, 0, 3]
    """
    ranked = np.argsort(-popularity, kind="stable")[: np.count_nonzero(popularity)]
    return ranked.astype(np.int32)
