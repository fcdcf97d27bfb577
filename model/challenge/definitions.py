"""The figures of the challenge as two sources define them: pure functions of one list and truth.

`rules`
    The text: the formulas of the challenge's rules page, and of Chen et al. 2018
    (doi:10.1145/3240323.3240342) for the artists.
`code`
    What was computed: `metrics.py` of the organisers' RecsysChallengeTools; for the artists, which
    it leaves out, the rule that teams of the challenge programmed against its scores.

============================  ======================================  ============================
figure                        rules                                   code
============================  ======================================  ============================
R-precision, tracks           hits in the first R, over R             the same
R-precision, artist credit    0.25 for each artist of the truth that  0.25 for each artist of the
                              is named in the first R, also by hits   truth that a miss in the first
                                                                      R names
NDCG, discount at place i     1 at the first, then 1 / log2(i)        1 / log2(i + 1)
NDCG, ideal                   hits of the list, put first             min(R, 500) hits, put first
clicks                        floor((place of the first hit - 1) / 10), 51 without one
============================  ======================================  ============================

R counts the different songs of the truth. An artist is credited once. Each figure looks at the
first 500 songs. Of a song named twice only the first mention counts: the second takes up a place
for R-precision and clicks and none for NDCG, as in the code. A truth without songs gives NaN. Songs
by an unknown artist, −1, earn no credit.
"""

from typing import Literal, TypeAlias, get_args

import numpy as np

from model.errors import InputError
from model.metrics import (
    ARTIST_CREDIT,
    CLICKS_WITHOUT_HIT,
    RANKED_LENGTH,
    SONGS_PER_CLICK,
    discounts,
)
from model.ragged import BoolArray, FloatArray, IntArray, SongArray

Definition: TypeAlias = Literal["rules", "code"]
DEFINITIONS: tuple[Definition, ...] = get_args(Definition)


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


def clicks(recommended: SongArray, truth: SongArray) -> float:
    """Count the refreshes of ten songs until the first hit; best 0, worst 51: none in 500.

    Examples
    --------
    >>> clicks(np.arange(20), np.array([10])), clicks(np.arange(20), np.array([99]))
    (1.0, 51.0)
    """
    if not len(truth):
        return np.nan
    places = np.flatnonzero(np.isin(recommended[:RANKED_LENGTH], truth))
    return float(places[0] // SONGS_PER_CLICK) if places.size else CLICKS_WITHOUT_HIT


def discounts_of(definition: Definition) -> FloatArray:
    """Give what a hit gains at each of the first 500 places.

    Raises
    ------
    InputError
        If there is no such definition.

    Examples
    --------
    >>> discounts_of("rules")[:4].round(3).tolist(), discounts_of("code")[:4].round(3).tolist()
    ([1.0, 1.0, 0.631, 0.5], [1.0, 0.631, 0.5, 0.431])
    """
    if definition not in DEFINITIONS:
        msg = f"definition {definition!r}: expected one of {', '.join(DEFINITIONS)}"
        raise InputError(msg)
    if definition == "code":
        return discounts(RANKED_LENGTH)
    return np.concatenate([[1.0], discounts(RANKED_LENGTH - 1)])


def ideal_length(hit: BoolArray, n_truth: int, definition: Definition) -> int:
    """Count the hits of the list that a list is compared with."""
    return int(hit.sum()) if definition == "rules" else min(n_truth, RANKED_LENGTH)


def _top(recommended: SongArray, wanted: SongArray) -> SongArray:
    return recommended[: min(len(wanted), RANKED_LENGTH)]


def _first_mentions(songs: SongArray) -> SongArray:
    return songs[np.sort(np.unique(songs, return_index=True)[1])]
