"""What `figures.scoring.score_songs` gives, as the formulas say it: of one list and one truth.

What is compiled is held to these. Lists and truths are arrays of song numbers; a truth without
songs gives NaN, unless said otherwise.
"""

import numpy as np

from model.metrics import (
    ARTIST_CREDIT,
    CLICKS_WITHOUT_HIT,
    RANKED_LENGTH,
    SONGS_PER_CLICK,
    discounts,
)
from model.ragged import IntArray, SongArray


def match(recommended: SongArray, truth: SongArray) -> int:
    """Count the different songs in common; best ``len(truth)``, worst 0.

    Examples
    --------
    >>> match(np.array([1, 2, 2, 3]), np.array([2, 3, 4]))
    2
    """
    return len(np.intersect1d(recommended, truth))


def precision(recommended: SongArray, truth: SongArray) -> float:
    """Share of the recommended songs that are true; best 1, worst 0; NaN for an empty list.

    Examples
    --------
    >>> precision(np.array([1, 2, 3, 4]), np.array([2, 9]))
    0.25
    """
    return match(recommended, truth) / len(recommended) if len(recommended) else np.nan


def recall(recommended: SongArray, truth: SongArray) -> float:
    """Share of the true songs that are recommended; best 1, worst 0.

    Examples
    --------
    >>> recall(np.array([1, 2, 3, 4]), np.array([2, 9]))
    0.5
    """
    return match(recommended, truth) / len(np.unique(truth)) if len(truth) else np.nan


def r_precision(recommended: SongArray, truth: SongArray, artists: IntArray) -> float:
    """R-precision with a quarter of a credit for an artist; best 1, worst 0.

    Among the first ``len(truth)`` recommended songs, each true song counts 1, and each artist of
    the truth that only wrong songs name counts 0.25, once: ``(songs + 0.25 artists) / len(truth)``
    (Chen et al. 2018, doi:10.1145/3240323.3240342).

    Parameters
    ----------
    recommended : ndarray
        Different songs, best first.
    truth : ndarray
        Different songs.
    artists : ndarray, shape (n_songs,)
        Artist of each song.

    Examples
    --------
    Of songs 0, 1, 2 only 0 is true; 1 and 2 are by the artist of the missed song 3: (1 + 0.25) / 2.

    >>> r_precision(np.array([0, 1, 2]), np.array([0, 3]), np.array([5, 7, 7, 7]))
    0.625
    """
    if not len(truth):
        return np.nan
    top = recommended[: len(truth)]
    hit = np.isin(top, truth)
    credited = np.setdiff1d(artists[top[~hit]], artists[top[hit]])
    n_artists = len(np.intersect1d(credited, artists[truth]))
    return float(hit.sum() + ARTIST_CREDIT * n_artists) / len(truth)


def ndcg(recommended: SongArray, truth: SongArray, *, length: int = RANKED_LENGTH) -> float:
    """Normalised discounted cumulative gain of the first `length` songs; best 1, worst 0.

    A hit at place i, from 1, gains 1 / log2(i + 1); divided by the gain of a list that begins
    with min(len(truth), length) hits (Järvelin & Kekäläinen 2002, doi:10.1145/582415.582418).

    Examples
    --------
    A hit at place 2, of two true songs: (1 / log2 3) / (1 / log2 2 + 1 / log2 3).

    >>> round(ndcg(np.array([8, 1]), np.array([1, 2])), 4)
    0.3869
    """
    if not len(truth):
        return np.nan
    gains = discounts(length)
    hit = np.isin(recommended[:length], truth)
    return float(gains[: len(hit)][hit].sum() / gains[: len(truth)].sum())


def clicks(recommended: SongArray, truth: SongArray) -> float:
    """Count the refreshes of ten songs until the first hit; best 0, worst 51: none in 500.

    ``floor((place - 1) / 10)`` of the first hit, place from 1 (Chen et al. 2018,
    doi:10.1145/3240323.3240342).

    Examples
    --------
    >>> clicks(np.arange(20), np.array([10])), clicks(np.arange(20), np.array([99]))
    (1.0, 51.0)
    """
    if not len(truth):
        return np.nan
    places = np.flatnonzero(np.isin(recommended[:RANKED_LENGTH], truth))
    return float(places[0] // SONGS_PER_CLICK) if places.size else CLICKS_WITHOUT_HIT
