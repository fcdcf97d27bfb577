"""Playlists from a nucleus song with every particular of the study as published.

It is no `Recommender`: it is fitted on the very batch that it generates for, its lists begin with
the nucleus, may be too long, and may name a song twice. `nucleus` mends all this.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import starmap
from typing import Self

import numpy as np

from model.clusters import Clusters
from model.features import aggregate
from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.base import Training
from model.recommenders.nucleus import top_playlists

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
    pools_ : list of ndarray
        Of each cluster, the entries of its top playlists end to end, repeats included.
    """

    similar: Ragged
    n_clusters: int = 10
    playlists_per_cluster: int = 5
    share: float = 0.5
    random_state: int = 0
    clusters_: Clusters = field(init=False)
    pools_: list[IntArray] = field(init=False)
    _songs: FloatArray = field(init=False, repr=False)

    def fit(self, batch: Training) -> Self:
        """Find the clusters of the batch and their top playlists, on raw features."""
        self._songs = batch.songs
        self.clusters_ = Clusters(self.n_clusters, random_state=self.random_state)
        self.clusters_.fit(aggregate(batch.playlists, batch.songs))
        tops = top_playlists(batch, self.clusters_, n=self.playlists_per_cluster)
        self.pools_ = [batch.playlists.take(top).values for top in tops]
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
        similar = [
            extend([nucleus], self.similar, target)
            for nucleus, target in zip(nuclei.tolist(), targets.tolist(), strict=True)
        ]
        clusters = self.clusters_.predict(aggregate(Ragged.of(similar), self._songs))
        drawn = list(
            starmap(self._draw, zip(clusters.tolist(), (n - targets).tolist(), strict=True))
        )
        songs = [
            [] if rest is None else found + rest for found, rest in zip(similar, drawn, strict=True)
        ]
        return Ragged.of(songs), ["" if rest is not None else SONG_TWICE for rest in drawn]

    def _draw(self, cluster: int, n: int) -> list[int] | None:
        """Draw entries, or take all and extend them; None where the study's assertion fails."""
        pool = self.pools_[cluster]
        if len(pool) >= n:
            drawn: list[int] = pool[_permutation(self.random_state, len(pool))[:n]].tolist()
            return drawn
        if len(np.unique(pool)) < len(pool):
            return None
        return extend(pool.tolist(), self.similar, n)


def extend(songs: list[int], similar: Ragged, target: int) -> list[int]:
    """Append similar songs as the study did: one level, then no further.

    The first song's similar songs are appended; then, unless the list is already longer than the
    target, those of every song that stands in the list at this moment. Nothing is cut off.

    Parameters
    ----------
    songs : list of int
        Different songs, at least one.
    similar : Ragged, n_songs lists
        May name a song twice, and itself; what is listed already is passed over.
    target : int

    Returns
    -------
    list of int
        The songs given, then those appended.

    Examples
    --------
    >>> extend([0], Ragged.of([[1, 1], [0, 2], [3], []]), 2)
    [0, 1, 2]
    >>> extend([0], Ragged.of([[1, 1], [0, 2], [3], []]), 1)
    [0, 1]
    """
    extended = dict.fromkeys(songs)
    extended.update(dict.fromkeys(similar[songs[0]].tolist()))
    if len(extended) <= target:
        for song in list(extended):
            extended.update(dict.fromkeys(similar[song].tolist()))
    return list(extended)


@lru_cache(maxsize=1024)
def _permutation(random_state: int, n: int) -> IntArray:
    """Order in which pandas' ``sample(..., random_state=random_state)`` takes n rows."""
    # The legacy generator is what pandas makes of a whole number: the draws must be the study's.
    return np.random.RandomState(random_state).permutation(n)
