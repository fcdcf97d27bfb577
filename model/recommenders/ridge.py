"""Kernel ridge regression from what a playlist is made of to the songs that it holds."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from scipy.linalg import cho_factor
from scipy.linalg.lapack import spotri
from scipy.sparse import csr_array

from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.base import Training, in_order
from model.recommenders.holdings import counted, inverse_frequency
from model.recommenders.playlists import Level, groups_of
from model.recommenders.spread_kernels import WeightArray, dot_lists
from model.recommenders.spreading import Weighted, best_of_blocks
from model.recommenders.threads import one_blas_thread
from model.recommenders.title_matcher import TitleMatcher
from model.recommenders.titles import titles_of

FEW_PLAYLISTS = 4_000
"""Up to which one thread inverts their similarities."""
LEVELS: tuple[Level, ...] = ("songs", "albums", "artists")


@dataclass(slots=True)
class KernelRidge:
    """Predict which songs a playlist holds from its songs, albums, artists and name.

    Two playlists are as similar as the weighted sum of four cosines of tf-idf vectors, of their
    songs, albums, artists and of what their names are made of. With K the similarities of the
    training playlists, k_q those of a playlist to them, X the songs that they hold,

        score(q) = k_q (K + lambda I)^-1 X

    which is ridge regression onto X in its dual form (Saunders, Gammerman & Vovk 1998, "Ridge
    Regression Learning Algorithm in Dual Variables"); with songs alone it is EASE (Steck 2019,
    doi:10.1145/3308558.3313710) but for the zero diagonal, which matters only to the seeds.

    The work is cubic in the playlists: of more than `most_playlists`, an even sample is used.

    Parameters
    ----------
    songs, albums, artists, title : float
        At least 0: weight of each cosine.
    regularisation : float
        lambda, above 0.
    rarity : float
        A song's column of X is its inverse document frequency to this power: below 0 favours
        popular songs.
    target : {"songs", "albums", "artists"}
        What is predicted. Of albums and artists X has the roots of their counts, and a song's score
        is its group's times its share of the group's entries to the power `sharing`.
    sharing : float
        At least 0.
    most_playlists : int

    Attributes
    ----------
    dual_ : ndarray of float32, shape (n_kept, n_kept)
        The inverse of K + lambda I.
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    songs: float = 1.0
    albums: float = 0.5
    artists: float = 0.5
    title: float = 0.1
    regularisation: float = 15.0
    rarity: float = -0.3
    target: Level = "songs"
    sharing: float = 0.7
    most_playlists: int = 10_000
    dual_: WeightArray = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False)
    _parts: list[csr_array] = field(init=False, repr=False)
    _idf: list[FloatArray] = field(init=False, repr=False)
    _groups: list[IntArray] = field(init=False, repr=False)
    _matcher: TitleMatcher = field(init=False, repr=False)
    _holders: Weighted = field(init=False, repr=False)
    _held: IntArray = field(init=False, repr=False)
    _columns: IntArray = field(init=False, repr=False)
    _shares: WeightArray = field(init=False, repr=False)
    _backoff: Backoff = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Invert the similarities of the training playlists."""
        self.fitted_on_ = train.playlist_ids
        # Sums of floats depend on their order, so that is made to depend on nothing.
        train = in_order(train)
        self._backoff = Backoff.of(train)
        n = len(train.playlists)
        kept = np.unique(np.linspace(0, n - 1, min(n, self.most_playlists)).astype(np.int64))
        lists, titles = train.playlists.take(kept), titles_of(train)
        self._matcher = TitleMatcher().fit([titles[row] for row in kept.tolist()])
        self._groups = [groups_of(train, level) for level in LEVELS]
        self._idf = [
            inverse_frequency(counted(lists, group_of).matrix.count_nonzero(axis=0), len(kept))
            for group_of in self._groups
        ]
        rows = self._describe(lists, [titles[row] for row in kept.tolist()])
        self._parts = [csr_array(part.T.tocsr()) for part in rows]
        kernel = self._similarities(rows)
        kernel[np.diag_indices_from(kernel)] += np.float32(self.regularisation)
        with nullcontext() if len(kept) > FEW_PLAYLISTS else one_blas_thread():
            self.dual_ = _inverse(kernel)
        self._keep_songs(train, kept)
        return self

    def recommend(
        self, seeds: Ragged, *, n: IntArray | int, title: Sequence[str] | None = None
    ) -> tuple[Ragged, FloatArray]:
        """Recommend the songs that are predicted best; see `base.Recommender`."""
        titles = list(title) if title is not None else [""] * len(seeds)
        similarities = self._similarities(self._describe(seeds.distinct(), titles))
        with one_blas_thread():
            found = best_of_blocks(
                self._score,
                similarities,
                self._held,
                self._backoff.n_songs,
                n=self._backoff.limits(seeds, n),
                taken=seeds,
            )
        return self._backoff.fill(found, seeds, n)

    def _keep_songs(self, train: Training, kept: IntArray) -> None:
        """Keep which of the sampled playlists hold each song, or its artist or album."""
        counts, lists = train.popularity(), train.playlists.take(kept)
        group_of = groups_of(train, self.target)
        held = counted(lists.distinct(), group_of).matrix
        idf = inverse_frequency(held.count_nonzero(axis=0), len(kept))
        held.data = (np.sqrt(held.data) * idf[held.indices] ** self.rarity).astype(np.float32)
        groups = np.unique(held.indices)
        self._holders = Weighted.of_matrix(csr_array(held[:, groups].T.tocsr()))
        songs = np.flatnonzero((counts > 0) & np.isin(group_of, groups))
        self._held = songs.astype(np.int64)
        self._columns = np.searchsorted(groups, group_of[songs])
        entries = np.bincount(self._columns, counts[songs], minlength=len(groups))
        shares = counts[songs] / np.maximum(entries[self._columns], 1)
        self._shares = (shares**self.sharing).astype(np.float32)

    def _score(self, rows: WeightArray) -> WeightArray:
        holders, weights = self._holders, rows @ self.dual_
        predicted = np.empty((len(rows), len(holders)), dtype=np.float32)
        dot_lists(holders.indptr, holders.numbers, holders.weights, weights, predicted)
        if self.target == "songs":
            return predicted
        # `take` keeps the order of memory, which indexing would turn.
        scores = predicted.take(self._columns, axis=1)
        scores *= self._shares
        return scores

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
