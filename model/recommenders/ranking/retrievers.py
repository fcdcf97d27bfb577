"""The first stage of the ranker: methods that each find candidates, with a quota each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Self

import numpy as np

from model.ragged import Ragged
from model.recommenders.als import Als
from model.recommenders.artists import ArtistSongs
from model.recommenders.audio import AudioNeighbours
from model.recommenders.base import Recommender, Training
from model.recommenders.finder import Finder
from model.recommenders.names import NamedSongs
from model.recommenders.neighbours import SimilarSongs
from model.recommenders.playlists import SimilarPlaylists
from model.recommenders.popularity import Popularity
from model.recommenders.ranking.votes import first_by_votes
from model.recommenders.ridge import KernelRidge
from model.recommenders.sequels import Sequels
from model.recommenders.similars import ServiceSimilars
from model.recommenders.spreading import Weighted
from model.recommenders.tags import TagNeighbours
from model.recommenders.threads import each_in_threads, one_blas_thread
from model.recommenders.titles import TitleNeighbours
from model.similarity.weighting import Weighting

Maker = Callable[[], Recommender]
COUNT_PAIRS = (SimilarSongs, Sequels)
"""Recommenders that count pairs of songs."""
DEPTH = 2_000
"""Songs that each retriever is asked for: what is no candidate of its own still gets its score."""

FED_BACK = 30
"""Songs that are taken for seeds too."""

MOST_PLAYLISTS = 60_000
"""All retrievers together learn from so many with less than 8 GB."""


@dataclass(frozen=True, slots=True)
class Retriever:
    """A method that finds candidates; others call it a candidate generator.

    Parameters
    ----------
    name : str
    make : callable
        Makes the recommender; retrievers that share it are fitted as one.
    quota : int
        Songs, best first, that become candidates.
    answer : int
        Which of a recommender's several answers is meant, from 0 (`KernelRidge.find_each`).
    feedback : bool
        Whether it is asked a second time, what the others put first taken for seeds as well:
        pseudo-relevance feedback (Lavrenko & Croft 2001, doi:10.1145/383952.383972). Of a
        `KernelRidge` alone.
    """

    name: str
    make: Maker
    quota: int
    answer: int = 0
    feedback: bool = False


COMMON_SONGS = 100_000
"""Those of most playlists: of rarer ones factors, and regressions onto albums or artists, know
little, and others here know more."""
RIDGE = partial(
    KernelRidge,
    regularisation=10.0,
    targets=("songs", "albums"),
    most_songs=COMMON_SONGS,
    most_playlists=6_000,
)
"""Beside other retrievers, which know all playlists, a smaller sample will do: answers are twice as
fast."""
SMOOTH = partial(RIDGE, title=0.3, regularisation=60.0, targets=("songs", "artists"))
"""Leans on what many playlists say: better for few seeds."""
FACTORS = partial(Als, most_songs=COMMON_SONGS)
SIMILAR = partial(SimilarSongs, Weighting("cosine", shrinkage=2.0))
"""What the ranker compares single songs by, too."""

RETRIEVERS = (
    Retriever("ridge", RIDGE, 600),
    Retriever("smooth ridge", SMOOTH, 400),
    Retriever("album ridge", RIDGE, 500, answer=1),
    Retriever("artist ridge", SMOOTH, 500, answer=1),
    Retriever("neighbours", SIMILAR, 300),
    Retriever("bm25", partial(SimilarSongs, Weighting("bm25")), 200),
    Retriever("playlists", SimilarPlaylists, 300),
    Retriever("albums", partial(SimilarPlaylists, "albums"), 400),
    Retriever("artist playlists", partial(SimilarPlaylists, "artists"), 300),
    Retriever("artists", ArtistSongs, 300),
    Retriever("titles", TitleNeighbours, 300),
    Retriever("names", NamedSongs, 100),
    Retriever("sequels", Sequels, 100),
    Retriever("als", FACTORS, 200),
    Retriever("popularity", Popularity, 100),
    Retriever("tags", TagNeighbours, 50),
    Retriever("similars", ServiceSimilars, 50),
    Retriever("audio", AudioNeighbours, 50),
    Retriever("smooth ridge again", SMOOTH, 300, feedback=True),
)


@dataclass(slots=True)
class FirstStage:
    """Several retrievers side by side.

    Parameters
    ----------
    retrievers : tuple of Retriever

    Attributes
    ----------
    fitted_ : dict of callable to Recommender
        What each retriever's `make` made, fitted.
    """

    retrievers: tuple[Retriever, ...] = RETRIEVERS
    fitted_: dict[Maker, Recommender] = field(init=False, repr=False)
    _n_songs: int = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Fit every retriever, two or more at a time."""
        self._n_songs = train.n_songs
        makers = list(dict.fromkeys(retriever.make for retriever in self.retrievers))
        # While pairs are counted, most memory is held: by one of these at a time.
        counting = [make for make in makers if getattr(make, "func", make) in COUNT_PAIRS]
        others = [[make] for make in makers if make not in counting]

        def fit(group: Sequence[Maker]) -> dict[Maker, Recommender]:
            return {make: make().fit(train) for make in group}

        # Around the threads: what one of them sets within, another's work would be done by.
        with one_blas_thread():
            fitted = each_in_threads(fit, [counting, *others])
            self.fitted_ = {make: one for group in fitted for make, one in group.items()}
        return self

    def similar_songs(self) -> Weighted | None:
        """Give what `SIMILAR` found, if it is among the retrievers: the same memory."""
        fitted = self.fitted_.get(SIMILAR)
        return fitted.similar_ if isinstance(fitted, SimilarSongs) else None

    def find(self, seeds: Ragged, titles: Sequence[str]) -> list[Weighted]:
        """Give what each retriever finds, without what its back-off adds."""
        first = [retriever for retriever in self.retrievers if not retriever.feedback]
        again = [retriever for retriever in self.retrievers if retriever.feedback]
        found = self._ask(first, seeds, titles, taken=seeds)
        if again:
            best = first_by_votes(list(found.values()), FED_BACK) if found else seeds.limited(0)
            found |= self._ask(again, seeds.joined(best), titles, taken=seeds)
        return [found[retriever] for retriever in self.retrievers]

    def _ask(
        self, retrievers: Sequence[Retriever], seeds: Ragged, titles: Sequence[str], taken: Ragged
    ) -> dict[Retriever, Weighted]:
        answers: dict[Maker, list[Weighted]] = {}
        for make in dict.fromkeys(retriever.make for retriever in retrievers):
            most = 1 + max(one.answer for one in retrievers if one.make is make)
            answers[make] = self._answers(self.fitted_[make], seeds, titles, taken, most)
        return {one: answers[one.make][one.answer] for one in retrievers}

    def _answers(
        self,
        recommender: Recommender,
        seeds: Ragged,
        titles: Sequence[str],
        taken: Ragged,
        most: int,
    ) -> list[Weighted]:
        limits = np.full(len(seeds), DEPTH)
        if isinstance(recommender, KernelRidge):
            return recommender.find_each(seeds, titles, limits, taken=taken, most=most)
        if isinstance(recommender, Finder):
            return [recommender.find(seeds, titles, limits)]
        songs, scores = recommender.recommend(seeds, n=DEPTH, title=titles)
        return [Weighted.of(songs.where(scores > 0), scores[scores > 0], self._n_songs)]

    def candidates(self, found: Sequence[Weighted]) -> Ragged:
        """Put the best of each together: different songs, in the order of the retrievers."""
        together = found[0].lists.limited(0)
        for one, retriever in zip(found, self.retrievers, strict=True):
            together = together.joined(one.lists.limited(retriever.quota))
        return together.distinct()
