"""A wish -> a playlist."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.errors import InputError
from model.library.lists import Numbers, are_among, ascending, first_places
from model.library.songs import Library, Song
from model.library.words import name_key
from model.making import scores
from model.making.diversity import drawn, likeness, spread_out
from model.making.profile import Profile, profile
from model.making.reasons import Reason, reasons
from model.making.sparse import Scored
from model.making.wish import DEFAULT_METHOD, Wish, check_sense

_CANDIDATES = 4
"""Times as many songs as are wanted, from which a list is chosen."""

_LEAST_CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Pick:
    """A song of a list, and why it is there.

    Parameters
    ----------
    song : Song
    reasons : tuple of Reason
        What counts most first.
    """

    song: Song
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Playlist:
    """A list that was made.

    Parameters
    ----------
    wish : Wish
    seeds : list of Song
    picks : list of Pick
        In order; no seed among them.
    profile : Profile
        Of the seeds and the picks.
    """

    wish: Wish
    seeds: list[Song]
    picks: list[Pick]
    profile: Profile


@dataclass(frozen=True, slots=True)
class Chooser:
    """Who chooses songs.

    Parameters
    ----------
    method : str
        See `Wish`.
    recommend : callable, optional
        Scores songs for a wish, where the method is not looked up in the library; see
        `making.fitted`.
    by_title : str
        The method for a title without songs.
    """

    method: str = DEFAULT_METHOD
    recommend: Callable[[Wish], Scored] | None = None
    by_title: str = DEFAULT_METHOD


STANDARD = Chooser()


def make_playlist(
    library: Library, wish: Wish, *, recommend: Callable[[Wish], Scored] | None = None
) -> Playlist:
    """Choose songs that go with the seeds and the title; the same wish gives the same list.

    No song is named twice, be it on another release or in another version, and none is a seed.
    Where too few songs go with the seeds, popular ones follow.

    Parameters
    ----------
    library : Library
    wish : Wish
    recommend : callable, optional
        Scores songs in place of what is looked up in the library; see `Chooser`.

    Raises
    ------
    InputError
        If there is nothing to go by, or no song is left that could be listed.
    """
    seeds = np.array(wish.seeds, dtype=np.int64)
    near = scores.similar_playlists(library, seeds)
    named = scores.named_playlists(library, wish.title) if wish.title else seeds[:0]
    _check(wish, named, is_looked_up=recommend is None)
    found = recommend(wish) if recommend else scores.score(library, wish, near, named)
    songs = _chosen(library, wish, found, seeds)
    if not len(songs):
        msg = "no other song can be found for this: name other songs, or leave out fewer artists"
        raise InputError(msg)
    sources = scores.blended([near, Scored(np.sort(named), np.ones(len(named)))])
    why = reasons(library, songs, seeds, sources)
    return Playlist(
        wish=wish,
        seeds=library.songs(seeds),
        picks=[Pick(library.song(song), why[at]) for at, song in enumerate(songs.tolist())],
        profile=profile(library, np.r_[seeds, songs], near if wish.seeds else sources),
    )


def _check(wish: Wish, named: Numbers, *, is_looked_up: bool) -> None:
    check_sense(wish.method, has_songs=bool(wish.seeds), has_title=bool(wish.title))
    if is_looked_up and (wish.method == "titles" or not wish.seeds) and not len(named):
        msg = f"no playlist is called {wish.title!r}; give songs to go by, or other words"
        raise InputError(msg)


def _chosen(library: Library, wish: Wish, found: Scored, seeds: Numbers) -> Numbers:
    """Give the songs of the list, in order."""
    pool = _pool(library, wish, found, seeds)
    if len(pool) < wish.n:
        # Behind all that was found.
        spare = scores.popular_songs(library, 8 * wish.n + _LEAST_CANDIDATES)
        rest = _pool(library, wish, spare, seeds, taken=pool.numbers)
        songs = _ordered(library, wish, pool)
        more = rest.ranked()
        return _different(library, np.r_[songs, more], seeds)[: wish.n]
    return _ordered(library, wish, pool)[: wish.n]


def _pool(
    library: Library, wish: Wish, found: Scored, seeds: Numbers, taken: Numbers | None = None
) -> Scored:
    """Keep the best of what may be in the list, scores in (0, 1]."""
    banned = are_among(found.numbers, seeds if taken is None else np.r_[seeds, taken])
    banned |= are_among(library.song_artists[found.numbers], _excluded(library, wish, found))
    kept = found.where(~banned)
    kept = scores.tilted(kept, library.n_playlists(kept.numbers), wish.popularity)
    size = max(_CANDIDATES * wish.n, _LEAST_CANDIDATES)
    best = kept.best(2 * size)
    distinct = np.sort(_different(library, best.ranked(), seeds)[:size])
    return best.where(are_among(best.numbers, distinct)).scaled(1.0)


def _ordered(library: Library, wish: Wish, pool: Scored) -> Numbers:
    if wish.random_state is not None:
        pool = drawn(pool, wish.random_state)
    if not wish.diversity:
        return pool.ranked()
    alike = likeness(library, pool.numbers)
    places = spread_out(pool.scores, alike, n=wish.n, diversity=wish.diversity)
    ordered: Numbers = pool.numbers[places]
    return ordered


def _excluded(library: Library, wish: Wish, found: Scored) -> Numbers:
    unwanted = {name_key(name) for name in wish.excluded_artists}
    if not unwanted:
        return np.empty(0, dtype=np.int64)
    artists = ascending(library.song_artists[found.numbers])
    return np.array(
        [one for one in artists.tolist() if name_key(library.artists[one]) in unwanted],
        dtype=np.int64,
    )


def _different(library: Library, songs: Numbers, seeds: Numbers) -> Numbers:
    """Keep the first of the versions of a song, and none of a seed."""
    works = library.works[songs]
    places = first_places(works)
    kept: Numbers = songs[places[~are_among(works[places], library.works[seeds])]]
    return kept
