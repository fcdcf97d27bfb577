"""KMeans on the engineered features of playlists."""

import warnings
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from model.errors import InputError
from model.ragged import FloatArray, IntArray

N_INIT = 10
"""Restarts of KMeans, the best of which is kept; the number that the study's library used."""


@dataclass(slots=True)
class Clusters:
    """Groups of playlists with similar features (Lloyd 1982, doi:10.1109/TIT.1982.1056489).

    Parameters
    ----------
    n_clusters : int
        Wanted number; where there are fewer different playlists, their number is taken instead.
    random_state : int

    Attributes
    ----------
    centers_ : ndarray, shape (n_clusters_, n_features)
    labels_ : ndarray, shape (n_samples,)
        Cluster of each playlist that was fitted, 0 ... n_clusters_ - 1.
    n_clusters_ : int
        Number of clusters really made; none is empty.
    """

    n_clusters: int
    random_state: int = 0
    centers_: FloatArray = field(init=False)
    labels_: IntArray = field(init=False)
    n_clusters_: int = field(init=False)

    def fit(self, X: FloatArray) -> Self:
        """Group the rows of `X`, shape (n_samples, n_features), without NaN.

        Raises
        ------
        InputError
            If there are no rows.
        """
        if not len(X):
            msg = "no playlists to group into clusters"
            raise InputError(msg)
        n_clusters = min(self.n_clusters, len(np.unique(X, axis=0)))
        kmeans = KMeans(n_clusters, n_init=N_INIT, random_state=self.random_state)
        # One thread: the order of additions, and with it the result, must not depend on the cores.
        with threadpool_limits(1), warnings.catch_warnings():
            # Rows that differ by rounding alone leave clusters empty; these are dropped below.
            warnings.simplefilter("ignore", ConvergenceWarning)
            kmeans.fit(X)
        used, labels = np.unique(kmeans.labels_, return_inverse=True)
        self.centers_ = kmeans.cluster_centers_[used]
        self.labels_ = labels.astype(np.int64)
        self.n_clusters_ = len(used)
        return self

    def predict(self, X: FloatArray) -> IntArray:
        """Find the cluster with the nearest centre; ties go to the lower number.

        Parameters
        ----------
        X : ndarray, shape (n_samples, n_features)

        Returns
        -------
        ndarray of int64, shape (n_samples,)
        """
        if not len(X):
            return np.empty(0, dtype=np.int64)
        square = (self.centers_**2).sum(axis=1) - 2.0 * (X @ self.centers_.T)
        return np.asarray(square.argmin(axis=1), dtype=np.int64)
