"""Which playlist holds which songs, and the same the other way round, in memory or in files."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from model.errors import InputError
from model.ragged import IntArray, Ragged, SongArray
from model.similarity.interactions_kernels import (
    SmallIntArray,
    count_values,
    drop_repeats,
    relabel,
    sum_by_song,
    transpose,
)
from model.storage.arrays import check_shapes, open_arrays, save_arrays


class Lists(NamedTuple):
    """The playlist x song matrix in compressed rows, and its transpose.

    Here a song goes by its *rank*: 0 is the one with the most entries, ties by song number. What is
    kept of popular songs, which most pairs are about, then lies together in the processor's cache:
    counting takes a third less time.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_playlists + 1,)
        Playlist ``i`` is ``songs[indptr[i]:indptr[i + 1]]``.
    songs : ndarray of int32, shape (n_entries,)
        Ranks.
    song_indptr : ndarray of int64, shape (n_songs + 1,)
        The playlists of rank ``j`` are ``playlists[song_indptr[j]:song_indptr[j + 1]]``.
    playlists : ndarray of int32, shape (n_entries,)
        Ascending for each song.
    numbers : ndarray of int32, shape (n_songs,)
        Song number of each rank.
    ranks : ndarray of int32, shape (n_songs,)
        Rank of each song number.
    """

    indptr: IntArray
    songs: SmallIntArray
    song_indptr: IntArray
    playlists: SmallIntArray
    numbers: SmallIntArray
    ranks: SmallIntArray


@dataclass(frozen=True, slots=True)
class Interactions:
    """Playlists of songs and songs' playlists, either once for each or as often as they stand.

    Parameters
    ----------
    lists : Lists
    has_repeats : bool
        Whether a song that stands twice in a playlist does so here.
    """

    lists: Lists
    has_repeats: bool

    @classmethod
    def of(cls, playlists: Ragged, n_songs: int, *, repeats: bool = False) -> Self:
        """Turn playlists into interactions, in time linear in their entries.

        Besides the result, which takes eight bytes an entry, nothing grows with the entries.

        Parameters
        ----------
        playlists : Ragged
            Song numbers in order.
        n_songs : int
            Song numbers are below this.
        repeats : bool
            Keep every place (for directional counts), or a song once a playlist (for symmetric).

        Raises
        ------
        InputError
            If a song number is below 0 or not below `n_songs`.

        Examples
        --------
        >>> held = Interactions.of(Ragged.of([[0, 2, 0], [2]]), 3)
        >>> held.lists.songs.tolist(), held.lists.playlists.tolist()
        ([0, 1, 1], [0, 0, 1])
        >>> held.lists.numbers.tolist(), held.degrees.tolist()
        ([0, 2, 1], [1, 2, 0])
        """
        _check_numbers(playlists.values, n_songs)
        popularity = count_values(playlists.values, n_songs)
        numbers = np.argsort(-popularity, kind="stable").astype(np.int32)
        ranks = np.empty_like(numbers)
        ranks[numbers] = np.arange(n_songs, dtype=np.int32)
        indptr, songs = playlists.indptr, relabel(playlists.values, ranks)
        if not repeats:
            indptr, songs = drop_repeats(indptr, songs, n_songs)
        transposed = transpose(indptr, songs, n_songs)
        return cls(Lists(indptr, songs, *transposed, numbers, ranks), repeats)

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Map the files that `save` wrote into memory; they are read where they are needed.

        Raises
        ------
        OSError
            If a file is absent.
        StorageError
            If one is no array, or they do not belong together.
        """
        arrays = open_arrays(directory, [*Lists._fields, "has_repeats"])
        repeats = bool(arrays.pop("has_repeats"))
        lists = Lists(**arrays)
        check_shapes(directory, is_whole=_is_whole(lists))
        return cls(lists, repeats)

    def save(self, directory: Path) -> None:
        """Write one ``.npy`` file an array into an existing directory."""
        save_arrays(directory, {**self.lists._asdict(), "has_repeats": np.array(self.has_repeats)})

    @property
    def n_songs(self) -> int:
        """Number of songs of the catalogue."""
        return len(self.lists.song_indptr) - 1

    @property
    def lengths(self) -> IntArray:
        """Entries of each playlist, shape (n_playlists,)."""
        return np.diff(self.lists.indptr)

    @property
    def degrees(self) -> IntArray:
        """Entries of each song by rank, shape (n_songs,): its playlists, without repeats."""
        return np.diff(self.lists.song_indptr)

    def sums(self, playlist_values: IntArray, ranks: SmallIntArray | None = None) -> IntArray:
        """Sum a value of each playlist over the entries of each song.

        Parameters
        ----------
        playlist_values : ndarray of int64, shape (n_playlists,)
        ranks : ndarray of int32, shape (n_sums,), optional
            The songs to sum for; without it, all of them, by rank.

        Returns
        -------
        ndarray, shape (n_sums,)

        Examples
        --------
        >>> Interactions.of(Ragged.of([[0, 2], [2]]), 3).sums(np.array([5, 7])).tolist()
        [12, 5, 0]
        """
        if ranks is None:
            ranks = np.arange(self.n_songs, dtype=np.int32)
        return sum_by_song(ranks, self.lists.song_indptr, self.lists.playlists, playlist_values)


def _check_numbers(songs: SongArray, n_songs: int) -> None:
    if not len(songs):
        return
    lowest, highest = int(songs.min()), int(songs.max())
    if lowest < 0 or highest >= n_songs:
        msg = f"song numbers reach from {lowest} to {highest}; expected 0 to {n_songs - 1}"
        raise InputError(msg)


def _is_whole(lists: Lists) -> bool:
    n_entries, n_songs = len(lists.songs), len(lists.numbers)
    return (
        len(lists.song_indptr) == n_songs + 1 == len(lists.ranks) + 1
        and len(lists.indptr) > 0
        and lists.indptr[-1] == lists.song_indptr[-1] == n_entries == len(lists.playlists)
        and all(
            array.dtype == (np.int64 if name.endswith("indptr") else np.int32)
            for name, array in lists._asdict().items()
        )
    )
