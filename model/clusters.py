"""KMeans on the engineered features of playlists."""

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import numpy as np
from threadpoolctl import threadpool_limits

from model.amounts import amount
from model.errors import InputError
from model.ragged import FloatArray, IntArray

if TYPE_CHECKING:
    from sklearn.cluster import KMeans

N_INIT = 10
"""Restarts of KMeans, the best of which is kept; the number that the study's library used."""

LARGE = 100_000
"""Rows above which the steps of the fit look at a batch of them, but for the last ones."""

BATCH_SIZE = 4096
"""Rows of a batch; larger ones took longer and ended no lower."""

TRIALS = 3
"""First centres that are tried on a sample before each fit by batches."""

LAST_STEPS = 20
"""Steps over all rows, at most, after the best fit by batches."""


@dataclass(slots=True)
class Clusters:
    """Groups of playlists with similar features.

    KMeans (Lloyd 1982, doi:10.1109/TIT.1982.1056489) from ten starts up to 100,000 playlists.
    Above, mini-batch KMeans (Sculley 2010, doi:10.1145/1772690.1772862) from ten, the best of
    which goes on for up to twenty steps of KMeans: a hundred clusters of a million playlists in a
    tenth of the time, with the same inertia within half a percent. Either gives the same bytes on
    every run, whatever the number of cores.

    Parameters
    ----------
    n_clusters : int
        Wanted number; where there are fewer different playlists, their number is taken instead.
    random_state : int
    any_order : bool
        Whether the order of the rows shall not matter. They are then put into an order of their
        own, for the first centres and the batches are drawn by place; the study fitted them as
        they came.

    Attributes
    ----------
    centers_ : ndarray, shape (n_clusters_, n_features)
    labels_ : ndarray, shape (n_samples,)
        Cluster of each playlist that was fitted, 0 ... n_clusters_ - 1.
    inertia_ : float
        Sum of the squared distances of the playlists to their centres; best 0.
    n_clusters_ : int
        Number of clusters really made; none is empty.
    """

    n_clusters: int
    random_state: int = 0
    any_order: bool = False
    centers_: FloatArray = field(init=False)
    labels_: IntArray = field(init=False)
    inertia_: float = field(init=False)
    n_clusters_: int = field(init=False)

    def fit(self, X: FloatArray) -> Self:
        """Group the rows of `X`, shape (n_samples, n_features), without NaN.

        Raises
        ------
        InputError
            If there are no rows, or one has a value that is not finite.
        """
        check_features(X)
        order = np.lexsort(X.T) if self.any_order else np.arange(len(X))
        self._fit(X[order])
        self.labels_[order] = self.labels_.copy()
        return self

    def _fit(self, X: FloatArray) -> None:
        # Before the limit to one thread, which holds for what is loaded by then.
        from sklearn.cluster import KMeans
        from sklearn.exceptions import ConvergenceWarning

        n_clusters = min(self.n_clusters, _count_different(X, self.n_clusters))
        # One thread: the order of additions, and with it the result, must not depend on the cores.
        with threadpool_limits(1), warnings.catch_warnings():
            # Rows that differ by rounding alone leave clusters empty; these are dropped below.
            warnings.simplefilter("ignore", ConvergenceWarning)
            fit = _fit_large if len(X) > LARGE else _fit_small
            kmeans: KMeans = fit(X, n_clusters, self.random_state)
        used, labels = np.unique(kmeans.labels_, return_inverse=True)
        self.centers_ = kmeans.cluster_centers_[used]
        self.labels_ = labels.astype(np.int64)
        self.inertia_ = float(kmeans.inertia_)
        self.n_clusters_ = len(used)

    def predict(self, X: FloatArray) -> IntArray:
        """Find the cluster with the nearest centre; ties go to the lower number.

        Parameters
        ----------
        X : ndarray, shape (n_samples, n_features)

        Returns
        -------
        ndarray of int64, shape (n_samples,)
        """
        labels = np.empty(len(X), dtype=np.int64)
        square = (self.centers_**2).sum(axis=1)
        # A slice at a time, or a hundred clusters of a million playlists would take 800 MB.
        for start in range(0, len(X), LARGE):
            rows = slice(start, start + LARGE)
            labels[rows] = (square - 2.0 * (X[rows] @ self.centers_.T)).argmin(axis=1)
        return labels


def check_features(X: FloatArray) -> None:
    """Refuse features of playlists that clusters cannot be made of.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)

    Raises
    ------
    InputError
        If there are no rows, or one has a value that is not finite.
    """
    if not len(X):
        msg = "no playlists to group into clusters"
        raise InputError(msg)
    unknown = int((~np.isfinite(X)).any(axis=1).sum())
    if unknown:
        msg = (
            f"{unknown} of {amount(len(X), 'playlist')} have a feature that is not finite: leave "
            "out the playlists without songs with audio features"
        )
        raise InputError(msg)


def _count_different(X: FloatArray, enough: int) -> int:
    """Count the different rows; those of the first `LARGE` alone where these are `enough`."""
    count = len(np.unique(X[:LARGE], axis=0))
    return count if count >= enough or len(X) <= LARGE else len(np.unique(X, axis=0))


def _fit_small(X: FloatArray, n_clusters: int, random_state: int) -> "KMeans":
    from sklearn.cluster import KMeans

    return KMeans(n_clusters, n_init=N_INIT, random_state=random_state).fit(X)


def _fit_large(X: FloatArray, n_clusters: int, random_state: int) -> "KMeans":
    """Fit by batches from several starts, and end the best fit by steps over all rows."""
    from sklearn.cluster import KMeans, MiniBatchKMeans

    seeds = np.random.SeedSequence(random_state).generate_state(N_INIT)
    fits = (
        MiniBatchKMeans(
            n_clusters,
            batch_size=BATCH_SIZE,
            # First centres are tried on this many rows, which have to hold one for each cluster.
            init_size=3 * max(BATCH_SIZE, n_clusters),
            n_init=TRIALS,
            random_state=int(seed),
        ).fit(X)
        for seed in seeds
    )
    best = min(fits, key=lambda fitted: float(fitted.inertia_))
    # Batches leave centres a little beside the means, each seed elsewhere.
    return KMeans(n_clusters, init=best.cluster_centers_, n_init=1, max_iter=LAST_STEPS).fit(X)
