"""Songs similar to the seeds: item-item neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from model.ragged import IntArray, Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.base import Training
from model.recommenders.finder import Finder
from model.recommenders.spreading import Weighted, spread
from model.similarity.cooccurrence import find_similar
from model.similarity.interactions import Interactions
from model.similarity.weighting import COSINE, Weighting


@dataclass(slots=True)
class SimilarSongs(Finder):
    """Sum over the seeds how similar a song is to each (Deshpande & Karypis 2004).

    doi:10.1145/963770.963776; a song is looked for among the `k` most similar ones of each seed.

    Parameters
    ----------
    weighting : Weighting
        What makes two songs similar.
    k : int
        Similar songs that are kept of each song.
    min_count : int
        Playlists that must hold both of two similar songs.

    Attributes
    ----------
    similar_ : Weighted, n_songs lists
        Similar songs of each song, best first.
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    weighting: Weighting = COSINE
    k: int = 200
    min_count: int = 1
    similar_: Weighted = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False, repr=False)
    _backoff: Backoff = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Find the similar songs of each song."""
        self.fitted_on_ = train.playlist_ids
        self._backoff = Backoff.of(train)
        found = find_similar(
            Interactions.of(train.playlists, train.n_songs),
            k=self.k,
            weighting=self.weighting,
            min_count=self.min_count,
        )
        self.similar_ = Weighted(found.indptr, found.songs, found.scores, train.n_songs)
        return self

    def find(self, seeds: Ragged, titles: Sequence[str], limits: IntArray) -> Weighted:
        """Find the songs most similar to the seeds; see `Finder`."""
        distinct = seeds.distinct()
        queries = Weighted.of(distinct, np.ones(len(distinct.values)), self.similar_.n_numbers)
        return spread(queries, self.similar_, n=limits, taken=seeds)
