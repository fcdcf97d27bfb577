"""The order of a list: best first, or unlike each other, or by chance."""

import numpy as np

from model.library.lists import Floats, Numbers
from model.library.songs import Library
from model.making.sparse import Scored

SAME_ARTIST = 0.5
"""How alike two songs of one artist are at least."""

SHARPNESS = 3.0
"""Of a draw: scores to this power are the odds."""


def likeness(library: Library, songs: Numbers) -> Floats:
    """How alike songs are: the shrunk cosine of their playlists, if one is the other's neighbour.

    Parameters
    ----------
    songs : ndarray, shape (n,)
        Different ones, ascending.

    Returns
    -------
    ndarray of float32, shape (n, n)
        In [0, 1], symmetric; at least `SAME_ARTIST` for songs of one artist; 0 on the diagonal.
    """
    lists = library.neighbours.lists
    places = lists.places(songs)
    others = lists.values[places]
    columns = np.minimum(np.searchsorted(songs, others), len(songs) - 1)
    known = songs[columns] == others
    rows = np.repeat(np.arange(len(songs)), lists.lengths(songs))[known]
    alike = np.zeros((len(songs), len(songs)), dtype=np.float32)
    alike[rows, columns[known]] = library.neighbours.scores[places[known]]
    artists = library.song_artists[songs]
    same = np.where(artists[:, None] == artists[None, :], np.float32(SAME_ARTIST), 0)
    alike = np.maximum(np.maximum(alike, alike.T), same)
    np.fill_diagonal(alike, 0)
    return alike


def spread_out(scores: Floats, alike: Floats, *, n: int, diversity: float) -> Numbers:
    """Pick one after the other what is best and unlike what was picked: MMR.

    Maximal marginal relevance (Carbonell & Goldstein 1998, doi:10.1145/290941.291025), its lambda
    being 1 − diversity: the next is the one with the highest

        (1 − diversity) score  −  diversity  max over those picked of how alike both are

    Parameters
    ----------
    scores : ndarray, shape (n_candidates,)
        In [0, 1].
    alike : ndarray, shape (n_candidates, n_candidates)
    n : int
    diversity : float
        In [0, 1]; 0 goes by scores alone.

    Returns
    -------
    ndarray
        Places of at most `n`, in order; ties go to the lower place.

    Examples
    --------
    >>> alike = np.array([[0, 0.9, 0], [0.9, 0, 0], [0, 0, 0]])
    >>> spread_out(np.array([1.0, 0.9, 0.5]), alike, n=3, diversity=0.5).tolist()
    [0, 2, 1]
    """
    relevance = (1 - diversity) * scores
    nearest = np.zeros(len(scores))
    is_left = np.ones(len(scores), dtype=np.bool_)
    picked = []
    for _ in range(min(n, len(scores))):
        margin = np.where(is_left, relevance - diversity * nearest, -np.inf)
        best = int(np.argmax(margin))
        picked.append(best)
        is_left[best] = False
        nearest = np.maximum(nearest, alike[best])
    return np.array(picked, dtype=np.int64)


def drawn(found: Scored, random_state: int) -> Scored:
    """Shift scores by chance, so that the best are drawn in proportion to a power of their scores.

    The largest of SHARPNESS log(score) + Gumbel noise are a draw without replacement (Yellott 1977,
    doi:10.1016/0022-2496(77)90026-8). Which song gets which noise depends on its number alone.

    Returns
    -------
    Scored
        In (0, 1], in the order of the draw.
    """
    noise = np.array(
        [np.random.default_rng([random_state, song]).gumbel() for song in found.numbers.tolist()]
    )
    shifted = np.exp(np.log(found.scores) + noise / SHARPNESS)
    return Scored(found.numbers, shifted).scaled(1.0)
