"""Made-up playlists over a made-up catalogue."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harvest.emulator.catalogue import titles
from harvest.emulator.catalogue.features import make_features
from harvest.emulator.catalogue.genres import GENRES
from harvest.emulator.catalogue.songs import Songs

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]

MPD_MULTI_FOLLOWER_SHARE = 0.257337
"""Share of the MPD's playlists with more than one follower: 742,663 of a million have one."""

_MAX_FOLLOWERS = 71_643
_FAVOURITE_ARTISTS = 6
_MAX_LENGTH = 250
_MOODS = {
    "": (0.0, 0.0, 0.0),
    "Chill": (-1.0, 0.0, 0.8),
    "Party": (0.8, 0.6, -0.5),
    "Sad": (-0.6, -1.0, 0.5),
    "Happy": (0.3, 1.0, 0.0),
    "Workout": (1.2, 0.0, -0.6),
    "Mix": (0.0, 0.0, 0.0),
}
_MOOD_COLUMNS = ("energy", "valence", "acousticness")


@dataclass(frozen=True, slots=True)
class Playlist:
    """One made-up playlist.

    Parameters
    ----------
    name : str
        As its owner would write it.
    rows : ndarray of shape (n_entries,)
        Rows of the catalogue's tracks, in order; a track may occur twice.
    followers : int
        At least 1.
    """

    name: str
    rows: Numbers
    followers: int


def make_playlists(
    songs: Songs,
    *,
    n_playlists: int,
    seed: int,
    multi_follower_share: float = MPD_MULTI_FOLLOWER_SHARE,
) -> Iterator[Playlist]:
    """Make up playlists, each mostly of one genre, of a mood, and of a few favourite artists.

    Parameters
    ----------
    songs : Songs
        The catalogue, made for as many playlists.
    n_playlists : int
        How many.
    seed : int
        Same seed, size and catalogue, same playlists.
    multi_follower_share : float
        Share with more than one follower, 0 … 1.

    Yields
    ------
    Playlist
        Lengths are log-normal within 5 … 250. Each track of the catalogue's tail occurs once.
    """
    rng = np.random.default_rng([seed, n_playlists, 2])
    lengths = _lengths(rng, n_playlists)
    followers = _followers(
        np.random.default_rng([seed, n_playlists, 3]), n_playlists, multi_follower_share
    )
    genres = _genres(rng, n_playlists)
    tails = _deal_tails(rng, songs, genres, lengths)
    shelves = _shelves(songs)
    for number in range(n_playlists):
        mood = list(_MOODS)[int(rng.integers(0, len(_MOODS)))]
        tail = tails[number]
        n_drawn = max(lengths[number] - len(tail), 3)
        rows = np.concatenate([tail, _draw(rng, shelves, genres[number], mood, n_drawn)])
        name = titles.playlist_name(rng, GENRES[genres[number]].playlist_words, mood)
        yield Playlist(name, _with_repeat(rng, rng.permutation(rows)), int(followers[number]))


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The head tracks of one genre, ready to be drawn from."""

    rows: Numbers
    log_weight: Floats
    artist_of: Numbers
    mood: Floats


def _lengths(rng: np.random.Generator, n_playlists: int) -> Numbers:
    drawn = np.exp(rng.normal(np.log(46.0), 0.75, n_playlists))
    return np.clip(drawn, 5, _MAX_LENGTH).astype(np.int64)


def _followers(rng: np.random.Generator, n_playlists: int, multi_share: float) -> Numbers:
    n_multi = round(n_playlists * multi_share)
    followers = np.ones(n_playlists, dtype=np.int64)
    heavy = 2.0 * (1.0 - rng.random(n_multi)) ** (-1.0 / 1.2)
    followers[:n_multi] = np.minimum(heavy, _MAX_FOLLOWERS).astype(np.int64)
    return rng.permutation(followers)


def _genres(rng: np.random.Generator, n_playlists: int) -> Numbers:
    weights = np.array([genre.weight for genre in GENRES])
    return rng.choice(len(GENRES), size=n_playlists, p=weights / weights.sum()).astype(np.int64)


def _deal_tails(
    rng: np.random.Generator, songs: Songs, genres: Numbers, lengths: Numbers
) -> list[Numbers]:
    """Deal each tail track to one playlist of its genre, long ones being likelier."""
    owner = np.empty(len(songs.ids), dtype=np.int64)
    for genre in range(len(GENRES)):
        rows = np.flatnonzero(songs.is_tail & (songs.genre_of == genre))
        takers = np.flatnonzero(genres == genre)
        takers = takers if len(takers) else np.arange(len(genres))
        weights = lengths[takers] / lengths[takers].sum()
        owner[rows] = rng.choice(takers, size=len(rows), p=weights)
    rows = np.flatnonzero(songs.is_tail)
    rows = rows[np.argsort(owner[rows], kind="stable")]
    edges = np.searchsorted(owner[rows], np.arange(1, len(genres)))
    return np.split(rows, edges)


def _shelves(songs: Songs) -> dict[int, _Shelf]:
    """Shelve the head tracks by genre; a genre without any has no shelf."""
    artists = [songs.artist_ids[row] for row in songs.artist_of]
    values = make_features(songs.ids, artists, songs.genre_of, songs.duration_ms)
    mood = np.array([values[column] for column in _MOOD_COLUMNS]).T
    shelves = {}
    for genre in np.unique(songs.genre_of[~songs.is_tail]).tolist():
        rows = np.flatnonzero(~songs.is_tail & (songs.genre_of == genre))
        scaled = (mood[rows] - mood[rows].mean(axis=0)) / (mood[rows].std(axis=0) + 1e-9)
        shelves[genre] = _Shelf(rows, np.log(songs.popularity[rows]), songs.artist_of[rows], scaled)
    return shelves


def _draw(
    rng: np.random.Generator, shelves: dict[int, _Shelf], genre: int, mood: str, n: int
) -> Numbers:
    """Draw distinct tracks, some of them from a second genre."""
    n_second = int(n * rng.uniform(0.1, 0.4)) if rng.random() < 0.4 else 0
    shelf = shelves.get(genre, next(iter(shelves.values())))
    second = list(shelves.values())[int(rng.integers(0, len(shelves)))]
    first = _draw_from(rng, shelf, mood, n - n_second)
    if not n_second or second is shelf:
        return first
    return np.concatenate([first, _draw_from(rng, second, mood, n_second)])


def _draw_from(rng: np.random.Generator, shelf: _Shelf, mood: str, n: int) -> Numbers:
    """Draw distinct tracks in proportion to weight (Gumbel top-k; Vieira, 2014)."""
    favourites = rng.choice(shelf.artist_of, size=_FAVOURITE_ARTISTS)
    score = shelf.log_weight + rng.gumbel(size=len(shelf.rows))
    score += 0.8 * shelf.mood @ np.array(_MOODS[mood])
    is_favourite = np.zeros(int(shelf.artist_of.max()) + 1, dtype=bool)
    is_favourite[favourites] = True
    score += 2.0 * is_favourite[shelf.artist_of]
    if n >= len(score):
        return shelf.rows
    best = np.argpartition(-score, n)[:n]
    return np.sort(shelf.rows[best])


def _with_repeat(rng: np.random.Generator, rows: Numbers) -> Numbers:
    if rng.random() >= 0.05 or len(rows) >= _MAX_LENGTH:
        return rows
    return np.append(rows, rows[rng.integers(0, len(rows))])
