"""How similar playlists are by songs, albums, artists and names, and what follows by regression."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from scipy.linalg import cho_factor
from scipy.linalg.lapack import spotri
from scipy.sparse import csr_array

from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.base import Training, even_sample
from model.recommenders.holdings import counted, inverse_frequency
from model.recommenders.playlists import Level, groups_of
from model.recommenders.spread_kernels import WeightArray
from model.recommenders.spreading import blocks_of
from model.recommenders.threads import one_blas_thread
from model.recommenders.title_matcher import TitleMatcher
from model.recommenders.titles import titles_of

FEW_PLAYLISTS = 4_000
"""Up to which one thread inverts their similarities."""
LEVELS: tuple[Level, ...] = ("songs", "albums", "artists")


@dataclass(slots=True)
class PlaylistKernel:
    """Weigh training playlists by what a playlist has in common with them.

    Two playlists are as similar as the weighted sum of four cosines of tf-idf vectors, of their
    songs, albums, artists and of what their names are made of. With K the similarities of the
    training playlists, k_q those of a playlist to them, the weights k_q (K + lambda I)^-1 are those
    of ridge regression in its dual form (Saunders, Gammerman & Vovk 1998, "Ridge Regression
    Learning Algorithm in Dual Variables").

    The work is cubic in the playlists: of more than `most_playlists`, an even sample is used.

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
    dual_ : ndarray of float32, shape (n_kept, n_kept)
        The inverse of K + lambda I.
    """

    songs: float
    albums: float
    artists: float
    title: float
    regularisation: float
    most_playlists: int
    kept_: IntArray = field(init=False, repr=False)
    dual_: WeightArray = field(init=False, repr=False)
    _parts: list[csr_array] = field(init=False, repr=False)
    _idf: list[FloatArray] = field(init=False, repr=False)
    _groups: list[IntArray] = field(init=False, repr=False)
    _matcher: TitleMatcher = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Invert the similarities of the training playlists, in their order."""
        self.kept_ = even_sample(len(train.playlists), self.most_playlists)
        lists, titles = train.playlists.take(self.kept_), titles_of(train)
        own_titles = [titles[row] for row in self.kept_.tolist()]
        self._matcher = TitleMatcher().fit(own_titles)
        self._groups = [groups_of(train, level) for level in LEVELS]
        self._idf = [
            inverse_frequency(counted(lists, group_of).matrix.count_nonzero(axis=0), len(lists))
            for group_of in self._groups
        ]
        rows = self._describe(lists, own_titles)
        self._parts = [csr_array(part.T.tocsr()) for part in rows]
        kernel = self._similarities(rows)
        kernel[np.diag_indices_from(kernel)] += np.float32(self.regularisation)
        with nullcontext() if len(lists) > FEW_PLAYLISTS else one_blas_thread():
            self.dual_ = _inverse(kernel)
        return self

    def compare(self, seeds: Ragged, titles: Sequence[str]) -> WeightArray:
        """Give k_q of each playlist, shape (n_playlists, n_kept)."""
        return self._similarities(self._describe(seeds.distinct(), titles))

    def weigh(self, seeds: Ragged, titles: Sequence[str]) -> WeightArray:
        """Give k_q (K + lambda I)^-1 of each playlist, shape (n_playlists, n_kept)."""
        weights = self.compare(seeds, titles)
        for own, block in blocks_of(weights):
            weights[own] = (block @ self.dual_)[: own.stop - own.start]
        return weights

    def _describe(self, lists: Ragged, titles: Sequence[str]) -> list[csr_array]:
        """Make a row of each kind a playlist, of length the root of the kind's weight, or 0."""
        weights = (self.songs, self.albums, self.artists)
        rows = []
        for group_of, idf, weight in zip(self._groups, self._idf, weights, strict=True):
            row = counted(lists, group_of).matrix
            row.data = (np.sqrt(row.data) * idf[row.indices]).astype(np.float32)
            rows.append(_scaled(row, weight))
        return [*rows, _scaled(self._matcher.transform(titles), self.title)]

    def _similarities(self, rows: list[csr_array]) -> WeightArray:
        """Compare with the sampled playlists, shape (n_rows, n_kept)."""
        parts = [one @ other for one, other in zip(rows, self._parts, strict=True)]
        total = csr_array(sum(parts[1:], start=parts[0]))
        return np.asarray(total.toarray(), dtype=np.float32)


def _inverse(matrix: WeightArray) -> WeightArray:
    """Invert a symmetric matrix with positive eigenvalues, which is written over."""
    factor, _ = cho_factor(matrix, lower=True, overwrite_a=True)
    half, _ = spotri(factor, lower=True, overwrite_c=True)
    return np.asarray(np.tril(half) + np.tril(half, -1).T, dtype=np.float32)


def _scaled(rows: csr_array, weight: float) -> csr_array:
    """Bring each row to a length of the root of the weight; one of zeros stays."""
    lengths = np.sqrt(np.asarray((rows**2).sum(axis=1)).ravel())
    scale = np.sqrt(weight) / np.maximum(lengths, 1e-9)
    scaled = rows.copy()
    scaled.data = (scaled.data * np.repeat(scale, np.diff(rows.indptr))).astype(np.float32)
    return scaled
