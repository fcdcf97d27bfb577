"""How similar playlists are by songs, albums, artists and names, and what follows by regression."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.base import Training, even_sample
from model.recommenders.groups import Groups, Level, groups_of
from model.recommenders.holdings import counted, inverse_frequency
from model.recommenders.spread_kernels import WeightArray
from model.recommenders.spreading import blocks_of
from model.recommenders.threads import one_blas_thread
from model.recommenders.title_matcher import TitleMatcher
from model.recommenders.titles import titles_of

RANK = 100
"""Directions in which playlists differ that are told apart."""
LEVELS: tuple[Level, ...] = ("songs", "albums", "artists")


@dataclass(slots=True)
class PlaylistKernel:
    """Weigh training playlists by what a playlist has in common with them.

    Two playlists are as similar as the weighted sum of four cosines of tf-idf vectors, of their
    songs, albums, artists and of what their names are made of. With K the similarities of the
    training playlists, k_q those of a playlist to them, the weights k_q (K + lambda I)^-1 are those
    of ridge regression in its dual form (Saunders, Gammerman & Vovk 1998, "Ridge Regression
    Learning Algorithm in Dual Variables"). Of K's eigenvectors U the first `RANK` count, found by
    random projections (Halko, Martinsson & Tropp 2011, doi:10.1137/090771806); the other
    eigenvalues, which are all much the same, are taken for their mean m:

        weights(q) = k_q / (m + lambda)  +  k_q U (1 / (mu + lambda) - 1 / (m + lambda)) U'

    Of more than `most_playlists`, an even sample is used: K has a number for each two of them.

    Parameters
    ----------
    songs, albums, artists, title : float
        At least 0: weight of each cosine.
    regularisation : float
        lambda, above 0.
    most_playlists : int

    Attributes
    ----------
    kept_ : ndarray, shape (n_kept,)
        Places of the sampled playlists among those of training.
    vectors_ : ndarray of float32, shape (n_kept, n_vectors)
        U.
    gains_ : ndarray of float32, shape (n_vectors,)
        What stands between k_q U and U'.
    rest_ : float
        1 / (m + lambda).
    """

    songs: float
    albums: float
    artists: float
    title: float
    regularisation: float
    most_playlists: int
    kept_: IntArray = field(init=False, repr=False)
    vectors_: WeightArray = field(init=False, repr=False)
    gains_: WeightArray = field(init=False, repr=False)
    rest_: float = field(init=False, repr=False)
    _parts: list[csr_array] = field(init=False, repr=False)
    _idf: list[FloatArray] = field(init=False, repr=False)
    _groups: list[Groups] = field(init=False, repr=False)
    _matcher: TitleMatcher = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Find in which directions the training playlists differ, in their order."""
        self.kept_ = even_sample(len(train.playlists), self.most_playlists)
        lists, titles = train.playlists.take(self.kept_).distinct(), titles_of(train)
        own_titles = [titles[row] for row in self.kept_.tolist()]
        self._matcher = TitleMatcher().fit(own_titles)
        self._groups = [groups_of(train, level) for level in LEVELS]
        self._idf = [
            inverse_frequency(counted(lists, groups).matrix.count_nonzero(axis=0), len(lists))
            for groups in self._groups
        ]
        rows = self._describe(lists, own_titles)
        self._parts = [csr_array(part.T.tocsr()) for part in rows]
        with one_blas_thread():
            self._find_directions(self._similarities(rows))
        return self

    def compare(self, seeds: Ragged, titles: Sequence[str]) -> WeightArray:
        """Give k_q of each playlist, shape (n_playlists, n_kept)."""
        return self._similarities(self._describe(seeds.distinct(), titles))

    def weigh(self, seeds: Ragged, titles: Sequence[str]) -> WeightArray:
        """Weigh the training playlists for each playlist, shape (n_playlists, n_kept)."""
        weights = self.compare(seeds, titles)
        for own, block in blocks_of(weights):
            along = (block @ self.vectors_) * self.gains_
            weighed = block * np.float32(self.rest_) + along @ self.vectors_.T
            weights[own] = weighed[: own.stop - own.start]
        return weights

    def _find_directions(self, kernel: WeightArray) -> None:
        """Set what `weigh` needs, from the similarities of the training playlists."""
        from sklearn.utils.extmath import randomized_svd

        n_vectors = min(RANK, len(kernel))
        self.vectors_, values, _ = randomized_svd(
            kernel, n_vectors, n_iter=2, power_iteration_normalizer="QR", random_state=0
        )
        others = kernel.trace() - values.sum()
        mean = max(others, 0.0) / max(len(kernel) - n_vectors, 1)
        self.rest_ = float(1 / (mean + self.regularisation))
        gains = 1 / (values + self.regularisation) - self.rest_
        self.gains_ = gains.astype(np.float32)

    def _describe(self, lists: Ragged, titles: Sequence[str]) -> list[csr_array]:
        """Make a row of each kind a playlist, of length the root of the kind's weight, or 0."""
        weights = (self.songs, self.albums, self.artists)
        rows = []
        for groups, idf, weight in zip(self._groups, self._idf, weights, strict=True):
            row = counted(lists, groups).matrix
            row.data = (np.sqrt(row.data) * idf[row.indices]).astype(np.float32)
            rows.append(_scaled(row, weight))
        return [*rows, _scaled(self._matcher.transform(titles), self.title)]

    def _similarities(self, rows: list[csr_array]) -> WeightArray:
        """Compare with the sampled playlists, shape (n_rows, n_kept)."""
        parts = [one @ other for one, other in zip(rows, self._parts, strict=True)]
        total = csr_array(sum(parts[1:], start=parts[0]))
        return np.asarray(total.toarray(), dtype=np.float32)


def _scaled(rows: csr_array, weight: float) -> csr_array:
    """Bring each row to a length of the root of the weight; one of zeros stays."""
    lengths = np.sqrt(np.asarray((rows**2).sum(axis=1)).ravel())
    scale = np.sqrt(weight) / np.maximum(lengths, 1e-9)
    scaled = rows.copy()
    scaled.data = (scaled.data * np.repeat(scale, np.diff(rows.indptr))).astype(np.float32)
    return scaled
