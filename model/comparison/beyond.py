"""What a list is besides right: how much of the catalogue, how many artists, how popular."""

import numpy as np

from model.figures.intervals import mean_of_known
from model.ragged import BoolArray, FloatArray, IntArray, Ragged

N_LOOKED_AT = 50
"""Songs from the front of a list whose artists are counted: as many as a usual playlist has."""


def coverage(lists: Ragged, counts: IntArray) -> float:
    """Share of the songs of the training playlists that are recommended to anyone; best 1.

    It grows with the number of playlists, so that only figures of the same ones compare.

    Parameters
    ----------
    lists : Ragged, n_playlists lists
    counts : ndarray, shape (n_songs,)
        Training playlists that hold each song.

    Examples
    --------
    >>> coverage(Ragged.of([[0, 1], [1]]), np.array([3, 1, 1, 1, 0]))
    0.5
    """
    is_held = counts > 0
    n_held = int(is_held.sum())
    return float(is_held[np.unique(lists.values)].sum() / max(n_held, 1))


def artist_diversity(lists: Ragged, artists: IntArray, *, n: int = N_LOOKED_AT) -> float:
    """Different artists a song among the first `n` of each list, on average; in (0, 1].

    Parameters
    ----------
    lists : Ragged, n_playlists lists
        Empty ones are passed over.
    artists : ndarray, shape (n_songs,)
    n : int

    Examples
    --------
    >>> artist_diversity(Ragged.of([[0, 1], [0, 2]]), np.array([7, 7, 8]))
    0.75
    """
    heads = lists.limited(n)
    by_artist = Ragged(heads.indptr, artists[heads.values])
    with np.errstate(invalid="ignore"):
        return mean_of_known(by_artist.distinct().lengths / heads.lengths)


def popularity_lift(lists: Ragged, truth: Ragged, counts: IntArray) -> float:
    """How much more popular recommended songs are than what the owners chose; best 0, from −1.

    The mean over lists of a list's mean popularity, over that of the hidden songs, less 1
    (Abdollahpouri et al. 2020, doi:10.1145/3383313.3418487, with hidden songs as the profile).

    Parameters
    ----------
    lists, truth : Ragged, n_playlists lists
    counts : ndarray, shape (n_songs,)
        Training playlists that hold each song.

    Examples
    --------
    >>> popularity_lift(Ragged.of([[0]]), Ragged.of([[1, 2]]), np.array([6, 3, 1]))
    2.0
    """
    chosen = mean_of_known(_means(truth, counts))
    return mean_of_known(_means(lists, counts)) / chosen - 1 if chosen else np.nan


def recall_ceiling(truth: Ragged, counts: IntArray) -> float:
    """Share of a playlist's hidden songs that occur in training, on average over playlists.

    It bounds the mean recall of what is learnt from training playlists, which is taken of the same
    playlists, each with the same weight.

    Parameters
    ----------
    truth : Ragged, n_playlists lists
        Different songs; a playlist without any is passed over.
    counts : ndarray, shape (n_songs,)
        Training playlists that hold each song.

    Examples
    --------
    >>> recall_ceiling(Ragged.of([[0, 1], [2]]), np.array([4, 0, 1]))
    0.75
    """
    return mean_of_known(_means(truth, counts > 0))


def _means(lists: Ragged, counts: IntArray | BoolArray) -> FloatArray:
    sums = np.bincount(lists.owners, weights=counts[lists.values], minlength=len(lists))
    with np.errstate(invalid="ignore"):
        return np.asarray(sums / lists.lengths)
