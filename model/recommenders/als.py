"""Factors of playlists and songs: alternating least squares for implicit feedback."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from model.ragged import IntArray, Ragged
from model.recommenders.als_kernels import solve_rows
from model.recommenders.backoff import Backoff
from model.recommenders.base import Training, in_order
from model.recommenders.finder import Finder
from model.recommenders.holdings import held_songs
from model.recommenders.spread_kernels import WeightArray
from model.recommenders.spreading import Weighted, best_of_tiles
from model.recommenders.threads import in_threads, one_blas_thread

FOLD_IN_STEPS = 10
"""Conjugate gradient steps for a new playlist, which starts from nothing."""


@dataclass(slots=True)
class Als(Finder):
    """Matrix factorisation by alternating least squares (Hu, Koren & Volinsky 2008).

    doi:10.1109/ICDM.2008.22. Songs that a playlist holds are wanted (1) with confidence 1 + alpha,
    all others not wanted (0) with confidence 1:

        minimise  sum over p, j of  c_pj (r_pj - x_p . y_j)^2  +  lambda (sum |x_p|^2 + sum |y_j|^2)

    Each half-step solves rows that hold few exactly and improves the others by a few conjugate
    gradient steps from where they were (Takács, Pilászy & Tikk 2011,
    doi:10.1145/2043932.2043987). A new playlist is folded in by solving for its x with the songs
    as they are; score(q, j) = x_q . y_j.

    Parameters
    ----------
    n_factors, n_iterations, n_steps : int
    alpha, regularisation : float
        At least 0.
    most_songs : int
        Songs that can be recommended: those of most playlists.
    random_state : int
        Of the first factors.

    Attributes
    ----------
    factors_ : ndarray of float32, shape (n_kept, n_factors)
        Of the songs that can be recommended.
    kept_ : ndarray
        Their numbers, those of most playlists first.
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    n_factors: int = 64
    n_iterations: int = 10
    n_steps: int = 3
    alpha: float = 10.0
    regularisation: float = 1.0
    most_songs: int = 300_000
    random_state: int = 0
    factors_: WeightArray = field(init=False, repr=False)
    kept_: IntArray = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False, repr=False)
    _places: IntArray = field(init=False, repr=False)
    _gram: WeightArray = field(init=False, repr=False)
    _backoff: Backoff = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Alternate between playlists and songs."""
        self.fitted_on_ = train.playlist_ids
        # Sums of floats depend on their order, so that is made to depend on nothing.
        train = in_order(train)
        self._backoff = Backoff.of(train)
        self.kept_ = self._backoff.ranked[: self.most_songs]
        self._places = np.full(train.n_songs, -1, dtype=np.int64)
        self._places[self.kept_] = np.arange(len(self.kept_))
        held = Weighted.of_matrix(held_songs(train)[:, self.kept_])
        holders = held.transposed()
        rng = np.random.default_rng(self.random_state)
        self.factors_ = rng.normal(0, 0.1, (len(self.kept_), self.n_factors)).astype(np.float32)
        playlists = np.zeros((len(held), self.n_factors), dtype=np.float32)
        with one_blas_thread():
            for _ in range(self.n_iterations):
                self._solve(held.lists, self.factors_, playlists, self.n_steps)
                self._solve(holders.lists, playlists, self.factors_, self.n_steps)
            self._gram = self._squared(self.factors_)
        return self

    def find(self, seeds: Ragged, titles: Sequence[str], limits: IntArray) -> Weighted:
        """Find songs whose factors fit the playlist's; see `Finder`."""
        distinct = seeds.distinct()
        places = self._places[distinct.values]
        known = Ragged(distinct.where(places >= 0).indptr, places[places >= 0])
        folded = np.zeros((len(seeds), self.n_factors), dtype=np.float32)
        with one_blas_thread():
            self._solve(known, self.factors_, folded, FOLD_IN_STEPS, self._gram)
            return best_of_tiles(
                lambda turned: self.factors_ @ turned,
                folded,
                self.kept_,
                self._backoff.n_songs,
                n=limits,
                taken=seeds,
            )

    def _squared(self, factors: WeightArray) -> WeightArray:
        gram = factors.T @ factors
        gram[np.diag_indices_from(gram)] += np.float32(self.regularisation)
        return gram

    def _solve(
        self,
        held: Ragged,
        factors: WeightArray,
        solved: WeightArray,
        n_steps: int,
        gram: WeightArray | None = None,
    ) -> None:
        if gram is None:
            gram = self._squared(factors)
        # New playlists hold few of all songs: what is solved for each is for those alone.
        own, numbers = np.unique(held.values, return_inverse=True)
        own_factors = factors[own]
        images = np.ascontiguousarray(np.linalg.solve(gram, own_factors.T).T)

        def work(first: int, stop: int) -> None:
            indptr = held.indptr[first : stop + 1]
            rows = solved[first:stop]
            solve_rows(indptr, numbers, own_factors, images, gram, self.alpha, n_steps, rows)

        in_threads(work, len(held))
