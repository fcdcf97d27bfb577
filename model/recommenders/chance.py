"""Songs drawn at random: what a recommender reaches that knows nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.base import Room, Training, check_asked, rank_scores, wanted
from model.recommenders.draw_kernels import draw_known


@dataclass(slots=True)
class Chance:
    """Recommend songs of the training playlists, each as likely as any other.

    Parameters
    ----------
    random_state : int
        With the seeds it decides the draw, whatever else is asked for in the same call.

    Attributes
    ----------
    known_ : ndarray
        Songs that a training playlist holds, ascending.
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    random_state: int = 0
    known_: IntArray = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False, repr=False)
    _n_songs: int = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """List the songs of the training playlists."""
        self.fitted_on_ = train.playlist_ids
        self.known_ = np.flatnonzero(train.popularity())
        self._n_songs = train.n_songs
        return self

    def recommend(
        self, seeds: Ragged, *, n: IntArray | int, title: Sequence[str | None] | None = None
    ) -> tuple[Ragged, FloatArray]:
        """Draw `n` songs that are no seeds, without replacement; see `base.Recommender`."""
        check_asked(seeds, title, self._n_songs)
        lengths = np.minimum(wanted(seeds, n), len(self.known_))
        room = Room.make(self._n_songs, lengths)
        draw_known(seeds.indptr, seeds.values, self.known_, lengths, self.random_state, *room)
        return room.lists, rank_scores(room.lists)
