"""Playlists from a nucleus song: the study's algorithm, mended.

1. From the seeds, list similar songs, then the songs similar to those, until a share of the
   wanted length is reached.
2. Find the cluster of training playlists that the seeds and these songs fall into.
3. Draw the rest from the playlists of that cluster that have the most followers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from model.clusters import Clusters
from model.errors import InputError
from model.features import MinMax, aggregate
from model.ragged import BoolArray, FloatArray, IntArray, Ragged
from model.recommenders.base import (
    Room,
    Training,
    check_asked,
    rank_by_popularity,
    rank_scores,
    wanted,
)
from model.recommenders.draw_kernels import draw_from_pools, take_ranked
from model.recommenders.pools import pool_entries, top_playlists
from model.recommenders.walk_kernels import walk_lists
from model.similarity.cooccurrence import find_similar
from model.similarity.interactions import Interactions
from model.similarity.weighting import COUNT


@dataclass(slots=True)
class Nucleus:
    """The study's generator with the faults mended that `docs/decisions` lists.

    Parameters
    ----------
    n_clusters : int
        Clusters of the training playlists.
    similar : int
        Similar songs that each step of the walk looks up.
    playlists_per_cluster : int
        Playlists with the most followers that the rest is drawn from.
    share : float
        Share of the wanted songs that similarity gives at most, in [0, 1].
    min_count : int
        Playlists that must hold both of two similar songs.
    random_state : int
        Of KMeans; with the seeds it decides the draw, whatever else is asked for in the same call.

    Attributes
    ----------
    similar_ : Ragged, n_songs lists
        Similar songs of each song, best first; the first `similar` are looked up.
    scaler_ : MinMax
        Of the training playlists' features; clusters are found on scaled features.
    clusters_ : Clusters
    pools_ : Ragged, n_clusters_ lists
        Of each cluster, the different songs of its top playlists, ascending.
    popular_ : ndarray
        All songs of the training playlists, those of most playlists first.
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    n_clusters: int = 10
    similar: int = 10
    playlists_per_cluster: int = 5
    share: float = 0.5
    min_count: int = 5
    random_state: int = 0
    similar_: Ragged = field(init=False, repr=False)
    scaler_: MinMax = field(init=False, repr=False)
    clusters_: Clusters = field(init=False, repr=False)
    pools_: Ragged = field(init=False, repr=False)
    popular_: IntArray = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False, repr=False)
    _songs: FloatArray = field(init=False, repr=False)
    _has_features: BoolArray = field(init=False, repr=False)

    def fit(
        self,
        train: Training,
        *,
        similar: Ragged | None = None,
        features: FloatArray | None = None,
        scaler: MinMax | None = None,
        clusters: Clusters | None = None,
    ) -> Self:
        """Learn similar songs, clusters and their top playlists from the training playlists.

        What was worked out before, of just these playlists, may be handed in; the rest is worked
        out here.

        Parameters
        ----------
        train : Training
        similar : Ragged, n_songs lists, optional
            Similar songs of each song, best first; more than `similar` of them do no harm.
        features : ndarray, shape (n_playlists, 12), optional
            Of the playlists, not scaled.
        scaler : MinMax, optional
            Fitted on these features.
        clusters : Clusters, optional
            Fitted on these features, scaled, in the order of the playlists.

        Raises
        ------
        InputError
            If there are no training playlists, or none of their songs has audio features, or what
            is handed in is of other numbers of songs or playlists.
        """
        self.fitted_on_ = train.playlist_ids
        self._songs = train.songs
        self._has_features = np.asarray(~np.isnan(train.songs).any(axis=1))
        self.similar_ = self._find_similar(train) if similar is None else similar
        _check_length("similar songs", len(self.similar_), train.n_songs)
        self._learn_clusters(train, features=features, scaler=scaler, clusters=clusters)
        tops = top_playlists(train, self.clusters_, n=self.playlists_per_cluster)
        pools = pool_entries(train.playlists, tops)
        self.pools_ = Ragged.of(np.unique(pools[cluster]) for cluster in range(len(pools)))
        self.popular_ = rank_by_popularity(train.popularity())
        return self

    def recommend(
        self, seeds: Ragged, *, n: IntArray | int, title: Sequence[str | None] | None = None
    ) -> tuple[Ragged, FloatArray]:
        """Recommend `n` songs a playlist; see `base.Recommender`.

        Songs from similarity stand first, then those drawn. Where the top playlists hold too few,
        songs similar to theirs follow, then the most popular ones. Without seeds, or where no
        training playlist holds them, the same steps apply to what there is.
        """
        check_asked(seeds, title, len(self._songs))
        lengths = np.minimum(wanted(seeds, n), len(self.popular_))
        starts = seeds.distinct()
        similar = self._walk(starts, (lengths * self.share).astype(np.int64), taken=starts)
        taken = starts.joined(similar)
        drawn = self._draw(starts, lengths - similar.lengths, taken=taken)
        songs, taken = similar.joined(drawn), taken.joined(drawn)
        further = self._walk(drawn, lengths - songs.lengths, taken=taken)
        songs, taken = songs.joined(further), taken.joined(further)
        songs = songs.joined(self._fill(lengths - songs.lengths, taken=taken))
        return songs, rank_scores(songs)

    def _find_similar(self, train: Training) -> Ragged:
        held = Interactions.of(train.playlists, train.n_songs)
        return find_similar(held, k=self.similar, weighting=COUNT, min_count=self.min_count).lists

    def _learn_clusters(
        self,
        train: Training,
        *,
        features: FloatArray | None,
        scaler: MinMax | None,
        clusters: Clusters | None,
    ) -> None:
        """Scale the features and group the playlists, as far as that is not done."""
        if scaler is None or clusters is None:
            features = self._aggregate(train.playlists) if features is None else features
            _check_length("features of playlists", len(features), len(train.playlists))
            scaler = _fit_scaler(features) if scaler is None else scaler
            clusters = self._group(_scale(scaler, features)) if clusters is None else clusters
        _check_length("clusters of playlists", len(clusters.labels_), len(train.playlists))
        self.scaler_, self.clusters_ = scaler, clusters

    def _group(self, X: FloatArray) -> Clusters:
        return Clusters(self.n_clusters, self.random_state, any_order=True).fit(X)

    def _walk(self, starts: Ragged, lengths: IntArray, *, taken: Ragged) -> Ragged:
        """Find songs by similarity, going on through those found."""
        return walk(starts, self.similar_, lengths, taken=taken, k=self.similar)

    def _find_clusters(self, lists: Ragged) -> IntArray:
        """Find the cluster of each list of songs."""
        return self.clusters_.predict(_scale(self.scaler_, self._aggregate(lists)))

    def _aggregate(self, lists: Ragged) -> FloatArray:
        """Engineer the features of each list from its songs that have any; NaN where none has."""
        return aggregate(lists.where(self._has_features[lists.values]), self._songs)

    def _draw(self, starts: Ragged, lengths: IntArray, *, taken: Ragged) -> Ragged:
        """Draw songs of the pool of the cluster that what is taken falls into."""
        room = Room.make(len(self.similar_), lengths)
        draw_from_pools(
            starts.indptr,
            starts.values,
            taken.indptr,
            taken.values,
            self.pools_.indptr,
            self.pools_.values,
            self._find_clusters(taken),
            lengths,
            self.random_state,
            room.marks,
            np.empty(self.pools_.lengths.max(), dtype=np.int32),
            room.indptr,
            room.songs,
        )
        return room.lists

    def _fill(self, lengths: IntArray, *, taken: Ragged) -> Ragged:
        """Take the most popular songs that are left."""
        room = Room.make(len(self.similar_), lengths)
        take_ranked(taken.indptr, taken.values, self.popular_, lengths, *room)
        return room.lists


