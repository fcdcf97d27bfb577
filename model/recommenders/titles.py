"""Songs of the training playlists whose names are like the one given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from model.ragged import IntArray, Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.base import Training, in_order
from model.recommenders.finder import Finder
from model.recommenders.holdings import held_songs, inverse_frequency
from model.recommenders.spreading import Weighted, spread
from model.recommenders.title_matcher import TitleMatcher
from model.recommenders.title_words import normalise
from model.text import number_names


@dataclass(slots=True)
class TitleNeighbours(Finder):
    """Sum over the most similar names how many of their playlists hold a song.

    With names t of the training playlists, N_t playlists of that name of which n_tj hold song j,

        score(q, j) = idf(j)^rarity  sum over t of  cos(q, t)^sharpness  n_tj / (N_t + smoothing)^a

    where cos is that of `TitleMatcher`, idf(j) = log(1 + N / n_j), a = `damping`. A name alone has
    seen many a song by chance; the smoothing keeps it from counting as much as a name of hundreds.

    Parameters
    ----------
    k : int
        Names that count.
    sharpness : float
        Above 0: more favours the most similar names.
    smoothing : float
        At least 0, in playlists.
    damping : float
        In [0, 1]: 1 gives each name the same weight, 0 each playlist.
    rarity : float
        At least 0: more favours songs that few playlists hold.

    Attributes
    ----------
    matcher_ : TitleMatcher
        Of the different names, in one spelling.
    songs_ : Weighted, n_names lists
        Songs of each name, with weights.
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    k: int = 100
    sharpness: float = 2.0
    smoothing: float = 2.0
    damping: float = 0.5
    rarity: float = 0.0
    matcher_: TitleMatcher = field(init=False, repr=False)
    songs_: Weighted = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False, repr=False)
    _backoff: Backoff = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Gather the songs of each different name."""
        self.fitted_on_ = train.playlist_ids
        # Of equally similar names the first ones count.
        train = in_order(train)
        self._backoff = Backoff.of(train)
        codes, names = number_names([normalise(title) for title in titles_of(train)])
        self.matcher_ = TitleMatcher().fit(names)
        ones = np.ones(len(codes), dtype=np.float32)
        shape = (max(len(names), 1), len(codes))
        holders = csr_array((ones, (codes, np.arange(len(codes)))), shape=shape)
        songs = csr_array(holders @ held_songs(train))
        sizes = np.bincount(codes, minlength=shape[0]).astype(np.float64)
        idf = inverse_frequency(train.popularity(), len(train.playlists))
        weights = (sizes + self.smoothing) ** -self.damping
        songs.data = songs.data * np.repeat(weights, np.diff(songs.indptr))
        songs.data *= idf[songs.indices] ** self.rarity
        self.songs_ = Weighted.of_matrix(songs)
        return self

    def find(self, seeds: Ragged, titles: Sequence[str], limits: IntArray) -> Weighted:
        """Find songs of playlists with similar names; see `Finder`."""
        near = self.matcher_.match(titles, n=self.k)
        weighed = Weighted.of(near.lists, near.weights**self.sharpness, near.n_numbers)
        return spread(weighed, self.songs_, n=limits, taken=seeds)


def titles_of(train: Training) -> list[str]:
    """Give the names as their owners wrote them, or clean ones where these are not known."""
    return train.names if train.titles is None else train.titles
