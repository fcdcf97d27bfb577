"""Songs that last.fm calls similar to the seeds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from model.ragged import IntArray, Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.base import Training
from model.recommenders.finder import Finder
from model.recommenders.spreading import Weighted, spread


@dataclass(slots=True)
class ServiceSimilars(Finder):
    """Recommend the songs that the service names as similar to the seeds.

    With m_ij the match of two songs in [0, 1], the higher one where each names the other, and n_j
    the playlists that hold a song,

        score(q, j) = (sum of m_ij over the seeds i)  n_j^popularity

    Where nothing similar to any seed is known, the back-off answers.

    Parameters
    ----------
    popularity : float
        At least 0.

    Attributes
    ----------
    similar_ : Weighted, n_songs lists
        Songs of the training playlists that are similar to each song of the catalogue.
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    popularity: float = 0.5
    similar_: Weighted = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False, repr=False)
    _backoff: Backoff = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Weigh what is known by how many playlists hold it."""
        self.fitted_on_ = train.playlist_ids
        self._backoff = Backoff.of(train)
        self.similar_ = Weighted.nothing(train.n_songs, train.n_songs)
        if train.similars is not None:
            counts = train.popularity()
            both = train.similars.maximum(train.similars.T).tocsr()
            both.data = both.data * (counts**self.popularity * (counts > 0))[both.indices]
            both.eliminate_zeros()
            self.similar_ = Weighted.of_matrix(both)
        return self

    def find(self, seeds: Ragged, titles: Sequence[str], limits: IntArray) -> Weighted:
        """Find similar songs; see `Finder`."""
        own = seeds.distinct()
        rows = Weighted.of(own, np.ones(len(own.values)), self._backoff.n_songs)
        return spread(rows, self.similar_, n=limits, taken=seeds)
