"""The same songs for everybody: those that most training playlists hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.base import Training, wanted


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

    counts_: IntArray = field(init=False)
    ranked_: IntArray = field(init=False)
    fitted_on_: IntArray = field(init=False)

    def fit(self, train: Training) -> Self:
        """Count the playlists that hold each song."""
        self.fitted_on_ = train.playlist_ids
        self.counts_ = train.popularity()
        self.ranked_ = np.argsort(-self.counts_, kind="stable")[: np.count_nonzero(self.counts_)]
        return self

    def recommend(
        self, seeds: Ragged, *, n: IntArray | int, title: Sequence[str] | None = None
    ) -> tuple[Ragged, FloatArray]:
        """Recommend the `n` most popular songs that are no seeds; see `base.Recommender`."""
        del title
        songs = Ragged.of(
            without(self.ranked_, seeds[row], length)
            for row, length in enumerate(wanted(seeds, n).tolist())
        )
        return songs, self.counts_[songs.values].astype(np.float64)


def without(ranked: IntArray, seeds: IntArray, n: int) -> IntArray:
    """Give the first `n` of the ranked songs that are no seeds.

    Examples
    --------
    >>> without(np.array([4, 2, 9]), np.array([2]), 2).tolist()
    [4, 9]
    """
    head = ranked[: n + len(seeds)]
    return head[~np.isin(head, seeds)][:n]
