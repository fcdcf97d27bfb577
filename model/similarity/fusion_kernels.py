"""Fuse lists by the places that songs have in them: compiled, without checks."""

import numpy as np

from model.compiling import compiled
from model.ragged import IntArray
from model.similarity.interactions_kernels import SmallIntArray
from model.similarity.neighbours import SmallFloatArray


@compiled
def fuse_rows(
    indptr: IntArray,
    values: SmallIntArray,
    k: int,
    damping: int,
    n_numbers: int,
    ends: IntArray,
    songs: SmallIntArray,
    counts: SmallIntArray,
    scores: SmallFloatArray,
) -> None:
    """Write the best `k` of each row; `indptr`, shape (n_sources, n_rows + 1), is into `values`."""
    n_sources, n_rows = indptr.shape[0], indptr.shape[1] - 1
    sums, named = np.zeros(n_numbers), np.zeros(n_numbers, np.int32)
    most = n_sources / (damping + 1)
    size = 0
    for row in range(n_rows):
        length = 0
        for source in range(n_sources):
            length += indptr[source, row + 1] - indptr[source, row]
        seen = np.empty(length, np.int32)
        n_seen = 0
        for source in range(n_sources):
            start = indptr[source, row]
            for at in range(start, indptr[source, row + 1]):
                song = values[at]
                if named[song] == 0:
                    seen[n_seen] = song
                    n_seen += 1
                named[song] += 1
                sums[song] += 1 / (damping + 1 + at - start)
        # Sorted stably: of equal sums, the song that was seen first.
        order = np.argsort(-sums[seen[:n_seen]], kind="mergesort")
        for place in order[:k]:
            song = seen[place]
            songs[size], counts[size], scores[size] = song, named[song], sums[song] / most
            size += 1
        for song in seen[:n_seen]:
            sums[song], named[song] = 0, 0
        ends[row + 1] = size
