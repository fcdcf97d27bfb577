"""Places in several lists -> votes, and what has most of them."""

from collections.abc import Sequence

import numpy as np

from model.ragged import Ragged
from model.recommenders.spreading import Weighted, spread, stacked

DAMPING = 60
"""Of places in votes (Cormack et al. 2009, doi:10.1145/1571941.1572114)."""
VOTING = 300
"""Places that vote: what stands behind them has next to nothing to say."""


def first_by_votes(found: Sequence[Weighted], n: int) -> Ragged:
    """Give what has most votes, each list giving 1 / (60 + place) to its songs; ties by number.

    Parameters
    ----------
    found : sequence of Weighted, n_playlists lists
        One a retriever, best first; at least one.
    n : int
        Songs wanted of each playlist.

    Returns
    -------
    Ragged, n_playlists lists

    Examples
    --------
    >>> one, other = (Weighted.of(Ragged.of([songs]), np.ones(2), 4) for songs in ([3, 1], [2, 3]))
    >>> first_by_votes([one, other], 2).values.tolist()
    [3, 2]
    """
    lists = [one.lists.limited(VOTING) for one in found]
    n_rows, n_songs = len(found[0]), found[0].n_numbers
    votes = stacked([Weighted.of(one, 1 / (DAMPING + 1 + one.places), n_songs) for one in lists])
    own = np.arange(n_rows)[:, None] + n_rows * np.arange(len(found))
    voters = Ragged.cut(own.ravel(), np.full(n_rows, len(found)))
    return spread(Weighted.of(voters, np.ones(own.size), len(votes)), votes, n=n).lists
