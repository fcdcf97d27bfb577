"""Candidates of many methods, put in order by what has learnt which of them are hits."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Self

import numpy as np

from model.ragged import IntArray, Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.base import Training, in_order
from model.recommenders.finder import Finder
from model.recommenders.numbering import Numbering
from model.recommenders.ranking.candidates import (
    Query,
    ask,
    best_of,
    order_of,
    reciprocal_places,
)
from model.recommenders.ranking.facts import feature_names
from model.recommenders.ranking.features import Describer
from model.recommenders.ranking.queries import Fold, is_hit, make_folds, sample
from model.recommenders.ranking.retrievers import MOST_PLAYLISTS, RETRIEVERS, FirstStage, Retriever
from model.recommenders.ranking.second_stage import Examples, SecondStage
from model.recommenders.spreading import BLOCK, Weighted, stacked
from model.recommenders.threads import (
    blocks_in_threads,
    check_wanted,
    each_in_threads,
    one_blas_thread,
)

CHUNK = 256
"""Playlists that are learnt from at a time."""


@dataclass(slots=True)
class Ranker(Finder):
    """Two stages: many methods find candidates; networks and gradient-boosted trees order them.

    What puts them in order learns from playlists that the first stage did not see: the training
    playlists are dealt into folds; the first stage is fitted on all but one, and asked about those
    of the other, which are cut in the ten ways of the RecSys Challenge 2018. At the end the first
    stage is fitted on all of them. Two stages were what the best of that challenge had in common
    (Zamani et al. 2019, doi:10.1145/3344257).

    Parameters
    ----------
    retrievers : tuple of Retriever
    most_playlists : int
        Of more, an even sample is learnt from: what all retrievers hold grows with the playlists.
    n_folds : int
    most_queries : int
        Cut playlists that the second stage learns from, in each way of cutting
        (`queries.WAYS`).
    first : int
        Candidates of each that are kept, those that all retrievers together put first; of the
        others, hits and a sample are (`queries.sample`).
    second_stage : SecondStage
        As it is to be; what is learnt is a copy with `random_state`.
    random_state : int

    Attributes
    ----------
    is_ordered_ : bool
        False where there were too few playlists to learn an order: then the retrievers vote.
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    retrievers: tuple[Retriever, ...] = RETRIEVERS
    most_playlists: int = MOST_PLAYLISTS
    n_folds: int = 5
    most_queries: int = 2_800
    first: int = 80
    second_stage: SecondStage = field(default_factory=SecondStage)
    random_state: int = 0
    is_ordered_: bool = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False, repr=False)
    _first_stage: FirstStage = field(init=False, repr=False)
    _second_stage: SecondStage = field(init=False, repr=False)
    _describer: Describer = field(init=False, repr=False)
    _numbering: Numbering = field(init=False, repr=False)
    _backoff: Backoff = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Learn the order on folds, then fit the first stage on all playlists."""
        self.fitted_on_ = train.playlist_ids
        self._backoff = Backoff.of(train)
        train = in_order(train, most=self.most_playlists)
        self._numbering = Numbering.by_popularity(train)
        train = self._numbering.renumber(train)
        # Around the threads: what one of them sets within, another's work would be done by.
        with one_blas_thread():
            self._learn_order(train)
        self._first_stage = FirstStage(self.retrievers).fit(train)
        self._describer = Describer().fit(train, self._first_stage.similar_songs())
        return self

    def find(self, seeds: Ragged, titles: Sequence[str], limits: IntArray) -> Weighted:
        """Find the candidates that the second stage puts first; see `Finder`."""
        own_seeds = self._numbering.inward(seeds)

        def rank(first: int, stop: int) -> Weighted:
            rows = np.arange(first, stop)
            return self._rank(own_seeds.take(rows), titles[first:stop], limits[rows])

        with one_blas_thread():
            parts = blocks_in_threads(rank, len(seeds), size=BLOCK)
        found = stacked([Weighted.nothing(0, self._backoff.n_songs), *parts])
        return self._numbering.outward(found)

    def _learn_order(self, train: Training) -> None:
        folds = make_folds(
            train,
            n_folds=self.n_folds,
            most_queries=self.most_queries,
            random_state=self.random_state,
        )
        parts = list(chain.from_iterable(each_in_threads(self._examples, enumerate(folds))))
        parts = [part for part in parts if part.hits.any()]
        self.is_ordered_ = bool(parts)
        if parts:
            self._second_stage = replace(self.second_stage, random_state=self.random_state)
            self._second_stage.fit(parts, self._feature_names())

    def _rank(self, seeds: Ragged, titles: Sequence[str], limits: IntArray) -> Weighted:
        query = ask(self._first_stage, seeds, titles)
        rows, n_songs = query.candidates, self._backoff.n_songs
        if not self.is_ordered_:
            scores = reciprocal_places(query).sum(axis=1)
            return best_of(rows, scores, limits, n_songs)
        described = self._describer.describe(query)
        artists = self._describer.artists_.of_songs
        rows, worth = self._second_stage.order(rows, described, limits, artists)
        return best_of(rows, worth, limits, n_songs)

    def _feature_names(self) -> list[str]:
        return feature_names([retriever.name for retriever in self.retrievers])

    def _examples(self, numbered: tuple[int, Fold]) -> list[Examples]:
        """Describe candidates of a fold, some playlists at a time."""
        number, fold = numbered
        stage = FirstStage(self.retrievers).fit(fold.train)
        describer = Describer().fit(fold.train, stage.similar_songs())
        rng = np.random.default_rng(self.random_state + number)
        parts = []
        for start in range(0, len(fold.seeds), CHUNK):
            check_wanted()
            rows = np.arange(start, min(start + CHUNK, len(fold.seeds)))
            seeds, titles = fold.seeds.take(rows), fold.titles[start : start + CHUNK]
            query = in_order_of_votes(ask(stage, seeds, titles))
            hit = is_hit(query.candidates, fold.truth.take(rows), fold.train.n_songs)
            kept, weights = sample(query.candidates, hit, first=self.first, rng=rng)
            chosen = query._replace(candidates=query.candidates.where(kept))
            features, lengths = describer.describe(chosen), chosen.candidates.lengths
            places = query.candidates.places[kept]
            parts.append(Examples(features, hit[kept], weights[kept], lengths, places))
        return parts


def in_order_of_votes(query: Query) -> Query:
    """Put the candidates first that most retrievers put first; ties by number."""
    rows = query.candidates
    order = order_of(rows, reciprocal_places(query).sum(axis=1))
    return query._replace(candidates=Ragged(rows.indptr, rows.values[order]))
