"""The figures of `challenge.scores.score` as `definitions` says them: of one list and one truth."""

import numpy as np

from model.challenge.definitions import Definition, discounts_of
from model.metrics import ARTIST_CREDIT, RANKED_LENGTH
from model.ragged import BoolArray, IntArray, SongArray


def r_precision_tracks(recommended: SongArray, truth: SongArray) -> float:
    """Share of the hits among as many songs as there are to find; best 1, worst 0.

    Examples
    --------
    Of the first two songs, 1 is a hit; 2 comes too late.

    >>> r_precision_tracks(np.array([1, 8, 2]), np.array([1, 2]))
    0.5
    """
    wanted = np.unique(truth)
    if not len(wanted):
        return np.nan
    return len(np.intersect1d(_top(recommended, wanted), wanted)) / len(wanted)


def r_precision(
    recommended: SongArray, truth: SongArray, artists: IntArray, *, definition: Definition
) -> float:
    """R-precision with a quarter of a credit an artist; worst 0, best 1 (rules: 1.25).

    Parameters
    ----------
    recommended : ndarray
        Best first.
    truth : ndarray
    artists : ndarray, shape (n_songs,)
        Artist of each song, −1 where unknown.
    definition : {"rules", "code"}

    Examples
    --------
    Song 0 is a hit by artist 5, whom the miss 1 names too: by the rules as by the code, one credit.

    >>> artists = np.array([5, 5, 7])
    >>> r_precision(np.array([0, 1]), np.array([0, 2]), artists, definition="code")
    0.625

    Without the miss, the hit's own artist is credited by the rules alone.

    >>> r_precision(np.array([0]), np.array([0, 2]), artists, definition="rules")
    0.625
    >>> r_precision(np.array([0]), np.array([0, 2]), artists, definition="code")
    0.5
    """
    wanted = np.unique(truth)
    if not len(wanted):
        return np.nan
    top = _top(recommended, wanted)
    named = artists[top if definition == "rules" else top[~np.isin(top, wanted)]]
    credited = np.intersect1d(named[named >= 0], artists[wanted])
    return r_precision_tracks(recommended, truth) + ARTIST_CREDIT * len(credited) / len(wanted)


def ndcg(recommended: SongArray, truth: SongArray, *, definition: Definition) -> float:
    """Normalised discounted cumulative gain of the first 500 songs; best 1, worst 0.

    Examples
    --------
    Hits at places 1 and 4 of three to find. Rules: (1 + 1/log2 4) / (1 + 1/log2 2) = 1.5 / 2.
    Code: (1 + 1/log2 5) / (1 + 1/log2 3 + 1/log2 4) = 1.4307 / 2.1309.

    >>> recommended, truth = np.array([1, 8, 9, 2]), np.array([1, 2, 3])
    >>> ndcg(recommended, truth, definition="rules")
    0.75
    >>> round(ndcg(recommended, truth, definition="code"), 4)
    0.6714
    """
    wanted = np.unique(truth)
    if not len(wanted):
        return np.nan
    hit = np.isin(_first_mentions(recommended[:RANKED_LENGTH]), wanted)
    gains = discounts_of(definition)
    n_ideal = ideal_length(hit, len(wanted), definition)
    return float(gains[: len(hit)][hit].sum() / gains[:n_ideal].sum()) if n_ideal else 0.0


def ideal_length(hit: BoolArray, n_truth: int, definition: Definition) -> int:
    """Count the hits of the list that a list is compared with."""
    return int(hit.sum()) if definition == "rules" else min(n_truth, RANKED_LENGTH)


def _top(recommended: SongArray, wanted: SongArray) -> SongArray:
    return recommended[: min(len(wanted), RANKED_LENGTH)]


def _first_mentions(songs: SongArray) -> SongArray:
    return songs[np.sort(np.unique(songs, return_index=True)[1])]
