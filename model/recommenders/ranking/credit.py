"""What the first song of an artist is worth beside its own chance to be a hit."""

from typing import Final

import numpy as np

from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.ranking.candidates import order_of

CREDIT: Final = 0.125
"""Half of what R-precision credits for an artist: all of it costs places that NDCG counts."""
REACH: Final = 0.5
"""How far the chances of an artist's songs together are believed: they rise and fall together."""
TIE: Final = 1e-12
"""What each place costs of a song's worth: what is worth the same stays in order of the scores."""


def with_credit(
    rows: Ragged, scores: FloatArray, chances: FloatArray, artists: IntArray
) -> FloatArray:
    """Say what each candidate is worth: its chance, and more for the first song of its artist.

    R-precision credits an artist of the truth once, whichever song names it. With p_j the chance of
    song j, dealt out so that the song with the highest score has the highest, the first song j of
    artist a is worth

        p_j + credit max(0, 1 - exp(-reach sum of p over the songs of a) - p_j)

    and every other one p_j.

    Parameters
    ----------
    rows : Ragged, n_playlists lists
        Candidates.
    scores : ndarray, shape (n_candidates,)
        What they are ordered by.
    chances : ndarray, shape (n_candidates,)
        In [0, 1].
    artists : ndarray, shape (n_songs,)
        −1 where the artist is unknown: no credit.

    Returns
    -------
    ndarray, shape (n_candidates,)
        In (0, 1].
    """
    order = order_of(rows, scores)
    worth = chances[order_of(rows, chances)]
    named = artists[rows.values[order]]
    keys = rows.owners[order] * (int(named.max(initial=-1)) + 2) + named + 1
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    together = 1 - np.exp(-REACH * np.bincount(group, worth, minlength=len(first)))
    gain = CREDIT * np.maximum(together - worth[first], 0)
    worth[first] += np.where(named[first] >= 0, gain, 0.0)
    dealt = np.empty_like(worth)
    dealt[order] = np.maximum(worth, np.finfo(np.float64).tiny) * (1 - TIE * rows.places)
    return dealt
