"""Which songs of a corpus a Spotify id, or a row of the table of tracks, stands for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from model.ragged import IntArray, Ragged


@dataclass(frozen=True, slots=True)
class SongPlaces:
    """The songs that are asked for, by the two names that tracks have.

    Parameters
    ----------
    numbers : ndarray, shape (n_tracks,)
        Song number of each row of the table of tracks; -1 where it is none of them.
    ids : Index of str
        The different Spotify ids of the songs.
    by_id : Ragged, len(ids) lists
        Song numbers of each id, ascending: two rows of the table may have one id.
    """

    numbers: IntArray
    ids: "pd.Index[str]"
    by_id: Ragged

    @classmethod
    def of(cls, spotify_ids: "pd.Series[str]", songs: IntArray | None = None) -> Self:
        """Give the rows `songs` of the tracks with these ids their numbers; without it, all rows.

        Examples
        --------
        >>> places = SongPlaces.of(pd.Series(["a", None, "b", "a"]), np.array([3, 0, 1]))
        >>> places.numbers.tolist(), places.by_id.values.tolist()
        ([1, 2, -1, 0], [0, 1])
        """
        rows = np.arange(len(spotify_ids)) if songs is None else songs
        numbers = np.full(len(spotify_ids), -1, dtype=np.int64)
        numbers[rows] = np.arange(len(rows))
        codes, ids = pd.factorize(spotify_ids.iloc[rows])
        order = np.argsort(codes, kind="stable")[np.count_nonzero(codes < 0) :]
        return cls(numbers, pd.Index(ids), Ragged.grouped(codes[order], order, len(ids)))

    @property
    def n_songs(self) -> int:
        """Number of songs."""
        return int(np.count_nonzero(self.numbers >= 0))

    def of_ids(self, spotify_ids: Sequence[str]) -> tuple[IntArray, IntArray]:
        """Find the songs with these ids.

        Returns
        -------
        places, songs : ndarray, shape (n_found,)
            Place in `spotify_ids`, ascending, and song number of each that is found.
        """
        codes = self.ids.get_indexer(pd.Index(spotify_ids))
        known = np.flatnonzero(codes >= 0)
        found = self.by_id.take(codes[known])
        return known[found.owners], found.values

    def of_tracks(self, tracks: Ragged) -> tuple[IntArray, IntArray]:
        """Find the songs among lists of rows of the table of tracks: list and song number of each.

        Examples
        --------
        >>> places = SongPlaces.of(pd.Series(["a", "b"]), np.array([1]))
        >>> [found.tolist() for found in places.of_tracks(Ragged.of([[0], [0, 1]]))]
        [[1], [0]]
        """
        songs = self.numbers[tracks.values]
        return tracks.owners[songs >= 0], songs[songs >= 0]
