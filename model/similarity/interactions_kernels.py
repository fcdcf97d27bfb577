"""Turn lists round, and sum over them: compiled, without checks."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled
from model.ragged import IntArray, SongArray

SmallIntArray: TypeAlias = NDArray[np.int32]


@compiled
def count_values(values: SongArray, size: int) -> IntArray:
    """Count each value below `size`; numpy's own would widen all values first."""
    counts = np.zeros(size, np.int64)
    for value in values:
        counts[value] += 1
    return counts


@compiled
def relabel(values: SongArray, labels: SmallIntArray) -> SmallIntArray:
    """Put each value's label in its place."""
    relabelled = np.empty(len(values), np.int32)
    for place in range(len(values)):
        relabelled[place] = labels[values[place]]
    return relabelled


@compiled
def drop_repeats(
    indptr: IntArray, songs: SmallIntArray, n_songs: int
) -> tuple[IntArray, SmallIntArray]:
    """Keep the first occurrence of each song in each playlist, in the place of what was there."""
    last = np.full(n_songs, -1, np.int32)
    kept_indptr = np.zeros(len(indptr), np.int64)
    size = 0
    for playlist in range(len(indptr) - 1):
        for place in range(indptr[playlist], indptr[playlist + 1]):
            song = songs[place]
            if last[song] != playlist:
                last[song] = playlist
                songs[size] = song
                size += 1
        kept_indptr[playlist + 1] = size
    return kept_indptr, songs[:size]


@compiled
def transpose(
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
def sum_by_song(
    songs: SmallIntArray, song_indptr: IntArray, playlists: SmallIntArray, values: IntArray
) -> IntArray:
    """Sum a value of each playlist over the playlists of each of these songs."""
    sums = np.zeros(len(songs), np.int64)
    for row in range(len(songs)):
        for held in range(song_indptr[songs[row]], song_indptr[songs[row] + 1]):
            sums[row] += values[playlists[held]]
    return sums
