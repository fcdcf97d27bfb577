"""Songs of the training playlists that are most like the one to continue."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from model.ragged import IntArray, Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.base import Training, in_order
from model.recommenders.finder import Finder
from model.recommenders.groups import Groups, Level, groups_of
from model.recommenders.holdings import counted, held_songs, inverse_frequency
from model.recommenders.spreading import Weighted, spread


@dataclass(slots=True)
class SimilarPlaylists(Finder):
    """Sum over the most similar training playlists how similar each is.

    Two playlists are as similar as the cosine of what they share, rare things weighing more
    (Bonnin & Jannach 2014, doi:10.1145/2652481): with idf(i) = log(1 + N / n_i) of a song, an
    album or an artist i,

        sim(q, p) = sum over i in both of  tf(q, i) tf(p, i) idf(i)^2  /  |p|^damping

    where |p| is the length of p's vector and tf the square root of how often i occurs. Then

        score(q, j) = idf(j)^rarity  sum over p that hold j of  sim(q, p)^sharpness

    Parameters
    ----------
    level : {"songs", "albums", "artists"}
        What playlists are compared by.
    k : int
        Training playlists that count.
    damping : float
        In [0, 1]: 1 is the cosine; less favours long playlists.
    sharpness : float
        Above 0: more favours the most similar playlists.
    rarity : float
        At least 0: more favours songs that few playlists hold.

    Attributes
    ----------
    holders_ : Weighted
        Of each song, album or artist, the playlists that hold it, with weights.
    songs_ : Weighted, n_playlists lists
        Songs of each playlist, with weights.
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    level: Level = "songs"
    k: int = 200
    damping: float = 0.5
    sharpness: float = 1.0
    rarity: float = 0.0
    holders_: Weighted = field(init=False, repr=False)
    songs_: Weighted = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False, repr=False)
    _groups: Groups = field(init=False, repr=False)
    _backoff: Backoff = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Weigh what each playlist holds."""
        self.fitted_on_ = train.playlist_ids
        # Of equally similar playlists the first ones count.
        train = in_order(train)
        self._backoff = Backoff.of(train)
        self._groups = groups_of(train, self.level)
        held = counted(train.playlists.distinct(), self._groups).matrix
        idf = inverse_frequency(held.count_nonzero(axis=0), held.shape[0])
        held.data = np.sqrt(held.data) * idf[held.indices]
        length = np.sqrt(np.asarray((held**2).sum(axis=1)).ravel())
        held.data /= np.repeat(np.maximum(length, 1e-9) ** self.damping, np.diff(held.indptr))
        held.data *= idf[held.indices]
        self.holders_ = Weighted.of_matrix(held).transposed()
        songs = held_songs(train)
        song_idf = inverse_frequency(train.popularity(), len(train.playlists))
        songs.data = song_idf[songs.indices] ** self.rarity
        self.songs_ = Weighted.of_matrix(songs)
        return self

    def find(self, seeds: Ragged, titles: Sequence[str], limits: IntArray) -> Weighted:
        """Find songs of similar playlists; see `Finder`."""
        queries = counted(seeds.distinct(), self._groups)
        near = spread(
            Weighted.of(queries.lists, np.sqrt(queries.weights), queries.n_numbers),
            self.holders_,
            n=self.k,
        )
        weighed = Weighted.of(near.lists, near.weights**self.sharpness, near.n_numbers)
        return spread(weighed, self.songs_, n=limits, taken=seeds)
