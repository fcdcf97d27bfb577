"""How good lists are by their features: pure functions of many at once; and what figures share.

`figures.scoring.score_songs` and `challenge.scores.score` have the figures by songs. NaN is passed
over by means and intervals.
"""

import numpy as np

from model.ragged import FloatArray

ARTIST_CREDIT = 0.25
RANKED_LENGTH = 500
SONGS_PER_CLICK = 10
CLICKS_WITHOUT_HIT = 51.0
LEAST_OF_AN_INTERVAL = 2
"""Values: resamples of one are all alike, and say nothing of its spread."""


def discounts(length: int) -> FloatArray:
    """Give what a hit gains at each of the first places: 1 / log2(place + 1), places from 1.

    Examples
    --------
    >>> discounts(3).round(3).tolist()
    [1.0, 0.631, 0.5]
    """
    return np.asarray(1.0 / np.log2(np.arange(2, length + 2)), dtype=np.float64)


def distance(X: FloatArray, Y: FloatArray) -> FloatArray:
    """Euclidean distance of the features row by row; best 0.

    Parameters
    ----------
    X, Y : ndarray, shape (n_playlists, n_features)
        Raw features as published, or scaled to [0, 1], where the worst is sqrt(n_features).

    Examples
    --------
    >>> distance(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0]])).tolist()
    [5.0]
    """
    return np.asarray(np.sqrt(np.square(X - Y).sum(axis=1)))


def followers_difference(followers: FloatArray, predicted: FloatArray) -> FloatArray:
    """Give |true - predicted| followers; best 0, without bound.

    Examples
    --------
    >>> followers_difference(np.array([10.0]), np.array([12.5])).tolist()
    [2.5]
    """
    return np.abs(followers - predicted)


def followers_log_ratio(followers: FloatArray, predicted: FloatArray) -> FloatArray:
    """Give |log((1 + predicted) / (1 + true))|; best 0; 0.69 is wrong by a factor of two.

    A prediction below 0 counts as 0.

    Examples
    --------
    >>> followers_log_ratio(np.array([9.0]), np.array([19.0])).round(3).tolist()
    [0.693]
    """
    ratio: FloatArray = np.log1p(np.maximum(predicted, 0.0)) - np.log1p(followers)
    return np.abs(ratio)


def metric2(matches: FloatArray, distances: FloatArray) -> FloatArray:
    """Give 1 / match + distance, the study's second metric; best 0.

    Parameters
    ----------
    matches : ndarray
        Songs in common, the nucleus included, so at least 1.
    distances : ndarray

    Examples
    --------
    >>> metric2(np.array([4.0]), np.array([20.0])).tolist()
    [20.25]
    """
    return 1.0 / matches + distances


def metric(matches: FloatArray, distances: FloatArray, differences: FloatArray) -> FloatArray:
    """Give 1 / match + distance + followers difference, the study's metric; best 0.

    Examples
    --------
    >>> metric(np.array([4.0]), np.array([20.0]), np.array([5.0])).tolist()
    [25.25]
    """
    return metric2(matches, distances) + differences
