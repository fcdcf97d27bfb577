"""Playlists from a nucleus song: the study's algorithm, mended.

1. From the seeds, list similar songs, then the songs similar to those, until a share of the
   wanted length is reached.
2. Find the cluster of training playlists that the seeds and these songs fall into.
3. Draw the rest from the playlists of that cluster that have the most followers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Self

import numpy as np

from model.clusters import Clusters
from model.features import MinMax, aggregate
from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.base import Training, rank_scores, wanted
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
        Similar songs of each song, best first.
    scaler_ : MinMax
        Of the training playlists' features; clusters are found on scaled features.
    clusters_ : Clusters
    pools_ : list of ndarray
        Of each cluster, the different songs of its top playlists.
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
    similar_: Ragged = field(init=False)
    scaler_: MinMax = field(init=False)
    clusters_: Clusters = field(init=False)
    pools_: list[IntArray] = field(init=False)
    popular_: IntArray = field(init=False)
    fitted_on_: IntArray = field(init=False)
    _songs: FloatArray = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Learn similar songs, clusters and their top playlists from the training playlists.

        Raises
        ------
        InputError
            If there are no training playlists.
        """
        self.fitted_on_ = train.playlist_ids
        self._songs = train.songs
        held = Interactions.of(train.playlists, train.n_songs)
        similar = find_similar(held, k=self.similar, weighting=COUNT, min_count=self.min_count)
        self.similar_ = similar.lists
        features = aggregate(train.playlists, train.songs)
        self.scaler_ = MinMax().fit(features)
        self.clusters_ = Clusters(self.n_clusters, random_state=self.random_state)
        self.clusters_.fit(self.scaler_.transform(features))
        tops = top_playlists(train, self.clusters_, n=self.playlists_per_cluster)
        self.pools_ = [np.unique(train.playlists.take(top).values) for top in tops]
        counts = train.popularity()
        self.popular_ = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
        return self

    def recommend(
        self, seeds: Ragged, *, n: IntArray | int, title: Sequence[str] | None = None
    ) -> tuple[Ragged, FloatArray]:
        """Recommend `n` songs a playlist; see `base.Recommender`.

        Songs from similarity stand first, then those drawn. Where the top playlists hold too few,
        songs similar to theirs follow, then the most popular ones. Without seeds, or where no
        training playlist holds them, the same steps apply to what there is.
        """
        del title
        lengths = wanted(seeds, n).tolist()
        starts = [list(dict.fromkeys(seeds[row].tolist())) for row in range(len(seeds))]
        similar = [
            walk(start, self.similar_, int(length * self.share), seen=start)
            for start, length in zip(starts, lengths, strict=True)
        ]
        clusters = self._find_clusters(starts, similar).tolist()
        songs = Ragged.of(
            self._complete(*row) for row in zip(starts, similar, clusters, lengths, strict=True)
        )
        return songs, rank_scores(songs)

    def _find_clusters(self, starts: list[list[int]], similar: list[list[int]]) -> IntArray:
        lists = Ragged.of([start + found for start, found in zip(starts, similar, strict=True)])
        features = self.scaler_.transform(aggregate(lists, self._songs))
        features[lists.lengths == 0] = 0.5  # Nothing is known: the middle of the training range.
        return self.clusters_.predict(features)

    def _complete(self, start: list[int], similar: list[int], cluster: int, n: int) -> list[int]:
        """Draw from the cluster's pool; extend that by similar, then by popular songs."""
        taken = start + similar
        pool = self.pools_[cluster]
        rest = pool[~np.isin(pool, taken)]
        rng = np.random.default_rng([self.random_state, *start])
        drawn: list[int] = rng.permutation(rest)[: n - len(similar)].tolist()
        missing = n - len(similar) - len(drawn)
        if missing <= 0:
            return similar + drawn
        further = walk(drawn, self.similar_, missing, seen=taken)
        missing -= len(further)
        taken = taken + drawn + further
        popular = self.popular_[: len(taken) + missing]
        fill: list[int] = popular[~np.isin(popular, taken)][:missing].tolist()
        return similar + drawn + further + fill


def walk(start: list[int], similar: Ragged, n: int, *, seen: list[int]) -> list[int]:
    """Go through a growing list of songs, appending the songs similar to each.

    Parameters
    ----------
    start : list of int
        Songs to begin with.
    similar : Ragged, n_songs lists
        Similar songs of each, best first.
    n : int
        Songs to find.
    seen : list of int
        Songs, besides the start, that are not to be found.

    Returns
    -------
    list of int
        At most `n` different songs in the order found; fewer where no more are similar.

    Examples
    --------
    >>> walk([0], Ragged.of([[1, 2], [0, 3], [4], [], []]), 3, seen=[2])
    [1, 3]
    """
    known = dict.fromkeys(chain(seen, start))
    queue = list(start)
    stop = len(start) + n
    place = 0
    while place < len(queue) and len(queue) < stop:
        fresh = [song for song in similar[queue[place]].tolist() if song not in known]
        known.update(dict.fromkeys(fresh))
        queue += fresh
        place += 1
    return queue[len(start) : stop]


def top_playlists(train: Training, clusters: Clusters, *, n: int) -> list[IntArray]:
    """Find the `n` playlists of each cluster that have the most followers.

    Parameters
    ----------
    train : Training
    clusters : Clusters
        Fitted on the features of just these playlists.
    n : int

    Returns
    -------
    list of ndarray, length n_clusters_
        Numbers of at most `n` playlists, most followers first; ties by playlist id.
    """
    ranked = np.lexsort((train.playlist_ids, -train.num_followers))
    labels = clusters.labels_[ranked]
    return [ranked[labels == cluster][:n] for cluster in range(clusters.n_clusters_)]
