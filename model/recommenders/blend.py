"""Many methods vote, each with a weight that depends on the number of seeds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from model.challenge.categories import CATEGORIES
from model.ragged import BoolArray, FloatArray, IntArray, Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.base import Training, in_order
from model.recommenders.blend_kernels import count_on_top
from model.recommenders.finder import Finder
from model.recommenders.ranking.candidates import ask, best_of, reciprocal_places
from model.recommenders.ranking.queries import is_hit, make_folds
from model.recommenders.ranking.retrievers import MOST_PLAYLISTS, RETRIEVERS, FirstStage, Retriever
from model.recommenders.spreading import Weighted, stacked
from model.recommenders.threads import in_threads

CHUNK = 256
"""Playlists that are answered at a time."""
MOST_QUERIES = 2_000
"""Playlists that weights are fitted on."""
LEAST_QUERIES = 20
"""Playlists that a number of seeds needs for weights of its own."""
STEPS = (0.0, 0.5, 2.0)
"""What a weight is multiplied by, one after the other, to see whether that is better."""
LOWEST = 0.25
"""What a weight of 0 is tried with again."""


@dataclass(slots=True)
class Blend(Finder):
    """Sum over the methods w / (60 + place), w by number of seeds (Cormack et al. 2009).

    doi:10.1145/1571941.1572114 has all w equal; here they are fitted on validation playlists that
    the methods have not seen, for each range of seeds on its own: one weight after the other is set
    to 0, halved or doubled where the hits among the first R, R being those there are to find,
    become more.

    Parameters
    ----------
    retrievers : tuple of Retriever
    bounds : tuple of int
        Least number of seeds of each range but the first.
    n_rounds : int
        Times that each weight is tried.
    most_playlists : int
        Of more, an even sample is learnt from: what all retrievers hold grows with the playlists.
    share : int
        One in so many training playlists is for validation; at the end the methods are fitted on
        all.
    random_state : int

    Attributes
    ----------
    weights_ : ndarray, shape (n_ranges, n_retrievers)
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    retrievers: tuple[Retriever, ...] = RETRIEVERS
    bounds: tuple[int, ...] = (1, 2, 6, 11, 26)
    n_rounds: int = 3
    most_playlists: int = MOST_PLAYLISTS
    share: int = 5
    random_state: int = 0
    weights_: FloatArray = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False, repr=False)
    _stage: FirstStage = field(init=False, repr=False)
    _backoff: Backoff = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Weigh the methods on a part, then fit them on all."""
        self.fitted_on_ = train.playlist_ids
        self._backoff = Backoff.of(train)
        train = in_order(train, most=self.most_playlists)
        self.weights_ = self._weigh(train)
        self._stage = FirstStage(self.retrievers).fit(train)
        return self

    def find(self, seeds: Ragged, titles: Sequence[str], limits: IntArray) -> Weighted:
        """Find what has most votes; see `Finder`."""
        parts = [Weighted.nothing(0, self._backoff.n_songs)]
        for start in range(0, len(seeds), CHUNK):
            rows = np.arange(start, min(start + CHUNK, len(seeds)))
            query = ask(self._stage, seeds.take(rows), titles[start : start + CHUNK])
            weights = self.weights_[self._ranges(query.seeds)][query.candidates.owners]
            scores = (reciprocal_places(query) * weights).sum(axis=1)
            parts.append(best_of(query.candidates, scores, limits[rows], self._backoff.n_songs))
        return stacked(parts)

    def _ranges(self, seeds: Ragged) -> IntArray:
        return np.searchsorted(self.bounds, seeds.lengths, side="right")

    def _weigh(self, train: Training) -> FloatArray:
        weights = np.ones((len(self.bounds) + 1, len(self.retrievers)))
        n_playlists, most = len(train.playlists), MOST_QUERIES
        folds = make_folds(
            train,
            n_folds=self.share,
            # The first of the folds is asked about: of fewer playlists it holds its share.
            most_queries=most if n_playlists >= most * self.share else n_playlists,
            random_state=self.random_state,
            ways=(CATEGORIES,),
        )
        fold = next(folds, None)
        if fold is None:
            return weights
        query = ask(FirstStage(self.retrievers).fit(fold.train), fold.seeds, fold.titles)
        hit = is_hit(query.candidates, fold.truth, train.n_songs)
        places, ranges = reciprocal_places(query), self._ranges(query.seeds)
        common = self._climb(places, query.candidates, hit, fold.truth.lengths, weights[0])
        for number in range(len(weights)):
            chosen = np.flatnonzero(ranges == number)
            weights[number] = common
            if len(chosen) >= LEAST_QUERIES:
                own = (ranges == number)[query.candidates.owners]
                rows = query.candidates.take(chosen)
                lengths = fold.truth.lengths[chosen]
                weights[number] = self._climb(places[own], rows, hit[own], lengths, common)
        return weights

    def _climb(
        self,
        places: FloatArray,
        rows: Ragged,
        hit: BoolArray,
        n_truth: IntArray,
        weights: FloatArray,
    ) -> FloatArray:
        """Change one weight after the other for the better."""
        weights, columns = weights.copy(), np.ascontiguousarray(places.T)
        scores = weights @ columns
        best = hits_on_top(rows, scores, hit, n_truth)
        for _ in range(self.n_rounds):
            before = best
            for retriever, column in enumerate(columns):
                for step in STEPS:
                    weight = weights[retriever] * step or (LOWEST if step == 2.0 else 0.0)
                    tried = scores + (weight - weights[retriever]) * column
                    reached = hits_on_top(rows, tried, hit, n_truth)
                    if reached > best:
                        best, weights[retriever], scores = reached, weight, tried
            if best == before:
                break
        return weights


def hits_on_top(rows: Ragged, scores: FloatArray, hit: BoolArray, n_truth: IntArray) -> float:
    """Average the share of the first R of each list that are hits; best 1, worst 0.

    Parameters
    ----------
    rows : Ragged, n_playlists lists
        Candidates.
    scores, hit : ndarray, shape (n_candidates,)
        Of each, list by list.
    n_truth : ndarray, shape (n_playlists,)
        R: the songs that there are to find, at least 1.

    Examples
    --------
    >>> rows, hit = Ragged.of([[4, 5, 6]]), np.array([True, False, True])
    >>> hits_on_top(rows, np.array([1.0, 3.0, 2.0]), hit, np.array([2]))
    0.5
    """
    counts = np.zeros(len(rows), dtype=np.int64)

    def work(first: int, stop: int) -> None:
        own = slice(first, stop)
        indptr = rows.indptr[first : stop + 1]
        count_on_top(indptr, rows.values, scores, hit, n_truth[own], counts[own])

    in_threads(work, len(rows))
    return float((counts / n_truth).mean())
