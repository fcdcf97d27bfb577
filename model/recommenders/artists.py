"""Other songs of the seeds' artists and albums, and of artists that share playlists with these."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from scipy.sparse import csr_array, diags_array

from model.ragged import IntArray, Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.base import Training
from model.recommenders.finder import Finder
from model.recommenders.groups import Groups, groups_of
from model.recommenders.holdings import counted, songs_of_groups
from model.recommenders.spreading import Weighted, beside, spread, stacked
from model.similarity.cooccurrence import find_similar
from model.similarity.interactions import Interactions
from model.similarity.weighting import Weighting

SHRUNK = Weighting("cosine", shrinkage=2.0, damping=0.4)
"""Chance meetings of two artists weigh less; damped less than by a cosine's root."""


@dataclass(slots=True)
class ArtistSongs(Finder):
    """Recommend what is popular by the seeds' artists, by similar ones, and on the seeds' albums.

    With c(q, a) the seeds by artist a, c(q, l) those on album l, p_aj and p_lj the share of song j
    in the entries of an artist and an album, and sim(a, b) how similar two artists are by the
    playlists that hold both,

        score(q, j) = sum over b of (sum over a of c(q, a)^evenness ([a = b] + reach sim(a, b)))
                      (N_b / N)^damping p_bj  +  albums sum over l of c(q, l)^evenness p_lj

    where N_b are the entries of artist b, and N those of the artist with most.

    Parameters
    ----------
    weighting : Weighting
        What makes artists similar.
    k : int
        Similar artists that are kept of each.
    reach : float
        At least 0: what similar artists count beside the seeds' own.
    albums : float
        At least 0: what albums count beside artists.
    evenness : float
        In [0, 1]: 1 counts every seed, 0 every artist once.
    damping : float
        At least 0: more favours artists with many entries.

    Attributes
    ----------
    similar_ : Weighted, n_artists lists
        Similar artists of each, and itself.
    songs_ : Weighted
        Songs of each artist and, behind these, of each album.
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    weighting: Weighting = SHRUNK
    k: int = 100
    reach: float = 0.5
    albums: float = 0.5
    evenness: float = 0.7
    damping: float = 0.3
    similar_: Weighted = field(init=False, repr=False)
    songs_: Weighted = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False, repr=False)
    _artists: Groups = field(init=False, repr=False)
    _albums: Groups = field(init=False, repr=False)
    _backoff: Backoff = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Find similar artists; list the songs of artists and albums by popularity."""
        self.fitted_on_ = train.playlist_ids
        self._backoff = Backoff.of(train)
        self._artists, self._albums = groups_of(train, "artists"), groups_of(train, "albums")
        by_artist = songs_of_groups(train, self._artists, power=self.damping)
        by_album = songs_of_groups(train, self._albums, power=0.0)
        self.songs_ = stacked([by_artist, by_album])
        held = counted(train.playlists, self._artists)
        found = find_similar(
            Interactions.of(held.lists, held.n_numbers), k=self.k, weighting=self.weighting
        )
        similar = Weighted(found.indptr, found.songs, found.scores, held.n_numbers).matrix
        itself = diags_array(np.ones(held.n_numbers, dtype=np.float32))
        self.similar_ = Weighted.of_matrix(csr_array(itself + similar * np.float32(self.reach)))
        return self

    def find(self, seeds: Ragged, titles: Sequence[str], limits: IntArray) -> Weighted:
        """Find songs of the seeds' artists and albums; see `Finder`."""
        distinct = seeds.distinct()
        artists = _even(counted(distinct, self._artists), self.evenness)
        albums = _even(counted(distinct, self._albums), self.evenness)
        near = spread(artists, self.similar_, n=self.similar_.n_numbers)
        scaled = Weighted.of(albums.lists, albums.weights * self.albums, albums.n_numbers)
        return spread(beside([near, scaled]), self.songs_, n=limits, taken=seeds)


def _even(counts: Weighted, power: float) -> Weighted:
    return Weighted.of(counts.lists, counts.weights**power, counts.n_numbers)
