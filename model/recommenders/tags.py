"""Songs that listeners tag like the seeds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from model.ragged import IntArray, Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.base import Training
from model.recommenders.finder import Finder
from model.recommenders.spreading import Weighted, spread


@dataclass(slots=True)
class TagNeighbours(Finder):
    """Recommend the songs whose tags are most like those of the seeds together.

    With t_j the tf-idf vector of a song's tags, of length 1, and n_j the playlists that hold it,

        score(q, j) = t_j . (sum of t over the seeds)  n_j^popularity

    Of the seeds' tags the `most_tags` that weigh most count. Where no seed has any tag, the
    back-off answers.

    Parameters
    ----------
    popularity : float
        At least 0.
    most_tags : int
        At least 1.

    Attributes
    ----------
    vectors_ : csr_array of float32, shape (n_songs, n_tags)
        Tags of every song of the catalogue (`tag_vectors`).
    holders_ : Weighted, n_tags lists
        Songs of the training playlists that have each tag.
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    popularity: float = 0.5
    most_tags: int = 20
    vectors_: csr_array = field(init=False, repr=False)
    holders_: Weighted = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False, repr=False)
    _backoff: Backoff = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Weigh the tags of the songs."""
        self.fitted_on_ = train.playlist_ids
        self._backoff = Backoff.of(train)
        self.vectors_ = tag_vectors(train)
        counts = train.popularity()
        held = self.vectors_.copy()
        held.data *= np.repeat(counts**self.popularity * (counts > 0), np.diff(held.indptr))
        held.eliminate_zeros()
        self.holders_ = Weighted.of_matrix(held).transposed()
        return self

    def find(self, seeds: Ragged, titles: Sequence[str], limits: IntArray) -> Weighted:
        """Find songs that are tagged alike; see `Finder`."""
        profiles = spread_tags(self.vectors_, seeds.distinct(), n=self.most_tags)
        return spread(profiles, self.holders_, n=limits, taken=seeds)


def tag_vectors(train: Training) -> csr_array:
    """Bring each song's tags, which are weighed by tf-idf as they come, to length 1.

    Returns
    -------
    csr_array of float32, shape (n_songs, n_tags)
        Rows of length 1, or 0 where a song has no tags; one empty column where nothing is known.
    """
    if train.tags is None or train.tags.shape[1] == 0:
        return Weighted.nothing(train.n_songs, 1).matrix
    vectors: csr_array = train.tags.astype(np.float32)
    lengths = np.sqrt(np.asarray((vectors**2).sum(axis=1)).ravel())
    vectors.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(vectors.indptr)).astype(np.float32)
    vectors.eliminate_zeros()
    return vectors


def spread_tags(vectors: csr_array, lists: Ragged, *, n: int) -> Weighted:
    """Sum the vectors of each list's songs, and keep the `n` tags that weigh most."""
    ones = Weighted.of(lists, np.ones(len(lists.values)), vectors.shape[0])
    return spread(ones, Weighted.of_matrix(vectors), n=n)
