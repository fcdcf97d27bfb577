"""Sums and maxima over lists of songs: compiled, without checks."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.compiling import compiled
from model.ragged import FloatArray, IntArray, SongArray


@compiled
def aggregate_lists(
    indptr: IntArray,
    values: SongArray,
    songs: NDArray[np.floating[Any]],
    n_means: int,
    features: FloatArray,
) -> None:
    """Write the mean of the first `n_means` columns over each list, and the maximum of the others.

    The row of an empty list stays as it is. Sums are of 64 bits and in the order of the list,
    whatever the type of `songs`.
    """
    n_columns = songs.shape[1]
    for row in range(len(features)):
        start, stop = indptr[row], indptr[row + 1]
        if start == stop:
            continue
        for column in range(n_columns):
            features[row, column] = songs[values[start], column]
        for place in range(start + 1, stop):
            song = values[place]
            for column in range(n_means):
                features[row, column] += songs[song, column]
            for column in range(n_means, n_columns):
                features[row, column] = max(features[row, column], songs[song, column])
        for column in range(n_means):
            features[row, column] /= stop - start
