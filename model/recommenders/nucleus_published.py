"""Playlists from a nucleus song with every particular of the study as published.

It is no `Recommender`: it is fitted on the very batch that it generates for, its lists begin with
the nucleus, may be too long, and may name a song twice. `nucleus` mends all this.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

import numpy as np

from model.clusters import Clusters
from model.features import aggregate
from model.ragged import BoolArray, FloatArray, IntArray, Ragged
from model.recommenders.base import Room, Training
from model.recommenders.pools import pool_entries, top_playlists
from model.recommenders.walk_kernels import extend_lists

SONG_TWICE = "the top playlists of its cluster hold too few entries, and one song twice"


@dataclass(slots=True)
class PublishedNucleus:
    """The study's generator, fitted on one batch and generating for that batch.

    Parameters
    ----------
    similar : Ragged, n_songs lists
        Songs of the rows looked up for each song, best first (`cooccurrence.find_published`).
    n_clusters : int
        Clusters of the batch (study: 2, 10, 50 and 100).
    playlists_per_cluster : int
        Playlists with the most followers that are drawn from (study: 5).
    share : float
        Share of the wanted songs that similarity should give (study: 0.5).
    random_state : int
        Of KMeans and, afresh, of every draw (study: 0).

    Attributes
    ----------
    clusters_ : Clusters
    pools_ : Ragged, n_clusters_ lists
        Of each cluster, the entries of its top playlists end to end, repeats included.
    """

    similar: Ragged
    n_clusters: int = 10
    playlists_per_cluster: int = 5
    share: float = 0.5
    random_state: int = 0
    clusters_: Clusters = field(init=False, repr=False)
    pools_: Ragged = field(init=False, repr=False)
    _drawn: Ragged = field(init=False, repr=False)
    _songs: FloatArray = field(init=False, repr=False)

    def fit(self, batch: Training, *, clusters: Clusters | None = None) -> Self:
        """Find the clusters of the batch, if these are not given, and their top playlists.

        Parameters
        ----------
        batch : Training
        clusters : Clusters, optional
            Fitted on the raw features of just these playlists, in their order.
        """
        self._songs = batch.songs
        self.clusters_ = clusters or Clusters(self.n_clusters, random_state=self.random_state).fit(
            aggregate(batch.playlists, batch.songs)
        )
        tops = top_playlists(batch, self.clusters_, n=self.playlists_per_cluster)
        self.pools_ = pool_entries(batch.playlists, tops)
        self._drawn = self._shuffle_pools()
        return self

    def generate(self, nuclei: IntArray, *, n: IntArray) -> tuple[Ragged, list[str]]:
        """Make a playlist from each nucleus song.

        Parameters
        ----------
        nuclei : ndarray, shape (n_playlists,)
            Song numbers.
        n : ndarray, shape (n_playlists,)
            Wanted lengths, the nucleus included.

        Returns
        -------
        songs : Ragged, n_playlists lists
            The nucleus first; empty where generation failed.
        failures : list of str, length n_playlists
            The reason, or empty.
        """
        targets = (n * self.share).astype(np.int64)
        starts = Ragged.cut(nuclei, np.ones(len(nuclei), dtype=np.int64))
        similar = extend(starts, self.similar, targets)
        clusters = self.clusters_.predict(aggregate(similar, self._songs))
        rest, failed = self._draw(clusters, n - targets)
        songs = similar.limited(np.where(failed, 0, similar.lengths)).joined(rest)
        return songs, [SONG_TWICE if fails else "" for fails in failed.tolist()]

    def _shuffle_pools(self) -> Ragged:
        """Put each pool into the order in which entries are drawn from it: always the same one."""
        pools = (self.pools_[cluster] for cluster in range(len(self.pools_)))
        return Ragged.of(pool[_permutation(self.random_state, len(pool))] for pool in pools)

    def _draw(self, clusters: IntArray, lengths: IntArray) -> tuple[Ragged, BoolArray]:
        """Draw entries, or take all and extend them; none, and true, where the study's check fails.

        Where a pool is too small, the study demanded that it hold no song twice.
        """
        has_repeats = self.pools_.distinct().lengths < self.pools_.lengths
        is_short = self.pools_.lengths[clusters] < lengths
        failed = is_short & has_repeats[clusters]
        drawn = self._drawn.take(clusters, limits=np.where(is_short, 0, lengths))
        rows = np.flatnonzero(is_short & ~failed)
        extended = extend(self.pools_.take(clusters[rows]), self.similar, lengths[rows])
        room = np.zeros(len(clusters), dtype=np.int64)
        room[rows] = extended.lengths
        return drawn.joined(Ragged.cut(extended.values, room)), failed


def extend(lists: Ragged, similar: Ragged, targets: IntArray) -> Ragged:
    """Append similar songs to each list as the study did: one level, then no further.

    The first song's similar songs are appended; then, unless the list is already longer than its
    target, those of every song that stands in the list at this moment. Nothing is cut off.

    Parameters
    ----------
    lists : Ragged, n_playlists lists
        Different songs.
    similar : Ragged, n_songs lists
        May name a song twice, and itself; what is listed already is passed over.
    targets : ndarray, shape (n_playlists,)

    Returns
    -------
    Ragged, n_playlists lists
        The songs given, then those appended.

    Examples
    --------
    >>> similar = Ragged.of([[1, 1], [0, 2], [3], []])
    >>> extend(Ragged.of([[0]]), similar, np.array([2]))[0].tolist()
    [0, 1, 2]
    >>> extend(Ragged.of([[0]]), similar, np.array([1]))[0].tolist()
    [0, 1]
    """
    k = int(similar.lengths.max(initial=0))
    # Every song of a list may bring k more, and so may each of the k that its first song brings.
    room = Room.make(len(similar), (lists.lengths + k) * (k + 1))
    extend_lists(lists.indptr, lists.values, similar.indptr, similar.values, targets, *room)
    return room.lists


@lru_cache(maxsize=1024)
def _permutation(random_state: int, n: int) -> IntArray:
    """Order in which pandas' ``sample(..., random_state=random_state)`` takes n rows."""
    # The legacy generator is what pandas makes of a whole number: the draws must be the study's.
    return np.random.RandomState(random_state).permutation(n)
