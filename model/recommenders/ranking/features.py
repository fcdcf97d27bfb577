"""What the ranker knows of each candidate."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.audio import moments, scaled_features
from model.recommenders.base import Training
from model.recommenders.groups import Groups, groups_of
from model.recommenders.holdings import counted
from model.recommenders.ranking.candidates import Query
from model.recommenders.ranking.facts import MEETING, PER_RETRIEVER, SEED_FACTS, SHARED
from model.recommenders.ranking.kernels import (
    count_shared,
    look_up,
    match_vectors,
    meet_seeds,
    sum_groups,
)
from model.recommenders.ranking.retrievers import DEPTH, SIMILAR
from model.recommenders.ranking.votes import DAMPING
from model.recommenders.scratch import zeros
from model.recommenders.spread_kernels import WeightArray
from model.recommenders.spreading import Weighted
from model.recommenders.tags import spread_tags, tag_vectors
from model.recommenders.title_matcher import TitleMatcher
from model.recommenders.titles import titles_of

TAGS_KEPT = 50
ROWS_AT_ONCE = 1_024
"""Candidates whose facts are put side by side at a time."""


@dataclass(slots=True)
class Describer:
    """Describes candidates by what the training playlists say of them.

    Attributes
    ----------
    song_facts_ : ndarray of float32, shape (n_songs, len(SONG_FACTS))
        Logarithms of 1 + count, shares, and the mean place in [0, 1].
    similar_ : Weighted, n_songs lists
        Similar songs of each song.
    artists_ : Groups
    """

    song_facts_: WeightArray = field(init=False, repr=False)
    similar_: Weighted = field(init=False, repr=False)
    artists_: Groups = field(init=False, repr=False)
    _albums: Groups = field(init=False, repr=False)
    _audio: WeightArray = field(init=False, repr=False)
    _tags: Weighted = field(init=False, repr=False)
    _matcher: TitleMatcher = field(init=False, repr=False)

    def fit(self, train: Training, similar: Weighted | None = None) -> Self:
        """Gather facts of every song.

        Parameters
        ----------
        train : Training
        similar : Weighted, n_songs lists, optional
            What `retrievers.SIMILAR` found for these playlists, where that is known already.
        """
        self.artists_, self._albums = groups_of(train, "artists"), groups_of(train, "albums")
        self.song_facts_ = _song_facts(train, self.artists_, self._albums)
        self.similar_ = SIMILAR().fit(train).similar_ if similar is None else similar
        self._audio = scaled_features(train)
        self._tags = Weighted.of_matrix(tag_vectors(train))
        self._matcher = TitleMatcher().fit(titles_of(train))
        return self

    def describe(self, query: Query) -> WeightArray:
        """Describe each candidate, shape (n_candidates, n_features); NaN is unknown."""
        rows, candidates = query.candidates, query.candidates.values
        seeds = query.seeds
        about = self._seed_facts(seeds, query.titles)[rows.owners]
        found = [self._found_facts(rows, one) for one in query.found]
        songs = self.song_facts_[candidates]
        popularity = songs[:, 0] - about[:, SEED_FACTS.index("popularity of seeds")]
        return _side_by_side(
            [
                *found,
                self._shared(rows, seeds, self.artists_),
                self._shared(rows, seeds, self._albums),
                self._meeting(rows, seeds.distinct()),
                self._vote_facts(rows, votes_of(found)),
                songs,
                popularity,
                about,
                self._audio_distance(rows, seeds),
                self._tag_similarity(rows, seeds),
            ]
        )

    @property
    def n_songs(self) -> int:
        """Number of songs of the catalogue."""
        return len(self.song_facts_)

    def _found_facts(self, rows: Ragged, found: Weighted) -> WeightArray:
        facts = np.empty((len(rows.values), len(PER_RETRIEVER)), dtype=np.float32)
        places = zeros("places", self.n_songs, np.int32)
        look_up(
            rows.indptr,
            rows.values,
            found.indptr,
            found.numbers,
            found.weights,
            DEPTH,
            places,
            facts,
        )
        return facts

    def _shared(self, rows: Ragged, seeds: Ragged, groups: Groups) -> WeightArray:
        facts = np.empty((len(rows.values), len(SHARED)), dtype=np.float32)
        counts, own = zeros("counts", groups.n, np.int32), groups.of_songs
        count_shared(rows.indptr, rows.values, seeds.indptr, seeds.values, own, counts, facts)
        return facts

    def _meeting(self, rows: Ragged, seeds: Ragged) -> WeightArray:
        facts = np.empty((len(rows.values), len(MEETING)), dtype=np.float32)
        similar = self.similar_
        meet_seeds(
            rows.indptr,
            rows.values,
            seeds.indptr,
            seeds.values,
            similar.indptr,
            similar.numbers,
            similar.weights,
            zeros("meeting", self.n_songs * len(MEETING), np.float32).reshape(-1, len(MEETING)),
            facts,
        )
        return facts

    def _vote_facts(self, rows: Ragged, votes: FloatArray) -> WeightArray:
        """Sum the retrievers' votes for each candidate, and for those of its artist and album."""
        by_artist, place = self._together(rows, self.artists_, votes)
        by_album, _ = self._together(rows, self._albums, votes)
        share = votes / np.maximum(by_artist, 1e-9)
        return np.column_stack([votes, by_artist, by_album, share, place]).astype(np.float32)

    def _together(
        self, rows: Ragged, groups: Groups, votes: FloatArray
    ) -> tuple[FloatArray, IntArray]:
        sums, places = np.empty(len(votes)), np.empty(len(votes), dtype=np.int64)
        heads = zeros("heads", groups.n, np.int64)
        room = np.empty(len(votes), dtype=np.int64)
        sum_groups(rows.indptr, rows.values, groups.of_songs, votes, heads, room, sums, places)
        return sums, places

    def _seed_facts(self, seeds: Ragged, titles: Sequence[str]) -> WeightArray:
        """Describe each playlist, shape (n_playlists, len(SEED_FACTS))."""
        popularity = self.song_facts_[:, :1]
        known = seeds.where(popularity[seeds.values, 0] > 0)
        means, variances = moments(popularity, known)
        artists, albums = counted(seeds, self.artists_), counted(seeds, self._albums)
        largest = np.zeros(len(seeds))
        np.maximum.at(largest, artists.lists.owners, artists.weights)
        _, audio = moments(self._audio, seeds)
        closeness = np.zeros(len(seeds))
        best = self._matcher.match(titles, n=1)
        closeness[best.lists.owners] = best.weights
        n = np.maximum(seeds.lengths, 1)
        facts = (
            seeds.lengths,
            known.lengths,
            np.diff(artists.indptr) / n,
            largest / n,
            np.diff(albums.indptr) / n,
            means[:, 0],
            np.sqrt(variances),
            audio,
            np.array([bool(title.strip()) for title in titles]),
            closeness,
        )
        return np.column_stack(facts).astype(np.float32)

    def _audio_distance(self, rows: Ragged, seeds: Ragged) -> WeightArray:
        means, _ = moments(self._audio, seeds)
        steps = self._audio[rows.values] - means[rows.owners].astype(np.float32)
        return np.asarray(np.sqrt((steps**2).mean(axis=1)))

    def _tag_similarity(self, rows: Ragged, seeds: Ragged) -> WeightArray:
        profiles = spread_tags(self._tags.matrix, seeds.distinct(), n=TAGS_KEPT)
        products = np.empty(len(rows.values), dtype=np.float32)
        match_vectors(
            rows.indptr,
            rows.values,
            profiles.indptr,
            profiles.numbers,
            profiles.weights,
            self._tags.indptr,
            self._tags.numbers,
            self._tags.weights,
            zeros("tags", self._tags.n_numbers, np.float32),
            products,
        )
        n_seeds = np.maximum(seeds.lengths, 1)[rows.owners]
        return np.asarray(products / n_seeds, dtype=np.float32)


