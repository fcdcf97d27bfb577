"""Songs drawn at random: what a recommender reaches that knows nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.base import Training, rank_scores, wanted
from model.recommenders.popularity import without


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
    known_: IntArray = field(init=False)
    fitted_on_: IntArray = field(init=False)

    def fit(self, train: Training) -> Self:
        """List the songs of the training playlists."""
        self.fitted_on_ = train.playlist_ids
        self.known_ = np.unique(train.playlists.values)
        return self

    def recommend(
        self, seeds: Ragged, *, n: IntArray | int, title: Sequence[str] | None = None
    ) -> tuple[Ragged, FloatArray]:
        """Draw `n` songs that are no seeds, without replacement; see `base.Recommender`."""
        del title
        songs = Ragged.of(
            self._draw(seeds[row], length) for row, length in enumerate(wanted(seeds, n).tolist())
        )
        return songs, rank_scores(songs)

    def _draw(self, seeds: IntArray, n: int) -> IntArray:
        rng = np.random.default_rng([self.random_state, *seeds.tolist()])
        size = min(n + len(seeds), len(self.known_))
        return without(rng.choice(self.known_, size, replace=False), seeds, n)
