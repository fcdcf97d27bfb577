"""How well songs go with the songs and the title of a wish: one function a way."""

import numpy as np

from model.library.lists import Floats, Numbers
from model.library.songs import Library, inverse_frequency
from model.library.words import name_key
from model.making.sparse import Scored
from model.making.wish import Wish

SIMILAR_PLAYLISTS = 200
NAMED_PLAYLISTS = 2_000
DAMPING = 0.5
"""Of long playlists: 1 is the cosine; less favours them."""

TITLE_WEIGHT = 0.1
"""Of playlists of the wished name, in the blend, beside 1 for all that the songs say.

Of 346 validation playlists: .2 costs NDCG with five songs .0027 (.0012 to .0045) and changes no
other figure beyond chance; .3 and .5 cost more, with one song too. Without a name, one song has
.0117 less.
"""


def similar_songs(library: Library, seeds: Numbers) -> Scored:
    """Sum the similarity to each seed over the most similar songs of each.

    As `recommenders.neighbours.SimilarSongs` (Deshpande & Karypis 2004, doi:10.1145/963770.963776).
    """
    places = library.neighbours.lists.places(seeds)
    songs = library.neighbours.lists.values[places]
    return Scored.summed(songs, library.neighbours.scores[places].astype(np.float64))


def similar_playlists(library: Library, seeds: Numbers) -> Scored:
    """Score the playlists that hold seeds; those most like the seeds are kept.

    With idf(i) = log(1 + N / n_i), as `recommenders.playlists.SimilarPlaylists` (Bonnin & Jannach
    2014, doi:10.1145/2652481): sim(p) = sum over seeds i in p of idf(i)^2 / |p|^damping.
    """
    if not len(seeds):
        return Scored(np.empty(0, dtype=np.int64), np.empty(0))
    holders = library.holders.take(seeds)
    counts = library.n_playlists(seeds)
    weights = np.repeat(inverse_frequency(counts, len(library.playlists)) ** 2, counts)
    sums = np.bincount(holders, weights, minlength=len(library.playlists))
    playlists = np.flatnonzero(sums)
    scores = sums[playlists] / np.maximum(library.norms[playlists], 1e-9) ** DAMPING
    return Scored(playlists, scores).best(SIMILAR_PLAYLISTS)


def songs_of(library: Library, playlists: Scored) -> Scored:
    """Sum over playlists the score of each that holds a song."""
    songs = library.playlists.take(playlists.numbers)
    weights = np.repeat(playlists.scores, library.playlists.lengths(playlists.numbers))
    return Scored.summed(songs, weights)


def named_playlists(library: Library, title: str) -> Numbers:
    """Find the playlists whose names hold all words of a title; most followers first."""
    words = list(dict.fromkeys(name_key(title).split()))
    return library.names_by_rank[library.name_words.find(words, n=NAMED_PLAYLISTS)]


def songs_named(library: Library, playlists: Numbers) -> Scored:
    """Count how many of these playlists hold a song."""
    songs = library.playlists.take(playlists)
    return Scored.summed(songs, np.ones(len(songs)))


def popular_songs(library: Library, n: int) -> Scored:
    """Give the `n` songs that most playlists hold, scored by how many do."""
    songs = np.sort(library.by_rank[:n]).astype(np.int64)
    counts = library.n_playlists(songs).astype(np.float64)
    return Scored(songs[counts > 0], counts[counts > 0])


def blended(parts: list[Scored]) -> Scored:
    """Add up scores."""
    return Scored.summed(
        np.concatenate([part.numbers for part in parts]),
        np.concatenate([part.scores for part in parts]),
    )


def score(library: Library, wish: Wish, near: Scored, named: Numbers) -> Scored:
    """Score songs as the wish's method does.

    Parameters
    ----------
    library : Library
    wish : Wish
    near : Scored
        As `similar_playlists` gives them.
    named : ndarray
        As `named_playlists` gives them.
    """
    seeds = np.array(wish.seeds, dtype=np.int64)
    if wish.method == "neighbours":
        return similar_songs(library, seeds)
    if wish.method == "playlists":
        return songs_of(library, near)
    if wish.method == "titles":
        return songs_named(library, named)
    if wish.method == "popularity":
        return popular_songs(library, 4 * wish.n + len(wish.seeds) + NAMED_PLAYLISTS)
    parts = [
        similar_songs(library, seeds).scaled(wish.share),
        songs_of(library, near).scaled(1 - wish.share),
        songs_named(library, named).scaled(TITLE_WEIGHT),
    ]
    return blended(parts)


def tilted(found: Scored, n_playlists: Numbers, power: float) -> Scored:
    """Multiply scores by popularity to a power, brought to at most 1 by the most popular song.

    Examples
    --------
    >>> found = Scored(np.array([3, 4]), np.array([1.0, 1.0]))
    >>> tilted(found, np.array([1, 3]), 1.0).scores.tolist()
    [0.5, 1.0]
    """
    if not power or not len(found):
        return found
    counts: Floats = (n_playlists + 1) / (n_playlists.max() + 1)
    return Scored(found.numbers, found.scores * counts**power)
