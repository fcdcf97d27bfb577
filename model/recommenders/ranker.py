"""Candidates of many methods, put in order by gradient-boosted trees."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from scipy.special import expit, logit

from model.ragged import BoolArray, FloatArray, IntArray, Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.base import Training, in_order
from model.recommenders.candidates import Query, ask, best_of, places_of, reciprocal_places
from model.recommenders.credit import with_credit
from model.recommenders.ranking_features import Describer, feature_names
from model.recommenders.ranking_queries import Fold, is_hit, make_folds, sample
from model.recommenders.sources import SOURCES, FirstStage, Source
from model.recommenders.spread_kernels import WeightArray
from model.recommenders.spreading import Weighted, stacked
from model.recommenders.threads import each_in_threads, in_threads, one_blas_thread

if TYPE_CHECKING:
    import lightgbm

OBJECTIVES = {"lambdarank": 2.0, "binary": 1.0}
"""What the two sets of trees are grown for, the order of a list, and whether a song is a hit; and
how much each has to say."""
SAY_OF_VOTES = 0.05
"""What the votes of the sources have to say beside the trees: they order what trees hold equal."""
FIRST_TREES, SAY_OF_FIRST_VOTES, LOOKED_AT_BY_ALL = 15, 0.35, 600
"""The first trees and the votes choose the candidates that all trees look at: as good, and twice as
fast."""
CHUNK = 256
"""Playlists whose candidates are described at a time."""


class Examples(NamedTuple):
    """Candidates to learn from.

    Parameters
    ----------
    features : ndarray, shape (n_candidates, n_features)
    hits : ndarray, shape (n_candidates,)
    weights : ndarray, shape (n_candidates,)
    lengths : ndarray, shape (n_queries,)
        Candidates of each playlist.
    """

    features: WeightArray
    hits: BoolArray
    weights: FloatArray
    lengths: IntArray


@dataclass(slots=True)
class Ranker:
    """Two stages: many methods find candidates, gradient-boosted trees order them.

    Two sets of trees (LightGBM, Ke et al. 2017) are grown, one for the LambdaRank loss (Burges
    2010, MSR-TR-2010-82), one for the log loss of hits; a candidate's score is the weighted sum of
    what both say and of the logarithm of the sources' votes, each brought to mean 0 and deviation 1
    within the list; an artist's first song is then moved up a little (`credit`). The trees learn
    from playlists that the first stage did not see: the training playlists are dealt into folds;
    the first stage is fitted on all but one, and asked about those of the other, which are cut in
    the ten ways of the RecSys Challenge 2018. At the end the first stage is fitted on all of them.
    Two stages were what the best of that challenge had in common (Zamani et al. 2019,
    doi:10.1145/3344257).

    Parameters
    ----------
    sources : tuple of Source
    most_playlists : int
        Of more, an even sample is learnt from: what all sources hold grows with the playlists.
    n_folds : int
    most_queries : int
        Cut playlists that the trees learn from, in each way of cutting (`ranking_queries.WAYS`).
    first : int
        Candidates of each that are kept, those that all sources together put first; of the others,
        hits and a sample are (`ranking_queries.sample`).
    n_trees, n_leaves, min_leaf, n_bins : int
        `n_bins` different values of each feature are told apart.
    regularisation : float
        Of the trees' leaves, L2.
    learning_rate : float
    truncation : int
        Places that the loss looks at.
    random_state : int

    Attributes
    ----------
    trees_ : tuple of lightgbm.Booster
        One an objective; none where there were too few playlists to learn an order: then the
        sources vote.
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    sources: tuple[Source, ...] = SOURCES
    most_playlists: int = 80_000
    n_folds: int = 5
    most_queries: int = 2_800
    first: int = 120
    n_trees: int = 120
    n_leaves: int = 31
    min_leaf: int = 300
    n_bins: int = 63
    regularisation: float = 20.0
    learning_rate: float = 0.1
    truncation: int = 30
    random_state: int = 0
    trees_: "tuple[lightgbm.Booster, ...]" = field(init=False)
    fitted_on_: IntArray = field(init=False)
    _first_stage: FirstStage = field(init=False, repr=False)
    _describer: Describer = field(init=False, repr=False)
    _backoff: Backoff = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Learn the order on folds, then fit the first stage on all playlists."""
        self.fitted_on_ = train.playlist_ids
        self._backoff = Backoff.of(train)
        train = in_order(train, most=self.most_playlists)
        folds = make_folds(
            train,
            n_folds=self.n_folds,
            most_queries=self.most_queries,
            random_state=self.random_state,
        )
        # Around the threads: what one of them sets within, another's work would be done by.
        with one_blas_thread():
            parts = list(chain.from_iterable(each_in_threads(self._examples, enumerate(folds))))
        self.trees_ = self._grow([part for part in parts if part.hits.any()])
        del parts
        self._first_stage = FirstStage(self.sources).fit(train)
        self._describer = Describer().fit(train, self._first_stage.similar_songs())
        return self

    def recommend(
        self, seeds: Ragged, *, n: IntArray | int, title: Sequence[str] | None = None
    ) -> tuple[Ragged, FloatArray]:
        """Recommend the candidates that the trees put first; see `base.Recommender`."""
        titles = list(title) if title is not None else [""] * len(seeds)
        limits = self._backoff.limits(seeds, n)

        def work(first: int, stop: int) -> Weighted:
            parts = [Weighted.nothing(0, self._backoff.n_songs)]
            for start in range(first, stop, CHUNK):
                rows = np.arange(start, min(start + CHUNK, stop))
                own = titles[rows[0] : rows[-1] + 1]
                parts.append(self._rank(seeds.take(rows), own, limits[rows]))
            return stacked(parts)

        with one_blas_thread():
            parts = in_threads(work, len(seeds))
        return self._backoff.fill(stacked(parts), seeds, n)

    def _rank(self, seeds: Ragged, titles: Sequence[str], limits: IntArray) -> Weighted:
        query = ask(self._first_stage, seeds, titles)
        if not self.trees_:
            scores = reciprocal_places(query).sum(axis=1)
            return best_of(query.candidates, scores, limits, self._backoff.n_songs)
        rows, described = self._promising(query, limits)
        scores = SAY_OF_VOTES * standardise(rows, self._log_votes(described))
        said = {
            name: predict(trees, described)
            for name, trees in zip(OBJECTIVES, self.trees_, strict=True)
        }
        for name, raw in said.items():
            scores += OBJECTIVES[name] * standardise(rows, raw)
        worth = with_credit(rows, scores, expit(said["binary"]), self._describer.artists_)
        return best_of(rows, logit(worth), limits, self._backoff.n_songs)

    def _promising(self, query: Query, limits: IntArray) -> tuple[Ragged, WeightArray]:
        """Describe the candidates, and keep those that are worth the work of all trees."""
        rows, described = query.candidates, self._describer.describe(query)
        scores = SAY_OF_FIRST_VOTES * standardise(rows, self._log_votes(described))
        scores += standardise(rows, predict(self.trees_[0], described, n_trees=FIRST_TREES))
        kept = places_of(rows, scores) < np.maximum(limits, LOOKED_AT_BY_ALL)[rows.owners]
        return rows.where(kept), described[kept]

    def _log_votes(self, described: WeightArray) -> FloatArray:
        column = feature_names([source.name for source in self.sources]).index("votes")
        return np.log(described[:, column].astype(np.float64))

    def _examples(self, numbered: tuple[int, Fold]) -> list[Examples]:
        """Describe candidates of a fold, some playlists at a time."""
        number, fold = numbered
        stage = FirstStage(self.sources).fit(fold.train)
        describer = Describer().fit(fold.train, stage.similar_songs())
        rng = np.random.default_rng(self.random_state + number)
        parts = []
        for start in range(0, len(fold.seeds), CHUNK):
            rows = np.arange(start, min(start + CHUNK, len(fold.seeds)))
            seeds, titles = fold.seeds.take(rows), fold.titles[start : start + CHUNK]
            query = in_order_of_votes(ask(stage, seeds, titles))
            hit = is_hit(query.candidates, fold.truth.take(rows), fold.train.n_songs)
            kept, weights = sample(query.candidates, hit, first=self.first, rng=rng)
            chosen = query._replace(candidates=query.candidates.where(kept))
            lengths = chosen.candidates.lengths
            parts.append(Examples(describer.describe(chosen), hit[kept], weights[kept], lengths))
        return parts

    def _grow(self, parts: list[Examples]) -> "tuple[lightgbm.Booster, ...]":
        import lightgbm

        if not parts:
            return ()
        # Features stay as they are: put together, they would be held twice.
        features = [part.features for part in parts]
        hits, weights, lengths = (
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("hits", "weights", "lengths")
        )
        spoken = feature_names([source.name for source in self.sources])
        names = [name.replace(":", "").replace(" ", "_") for name in spoken]
        group = lengths[lengths > 0]

        def grow(objective: str) -> "lightgbm.Booster":
            data = lightgbm.Dataset(
                features,
                label=hits.astype(np.float32),
                weight=weights.astype(np.float32),
                group=group,
                feature_name=names,
                params={"num_threads": 1, "verbosity": -1},
            )
            return lightgbm.train(self._options(objective), data, num_boost_round=self.n_trees)

        return tuple(each_in_threads(grow, OBJECTIVES))

    def _options(self, objective: str) -> dict[str, Any]:
        return {
            "objective": objective,
            "lambdarank_truncation_level": self.truncation,
            "label_gain": [0, 1],
            "max_bin": self.n_bins,
            "num_leaves": self.n_leaves,
            "min_data_in_leaf": self.min_leaf,
            "lambda_l2": self.regularisation,
            "learning_rate": self.learning_rate,
            "feature_fraction": 0.5,
            "bagging_fraction": 0.8,
            "bagging_freq": 1,
            "seed": self.random_state,
            # One thread: beside other programs, several wait for each other at every step.
            "num_threads": 1,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }


def in_order_of_votes(query: Query) -> Query:
    """Put the candidates first that most sources put first; ties by number."""
    rows = query.candidates
    order = np.lexsort((rows.values, -reciprocal_places(query).sum(axis=1), rows.owners))
    return query._replace(candidates=Ragged(rows.indptr, rows.values[order]))


def predict(
    trees: "lightgbm.Booster", described: WeightArray, *, n_trees: int | None = None
) -> FloatArray:
    """Let all or the first trees score each row before any last transformation, shape (n_rows,)."""

    def work(first: int, stop: int) -> FloatArray:
        rows = described[first:stop]
        raw = trees.predict(rows, raw_score=True, num_iteration=n_trees, num_threads=1)
        return np.asarray(raw, dtype=np.float64)

    return np.concatenate(in_threads(work, len(described))) if len(described) else np.empty(0)


def standardise(rows: Ragged, scores: FloatArray) -> FloatArray:
    """Bring the scores of each list to mean 0 and standard deviation 1; equal ones become 0.

    Examples
    --------
    >>> standardise(Ragged.of([[4, 5], [6]]), np.array([1.0, 3.0, 7.0])).tolist()
    [-1.0, 1.0, 0.0]
    """
    n = np.maximum(rows.lengths, 1)
    means = np.bincount(rows.owners, scores, minlength=len(rows)) / n
    steps = scores - means[rows.owners]
    deviations = np.sqrt(np.bincount(rows.owners, steps**2, minlength=len(rows)) / n)
    return np.asarray(steps / np.where(deviations > 0, deviations, 1.0)[rows.owners])
