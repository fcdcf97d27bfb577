"""Songs are similar where last.fm says so."""

import numpy as np
from numpy.typing import NDArray

from model.ragged import IntArray, Ragged
from model.similarity.neighbours import Neighbours
from model.similarity.ranks import rank_candidates


def find_by_similars(
    lists: Ragged, matches: NDArray[np.float32], popularity: IntArray, *, k: int
) -> Neighbours:
    """Keep the `k` similar songs of the best match that training playlists hold.

    Parameters
    ----------
    lists : Ragged, n_songs lists
        Similar songs of each song, as `inputs.track_similars.TrackSimilars` has them.
    matches : ndarray, shape (len(lists.values),)
    popularity : ndarray, shape (n_songs,)
        Training playlists that hold each song. Of equal matches, such as releases of one
        recording have, those of more playlists come first, then lower numbers.
    k : int

    Returns
    -------
    Neighbours
        Counts are 1, scores the match, in [0, 1].

    Examples
    --------
    >>> lists, matches = Ragged.of([[1, 2, 3], [], [], []]), np.float32([1, 0.5, 0.5])
    >>> find_by_similars(lists, matches, np.array([1, 0, 1, 2]), k=5).songs.tolist()
    [3, 2]
    """
    ranks = np.full(len(popularity), len(popularity), dtype=np.int64)
    candidates = rank_candidates(popularity)
    ranks[candidates] = np.arange(len(candidates))
    keep = popularity[lists.values] > 0
    kept, scores = lists.where(keep), np.asarray(matches)[keep]
    order = np.lexsort((ranks[kept.values], -scores, kept.owners))
    places = Ragged(kept.indptr, order).limited(k)
    songs = kept.values[places.values].astype(np.int32)
    return Neighbours(places.indptr, songs, np.ones_like(songs), scores[places.values])
