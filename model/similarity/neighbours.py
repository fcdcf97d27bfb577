"""Similar songs of each song, in memory or in files, whole or in parts."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from model.ragged import IntArray, Ragged
from model.similarity.interactions_kernels import SmallIntArray
from model.storage.arrays import check_shapes, open_arrays, save_arrays

SmallFloatArray: TypeAlias = NDArray[np.float32]
TYPES = {"indptr": np.int64, "songs": np.int32, "counts": np.int32, "scores": np.float32}


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Similar songs of each song of a run of songs, best first, end to end.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_run + 1,)
        Those of the run's song ``i`` are ``songs[indptr[i]:indptr[i + 1]]``. The run is the whole
        catalogue unless it was asked for less.
    songs : ndarray of int32, shape (n_pairs,)
        Song numbers of the catalogue.
    counts : ndarray of int32, shape (n_pairs,)
        How often the pair occurs.
    scores : ndarray of float32, shape (n_pairs,)
        Never ascending within a song; where they are equal, song numbers ascend (`find_similar`).
    """

    indptr: IntArray
    songs: SmallIntArray
    counts: SmallIntArray
    scores: SmallFloatArray

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
        arrays = open_arrays(directory, list(TYPES))
        found = cls(**arrays)
        size = len(found.songs)
        whole = size == len(found.counts) == len(found.scores) and len(found.indptr) > 0
        typed = all(array.dtype == TYPES[name] for name, array in arrays.items())
        check_shapes(directory, is_whole=whole and typed and bool(found.indptr[-1] == size))
        return found

    def save(self, directory: Path) -> None:
        """Write one ``.npy`` file an array into an existing directory."""
        save_arrays(directory, {name: getattr(self, name) for name in TYPES})

    @property
    def lists(self) -> Ragged:
        """The similar songs alone, n_run lists; the same memory."""
        return Ragged(self.indptr, self.songs)


def join(parts: Iterable[Neighbours]) -> Neighbours:
    """Put the parts of consecutive runs end to end.

    Parameters
    ----------
    parts : iterable of Neighbours
        In the order of their songs; taken one at a time, so that a generator that makes or opens
        them holds one besides the result.

    Examples
    --------
    >>> part = Neighbours(np.array([0, 2]), np.array([7, 8], np.int32), *[np.array([1, 1])] * 2)
    >>> whole = join([part, part])
    >>> whole.indptr.tolist(), whole.songs.tolist()
    ([0, 2, 4], [7, 8, 7, 8])
    """
    indptrs = [np.zeros(1, dtype=np.int64)]
    songs, counts, scores = (np.empty(0, dtype=TYPES[name]) for name in list(TYPES)[1:])
    for part in parts:
        indptrs.append(part.indptr[1:] + len(songs))
        _append(songs, part.songs)
        _append(counts, part.counts)
        _append(scores, part.scores)
    return Neighbours(np.concatenate(indptrs), songs, counts, scores)


def _append(whole: NDArray[np.generic], further: NDArray[np.generic]) -> None:
    """Grow an array where it lies: the operating system moves pages, no second copy is held."""
    size = len(whole)
    whole.resize(size + len(further), refcheck=False)
    whole[size:] = further
