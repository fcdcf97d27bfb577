"""Songs -> engineered features of playlists; scaling; principal components."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from model.columns import NUM_FEATURES, NUM_MEANS
from model.errors import InputError
from model.features_kernels import aggregate_lists
from model.ragged import FloatArray, Ragged


def aggregate(lists: Ragged, songs: NDArray[np.floating[Any]]) -> FloatArray:
    """Engineer the twelve features of each list of songs.

    Means of danceability, energy, speechiness, acousticness, instrumentalness, liveness, valence
    and duration (s); maxima of key, loudness (dB), tempo (BPM) and time signature. A song that
    stands twice in a list counts twice.

    Parameters
    ----------
    lists : Ragged
        Song numbers of each list, all of songs with features.
    songs : ndarray of float32 or float64, shape (n_songs, 12)
        `columns.SONG_FEATURES` of each song; may lie in a file mapped into memory.

    Returns
    -------
    ndarray of float64, shape (n_lists, 12)
        `columns.MODEL_COLUMNS`; a row of NaN for an empty list.

    Examples
    --------
    >>> songs = np.array([[0.0] * 12, [1.0] * 12])
    >>> aggregate(Ragged.of([[0, 1], []]), songs)[:, [0, 11]].tolist()
    [[0.5, 1.0], [nan, nan]]
    """
    features = np.full((len(lists), NUM_FEATURES), np.nan)
    aggregate_lists(lists.indptr, lists.values, np.asarray(songs), NUM_MEANS, features)
    return features


@dataclass(slots=True)
class MinMax:
    """Scale columns to [0, 1] by the lowest and highest values of the training part.

    Attributes
    ----------
    low_, span_ : ndarray, shape (n_features,)
        Lowest value and width of each column; the width of a constant column is taken as 1, so
        that the column becomes 0 throughout.
    """

    low_: FloatArray
    span_: FloatArray

    def __init__(self) -> None:
        self.low_ = np.empty(0)
        self.span_ = np.empty(0)

    def fit(self, X: FloatArray) -> Self:
        """Learn the range of each column of `X`, shape (n_samples, n_features), without NaN.

        Raises
        ------
        InputError
            If there are no rows.
        """
        if not len(X):
            msg = "no playlists to learn the range of features from"
            raise InputError(msg)
        self.low_ = X.min(axis=0)
        width = X.max(axis=0) - self.low_
        self.span_ = np.where(width > 0, width, 1.0)
        return self

    def transform(self, X: FloatArray) -> FloatArray:
        """Scale `X`; values outside of the training range are clipped to it; NaN stays.

        Examples
        --------
        >>> MinMax().fit(np.array([[2.0], [4.0]])).transform(np.array([[3.0], [9.0]])).tolist()
        [[0.5], [1.0]]
        """
        return np.clip((X - self.low_) / self.span_, 0.0, 1.0)


def explained_variance(X: FloatArray) -> FloatArray:
    """Share of the variance that each principal component explains.

    The squared singular values of the centred columns over their sum (Pearson 1901,
    doi:10.1080/14786440109462720).

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)
        Scaled as the caller means it; without NaN.

    Returns
    -------
    ndarray, shape (min(n_samples, n_features),)
        Descending, in [0, 1], summing to 1; all 0 where nothing varies.

    Examples
    --------
    >>> explained_variance(np.array([[0.0, 1.0], [2.0, 1.0]])).tolist()
    [1.0, 0.0]
    """
    singular = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)
    variance: FloatArray = np.square(singular)
    total = variance.sum()
    return variance / total if total > 0 else np.zeros_like(variance)
