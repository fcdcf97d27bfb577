"""Songs that sound like the seeds: nearest in audio features."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.base import Training
from model.recommenders.finder import Finder
from model.recommenders.spread_kernels import WeightArray
from model.recommenders.spreading import Weighted, best_of_tiles


@dataclass(slots=True)
class AudioNeighbours(Finder):
    """Recommend the songs nearest to the mean of the seeds' audio features.

    With z the features, each brought to mean 0 and standard deviation 1 over the training songs
    whose features are known, and n_j the playlists that hold song j,

        score(q, j) = exp(-|z_j - mean of z over the seeds|^2 / (2 width^2)) n_j^popularity

    Seeds without features count for nothing; where none has any, the back-off answers.

    Parameters
    ----------
    width : float
        Above 0, in standard deviations.
    popularity : float
        At least 0.
    most_songs : int
        Songs that can be recommended: those of most playlists.

    Attributes
    ----------
    places_ : ndarray of float32, shape (n_songs, n_features)
        z; NaN where a song's features are unknown.
    kept_ : ndarray
        Numbers of the songs that can be recommended.
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    width: float = 1.5
    popularity: float = 0.5
    most_songs: int = 100_000
    places_: WeightArray = field(init=False, repr=False)
    kept_: IntArray = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False, repr=False)
    _exponents: WeightArray = field(init=False, repr=False)
    _backoff: Backoff = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Bring the features of all songs to one scale, that of the training songs."""
        self.fitted_on_ = train.playlist_ids
        self._backoff = Backoff.of(train)
        self.places_ = scaled_features(train)
        counts = train.popularity()
        ranked = self._backoff.ranked
        self.kept_ = ranked[~np.isnan(self.places_[ranked, 0])][: self.most_songs]
        songs, variance = self.places_[self.kept_], self.width**2
        logs = self.popularity * np.log(counts[self.kept_]) - (songs**2).sum(1) / (2 * variance)
        self._exponents = np.column_stack([songs / variance, logs]).astype(np.float32)
        return self

    def find(self, seeds: Ragged, titles: Sequence[str], limits: IntArray) -> Weighted:
        """Find songs that sound alike; see `Finder`."""
        means, _ = moments(self.places_, seeds.distinct())
        is_known = ~np.isnan(means[:, 0])
        return best_of_tiles(
            self._score,
            np.where(is_known[:, None], means, 0).astype(np.float32),
            self.kept_,
            self._backoff.n_songs,
            n=np.where(is_known, limits, 0),
            taken=seeds,
        )

    def _score(self, means: WeightArray) -> WeightArray:
        # A square of a difference, multiplied out: what is left to do is one product of matrices.
        own = (means**2).sum(axis=0, keepdims=True) / np.float32(-2 * self.width**2)
        scores = self._exponents @ np.vstack([means, np.ones_like(own)]) + own
        return np.asarray(np.exp(scores, out=scores), dtype=np.float32)


def scaled_features(train: Training) -> WeightArray:
    """Bring audio features to mean 0 and deviation 1 over the training songs that have them.

    Returns
    -------
    ndarray of float32, shape (n_songs, n_features)
        NaN in a row of which any feature is unknown.
    """
    songs = np.asarray(train.songs, dtype=np.float64)
    known = (train.popularity() > 0) & ~np.isnan(songs).any(axis=1)
    if not known.any():
        return np.full(songs.shape, np.nan, dtype=np.float32)
    spread = songs[known].std(axis=0)
    places = (songs - songs[known].mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    places[np.isnan(songs).any(axis=1)] = np.nan
    return np.asarray(places, dtype=np.float32)


def moments(places: WeightArray, lists: Ragged) -> tuple[FloatArray, FloatArray]:
    """Give the mean and the mean variance of the known rows of each list.

    Returns
    -------
    means : ndarray, shape (n_lists, n_features)
        NaN where nothing of a list is known.
    variances : ndarray, shape (n_lists,)
        Mean over the features; 0 of a single song, NaN where nothing is known.

    Examples
    --------
    >>> places = np.array([[0.0], [2.0], [np.nan]], dtype=np.float32)
    >>> means, variances = moments(places, Ragged.of([[0, 1, 2], [2]]))
    >>> means.tolist(), variances.tolist()
    ([[1.0], [nan]], [1.0, nan])
    """
    rows = places[lists.values].astype(np.float64)
    known = ~np.isnan(rows).any(axis=1)
    owners, rows = lists.owners[known], rows[known]
    counts = np.bincount(owners, minlength=len(lists)).astype(np.float64)
    counts[counts == 0] = np.nan
    sums = np.zeros((len(lists), places.shape[1]))
    squares = np.zeros_like(sums)
    np.add.at(sums, owners, rows)
    np.add.at(squares, owners, rows**2)
    means = sums / counts[:, None]
    variances = np.maximum(squares / counts[:, None] - means**2, 0).mean(axis=1)
    return means, variances
