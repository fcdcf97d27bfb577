"""Which playlist holds which songs, and the same the other way round, in memory or in files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled
from model.errors import InputError
from model.ragged import IntArray, Ragged

SmallIntArray: TypeAlias = NDArray[np.int32]


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
        popularity = np.bincount(playlists.values, minlength=n_songs)
        numbers = np.argsort(-popularity, kind="stable").astype(np.int32)
        ranks = np.empty_like(numbers)
        ranks[numbers] = np.arange(n_songs, dtype=np.int32)
        indptr, songs = playlists.indptr, ranks[playlists.values]
        if not repeats:
            indptr, songs = _drop_repeats(indptr, songs, n_songs)
        transposed = _transpose(indptr, songs, n_songs)
        return cls(Lists(indptr, songs, *transposed, numbers, ranks), repeats)

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Map the files that `save` wrote into memory; they are read where they are needed.

        Raises
        ------
        InputError
            If a file is absent or is no array.
        """
        try:
            lists = Lists(**{name: _map(directory / f"{name}.npy") for name in Lists._fields})
            repeats = bool(np.load(directory / "has_repeats.npy"))
        except (OSError, ValueError) as error:
            msg = f"cannot read interactions from {directory} ({error}); save them again"
            raise InputError(msg) from error
        return cls(lists, repeats)

    def save(self, directory: Path) -> None:
        """Write one ``.npy`` file an array into an existing directory."""
        for name, array in self.lists._asdict().items():
            np.save(directory / f"{name}.npy", array)
        np.save(directory / "has_repeats.npy", self.has_repeats)

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

    def sums(self, playlist_values: IntArray) -> IntArray:
        """Sum a value of each playlist over the entries of each song.

        Parameters
        ----------
        playlist_values : ndarray, shape (n_playlists,)

        Returns
        -------
        ndarray, shape (n_songs,)
            By rank.

        Examples
        --------
        >>> Interactions.of(Ragged.of([[0, 2], [2]]), 3).sums(np.array([5, 7])).tolist()
        [12, 5, 0]
        """
        return _sum_by_song(self.lists, playlist_values)


def _check_numbers(songs: IntArray, n_songs: int) -> None:
    if not len(songs):
        return
    lowest, highest = int(songs.min()), int(songs.max())
    if lowest < 0 or highest >= n_songs:
        msg = f"song numbers reach from {lowest} to {highest}; expected 0 to {n_songs - 1}"
        raise InputError(msg)


def _map(path: Path) -> NDArray[Any]:
    """Map a file, copying a page only if it were written to, which nothing does."""
    # Mapped as read-only, it would be another type to the compiler, and be compiled for once more.
    return np.asarray(np.load(path, mmap_mode="c"))


@compiled
def _drop_repeats(
    indptr: IntArray, songs: SmallIntArray, n_songs: int
) -> tuple[IntArray, SmallIntArray]:
    """Keep the first occurrence of each song in each playlist."""
    last = np.full(n_songs, -1, np.int64)
    kept_indptr = np.zeros(len(indptr), np.int64)
    kept = np.empty_like(songs)
    size = 0
    for playlist in range(len(indptr) - 1):
        for place in range(indptr[playlist], indptr[playlist + 1]):
            song = songs[place]
            if last[song] != playlist:
                last[song] = playlist
                kept[size] = song
                size += 1
        kept_indptr[playlist + 1] = size
    return kept_indptr, kept[:size].copy()


@compiled
def _transpose(
    indptr: IntArray, songs: SmallIntArray, n_songs: int
) -> tuple[IntArray, SmallIntArray]:
    """List each song's playlists in ascending order, as often as they hold it."""
    song_indptr = np.zeros(n_songs + 1, np.int64)
    for song in songs:
        song_indptr[song + 1] += 1
    song_indptr = np.cumsum(song_indptr)
    place = song_indptr[:-1].copy()
    playlists = np.empty(len(songs), np.int32)
    for playlist in range(len(indptr) - 1):
        for song in songs[indptr[playlist] : indptr[playlist + 1]]:
            playlists[place[song]] = playlist
            place[song] += 1
    return song_indptr, playlists


@compiled
def _sum_by_song(lists: Lists, playlist_values: IntArray) -> IntArray:
    sums = np.zeros(len(lists.song_indptr) - 1, np.int64)
    for playlist in range(len(lists.indptr) - 1):
        for place in range(lists.indptr[playlist], lists.indptr[playlist + 1]):
            sums[lists.songs[place]] += playlist_values[playlist]
    return sums
