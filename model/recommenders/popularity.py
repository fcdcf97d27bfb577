"""The same songs for everybody: those that most training playlists hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.base import Room, Training, check_asked, rank_by_popularity, wanted
from model.recommenders.draw_kernels import take_ranked


@dataclass(slots=True)
class Popularity:
    """Recommend the most popular songs.

    Attributes
    ----------
    counts_ : ndarray, shape (n_songs,)
        Training playlists that hold each song.
    ranked_ : ndarray
        Songs that a training playlist holds, most popular first; ties by song number.
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    counts_: IntArray = field(init=False, repr=False)
    ranked_: IntArray = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Count the playlists that hold each song."""
        self.fitted_on_ = train.playlist_ids
        self.counts_ = train.popularity()
        self.ranked_ = rank_by_popularity(self.counts_)
        return self

    def recommend(
        self, seeds: Ragged, *, n: IntArray | int, title: Sequence[str | None] | None = None
    ) -> tuple[Ragged, FloatArray]:
        """Recommend the `n` most popular songs that are no seeds; see `base.Recommender`."""
        check_asked(seeds, title, len(self.counts_))
        lengths = np.minimum(wanted(seeds, n), len(self.ranked_))
        room = Room.make(len(self.counts_), lengths)
        take_ranked(seeds.indptr, seeds.values, self.ranked_, lengths, *room)
        songs = room.lists
        return songs, self.counts_[songs.values].astype(np.float64)
