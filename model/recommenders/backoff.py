"""What fills a list that a recommender leaves short: the most popular songs that are left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from model.errors import InputError
from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.base import (
    Room,
    Training,
    check_asked,
    rank_by_popularity,
    wanted,
)
from model.recommenders.draw_kernels import take_ranked
from model.recommenders.spreading import Weighted


@dataclass(frozen=True, slots=True)
class Backoff:
    """Songs by popularity.

    Parameters
    ----------
    ranked : ndarray
        Songs that a training playlist holds, those of most playlists first; ties by number.
    n_songs : int
        Of the catalogue.
    """

    ranked: IntArray
    n_songs: int

    @classmethod
    def of(cls, train: Training) -> Self:
        """Rank the songs of the training playlists.

        Raises
        ------
        InputError
            If there are no playlists.
        """
        if not len(train.playlists):
            msg = "no playlists to learn from; `harvest mpd` and `harvest playlists` read some"
            raise InputError(msg)
        return cls(rank_by_popularity(train.popularity()), train.n_songs)

    def check(self, seeds: Ragged, title: Sequence[str | None] | None) -> list[str]:
        """Give the titles; refuse what cannot be asked (`base.check_asked`)."""
        return check_asked(seeds, title, self.n_songs)

    def limits(self, seeds: Ragged, n: IntArray | int) -> IntArray:
        """Spread `n` over the playlists; no list can be longer than there are songs."""
        return np.clip(wanted(seeds, n), 0, len(self.ranked))

    def fill(self, found: Weighted, seeds: Ragged, n: IntArray | int) -> tuple[Ragged, FloatArray]:
        """Put the most popular songs that are left behind what was found.

        Parameters
        ----------
        found : Weighted, n_playlists lists
            At most `n` songs each, no seed among them.
        seeds : Ragged, n_playlists lists
        n : int or ndarray, shape (n_playlists,)

        Returns
        -------
        songs : Ragged, n_playlists lists
            `n` songs each, or all there are besides the seeds.
        scores : ndarray
            Those found, and 0 for what was filled.

        Examples
        --------
        >>> found = Weighted.of(Ragged.of([[2]]), np.array([0.5]), 4)
        >>> songs, scores = Backoff(np.array([3, 2, 1]), 4).fill(found, Ragged.of([[3]]), 2)
        >>> songs[0].tolist(), scores.tolist()
        ([2, 1], [0.5, 0.0])
        """
        missing = self.limits(seeds, n) - found.lists.lengths
        room = Room.make(self.n_songs, missing)
        taken = seeds.joined(found.lists)
        take_ranked(taken.indptr, taken.values, self.ranked, missing, *room)
        songs = found.lists.joined(room.lists)
        scores = np.zeros(len(songs.values))
        shift = np.repeat(songs.indptr[:-1] - found.indptr[:-1], found.lists.lengths)
        scores[np.arange(len(shift)) + shift] = found.weights
        return songs, scores
