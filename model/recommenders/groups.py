"""Which artist or album each song is of."""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from model.ragged import IntArray
from model.recommenders.base import Training

Level = Literal["songs", "albums", "artists"]


@dataclass(frozen=True, slots=True)
class Groups:
    """The artist or album of each song of the catalogue.

    Parameters
    ----------
    of_songs : ndarray, shape (n_songs,)
        −1 where it is unknown.
    n : int
        Groups are below this.
    """

    of_songs: IntArray
    n: int

    @classmethod
    def of(cls, of_songs: IntArray) -> Self:
        """Count the groups: once, as a catalogue may hold millions of songs.

        Examples
        --------
        >>> Groups.of(np.array([2, -1])).n, Groups.of(np.array([-1])).n
        (3, 0)
        """
        return cls(of_songs, int(of_songs.max(initial=-1)) + 1)


def groups_of(train: Training, level: Level) -> Groups:
    """Group songs by album or artist, where these are known, or each for itself."""
    if level == "songs":
        return Groups(np.arange(train.n_songs, dtype=np.int64), train.n_songs)
    known = train.albums if level == "albums" else train.artists
    return Groups.of(np.full(train.n_songs, -1, dtype=np.int64) if known is None else known)
