"""Lists by recommenders that were fitted as a whole, rather than looked up in the library."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from model.library.lists import are_among
from model.making.scores import blended
from model.making.sparse import Scored
from model.making.wish import MOST_SONGS, Wish
from model.ragged import Ragged
from model.recommenders.base import Recommender
from model.recommenders.keeping import open_recommender
from model.recommenders.nucleus import Nucleus

DEPTH = 4 * MOST_SONGS
"""Songs that are asked for, so that artists left out and other versions leave enough."""


def open_fitted(folder: Path) -> Callable[[Wish], Scored]:
    """Read a recommender that was kept, and let it score songs for wishes.

    Raises
    ------
    StorageError
        If it cannot be read.
    """
    recommender = open_recommender(folder)
    return lambda wish: scored_by(recommender, wish)


def scored_by(recommender: Recommender, wish: Wish) -> Scored:
    """Let a recommender score songs for a wish; those that it only filled up with are left out."""
    found = _asked(recommender, wish, DEPTH)
    if not isinstance(recommender, Nucleus):
        return found
    # Its list is made for a length, of which half is drawn at the end: the first songs of a longer
    # one would all be similar songs. That only stands in for what is left out.
    own = _asked(recommender, wish, wish.n)
    spare = found.where(~are_among(found.numbers, own.numbers))
    return blended([Scored(own.numbers, own.scores + 1.0), spare])


def _asked(recommender: Recommender, wish: Wish, n: int) -> Scored:
    seeds = Ragged.of([np.array(wish.seeds, dtype=np.int64)])
    songs, scores = recommender.recommend(seeds, n=n, title=[wish.title])
    return Scored.summed(songs.values.astype(np.int64), np.asarray(scores, dtype=np.float64))