def votes_of(found: Sequence[WeightArray]) -> FloatArray:
    """Sum 1 / (60 + place) of each candidate over the retrievers that found it.

    Parameters
    ----------
    found : sequence of ndarray, shape (n_candidates, len(PER_RETRIEVER))

    Examples
    --------
    >>> first, last = [[0.5, 1.0, 1.0]], [[0.0, 0.0, DEPTH + 1]]
    >>> (votes_of([np.float32(first), np.float32(last)]) * 61).tolist()
    [1.0]
    """
    places = (one[:, PER_RETRIEVER.index("place")].astype(np.float64) for one in found)
    votes = [np.where(place <= DEPTH, 1 / (DAMPING + place), 0.0) for place in places]
    return np.asarray(np.sum(votes, axis=0))


def _song_facts(train: Training, artists: Groups, albums: Groups) -> WeightArray:
    counts = train.popularity()
    by_artist, by_album = (_entries(counts, one.of_songs) for one in (artists, albums))
    share = counts / np.maximum(by_artist, 1)
    facts = (np.log1p(counts), np.log1p(by_artist), np.log1p(by_album), share, _mean_places(train))
    return np.column_stack(facts).astype(np.float32)


def _entries(counts: IntArray, group_of: IntArray) -> FloatArray:
    """Give the entries of each song's group; the song's own where it has none."""
    known = group_of >= 0
    sums = np.bincount(group_of[known], counts[known], minlength=1)
    return np.where(known, sums[np.maximum(group_of, 0)], counts)


def _mean_places(train: Training) -> FloatArray:
    """Give the mean place of each song in its playlists: 0 first, 1 last, NaN nowhere."""
    lists = train.playlists
    relative = lists.places / np.maximum(lists.lengths[lists.owners] - 1, 1)
    entries = np.bincount(lists.values, minlength=train.n_songs).astype(np.float64)
    entries[entries == 0] = np.nan
    return np.asarray(np.bincount(lists.values, relative, minlength=train.n_songs) / entries)


def _side_by_side(parts: Sequence[FloatArray | WeightArray]) -> WeightArray:
    """Put columns beside each other: `numpy.column_stack`, but by rows that fit into a cache.

    Examples
    --------
    >>> _side_by_side([np.array([1.0, 2.0]), np.array([[3.0, 4.0], [5.0, 6.0]])]).tolist()
    [[1.0, 3.0, 4.0], [2.0, 5.0, 6.0]]
    """
    columns = [part if part.ndim > 1 else part[:, None] for part in parts]
    n = len(columns[0])
    stacked = np.empty((n, sum(part.shape[1] for part in columns)), dtype=np.float32)
    for first in range(0, n, ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        np.concatenate([part[rows] for part in columns], axis=1, out=stacked[rows])
    return stacked