def walk(starts: Ragged, similar: Ragged, lengths: IntArray, *, taken: Ragged, k: int) -> Ragged:
    """Go through growing lists of songs, appending the songs similar to each.

    Parameters
    ----------
    starts : Ragged, n_playlists lists
        Songs to begin with.
    similar : Ragged, n_songs lists
        Similar songs of each, best first.
    lengths : ndarray, shape (n_playlists,)
        Songs to find.
    taken : Ragged, n_playlists lists
        Songs, besides the starts, that are not to be found.
    k : int
        Similar songs of each to look up.

    Returns
    -------
    Ragged, n_playlists lists
        Different songs in the order found, fewer where no more are similar; without the starts.

    Examples
    --------
    >>> similar = Ragged.of([[1, 2], [0, 3], [4], [], []])
    >>> walk(Ragged.of([[0]]), similar, np.array([3]), taken=Ragged.of([[2]]), k=2)[0].tolist()
    [1, 3]
    """
    room = Room.make(len(similar), lengths)
    walk_lists(
        starts.indptr,
        starts.values,
        taken.indptr,
        taken.values,
        similar.indptr,
        similar.values,
        k,
        lengths,
        *room,
    )
    return room.lists


def _fit_scaler(features: FloatArray) -> MinMax:
    """Learn the ranges of the playlists' features, where there are any."""
    is_known = ~np.isnan(features).any(axis=1)
    if len(features) and not is_known.any():
        msg = (
            "no song of the training playlists has audio features, which the study's generator "
            "finds clusters by: run `harvest spotify` or `harvest import FILE`, or take another one"
        )
        raise InputError(msg)
    return MinMax().fit(features[is_known])


def _scale(scaler: MinMax, features: FloatArray) -> FloatArray:
    """Scale features; where nothing is known, to the middle of the training range."""
    scaled = scaler.transform(features)
    scaled[np.isnan(scaled).any(axis=1)] = 0.5
    return scaled


def _check_length(what: str, length: int, expected: int) -> None:
    if length != expected:
        msg = f"{what} are {length}, expected {expected}: they are not of these playlists"
        raise InputError(msg)
