"""A made-up catalogue of artists, albums and tracks; no name in it means a real one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harvest.emulator import DEFAULT_PLAYLISTS, DEFAULT_SEED
from harvest.emulator.catalogue import noise, titles
from harvest.emulator.catalogue.genres import GENRES

Numbers = NDArray[np.int64]


_TAIL_SHARE = 0.5
_ARTISTS_A_TRACK = 0.13
_TRACKS_AN_ALBUM = 3
_UNKNOWN_SHARE = 0.03


@dataclass(frozen=True, slots=True)
class Songs:
    """A made-up catalogue.

    Parameters
    ----------
    ids, titles : list of str of length n_tracks
        Spotify ids and titles.
    artist_of, album_of, genre_of, duration_ms : ndarray of shape (n_tracks,)
        Row of the artist, of the album, of the genre; milliseconds.
    popularity : ndarray of shape (n_tracks,)
        How readily a playlist takes the track; greater is more.
    is_tail : ndarray of shape (n_tracks,)
        Whether the track is one of the many that a single playlist holds.
    on_spotify, on_lastfm : ndarray of shape (n_tracks,)
        Whether the service knows the track.
    artist_ids, artist_names : list of str of length n_artists
        Spotify ids and names.
    album_ids, album_names : list of str of length n_albums
        Spotify ids and names.
    """

    ids: list[str]
    titles: list[str]
    artist_of: Numbers
    album_of: Numbers
    genre_of: Numbers
    duration_ms: Numbers
    popularity: NDArray[np.float64]
    is_tail: NDArray[np.bool_]
    on_spotify: NDArray[np.bool_]
    on_lastfm: NDArray[np.bool_]
    artist_ids: list[str]
    artist_names: list[str]
    album_ids: list[str]
    album_names: list[str]


def count_tracks(n_playlists: int) -> int:
    """Say how many distinct tracks so many playlists hold.

    Parameters
    ----------
    n_playlists : int
        At least 1.

    Returns
    -------
    int
        Grows as the number of playlists to the power 0.8885: 2.26 million for the million
        playlists of the MPD, about 7,000 for 1,500.

    Examples
    --------
    >>> count_tracks(1_500), count_tracks(1_000_000)
    (6969, 2250035)
    """
    grown: float = 10.5 * n_playlists**0.8885
    return max(40, round(grown))


def make_songs(*, n_playlists: int = DEFAULT_PLAYLISTS, seed: int = DEFAULT_SEED) -> Songs:
    """Make up the tracks that so many playlists hold.

    Parameters
    ----------
    n_playlists : int
        For how many playlists; decides the number of tracks.
    seed : int
        Same seed and size, same catalogue.

    Returns
    -------
    Songs
        Genres cover it evenly enough that each has tracks of its own.

    Examples
    --------
    >>> songs = make_songs(n_playlists=10)
    >>> len(songs.ids) == len(songs.titles) == len(set(songs.ids))
    True
    """
    rng = np.random.default_rng([seed, n_playlists, 1])
    n_tracks = count_tracks(n_playlists)
    genre_of_artist = _genres_of_artists(rng, max(len(GENRES), round(n_tracks * _ARTISTS_A_TRACK)))
    artist_of = _artists_of_tracks(rng, genre_of_artist, n_tracks)
    genre_of = genre_of_artist[artist_of]
    artist_names = [titles.artist_name(rng, GENRES[genre].name) for genre in genre_of_artist]
    album_of, n_albums = _albums_of_tracks(artist_of)
    track_titles, is_decorated = titles.track_titles(rng, artist_of)
    return Songs(
        ids=noise.random_ids(rng, n_tracks),
        titles=track_titles,
        artist_of=artist_of,
        album_of=album_of,
        genre_of=genre_of,
        duration_ms=_durations(rng, genre_of),
        popularity=rng.permuted(_popularity(rng, n_tracks)),
        is_tail=rng.permuted(np.arange(n_tracks) < n_tracks * _TAIL_SHARE),
        on_spotify=rng.random(n_tracks) >= _UNKNOWN_SHARE,
        on_lastfm=rng.random(n_tracks) >= np.where(is_decorated, 0.4, _UNKNOWN_SHARE),
        artist_ids=noise.random_ids(rng, len(artist_names)),
        artist_names=artist_names,
        album_ids=noise.random_ids(rng, n_albums),
        album_names=[titles.plain_title(rng) for _ in range(n_albums)],
    )


def _genres_of_artists(rng: np.random.Generator, n_artists: int) -> Numbers:
    weights = np.array([genre.weight for genre in GENRES])
    drawn = rng.choice(len(GENRES), size=n_artists, p=weights / weights.sum())
    drawn[: len(GENRES)] = np.arange(len(GENRES))
    return drawn.astype(np.int64)


def _artists_of_tracks(
    rng: np.random.Generator, genre_of_artist: Numbers, n_tracks: int
) -> Numbers:
    ranks = rng.permutation(len(genre_of_artist)) + 1
    weights = ranks**-0.6
    drawn = rng.choice(len(genre_of_artist), size=n_tracks, p=weights / weights.sum())
    return np.sort(drawn).astype(np.int64)


def _albums_of_tracks(artist_of: Numbers) -> tuple[Numbers, int]:
    first_of_artist = np.searchsorted(artist_of, artist_of)
    number_within = (np.arange(len(artist_of)) - first_of_artist) // _TRACKS_AN_ALBUM
    pairs = artist_of * len(artist_of) + number_within
    albums, album_of = np.unique(pairs, return_inverse=True)
    return album_of.astype(np.int64), len(albums)


def _durations(rng: np.random.Generator, genre_of: Numbers) -> Numbers:
    minutes = np.array([genre.minutes for genre in GENRES])[genre_of]
    drawn = minutes * 60_000 * np.exp(rng.normal(0.0, 0.2, len(genre_of)))
    return np.asarray(np.clip(drawn, 35_000, 1_200_000), dtype=np.int64)


def _popularity(rng: np.random.Generator, n_tracks: int) -> NDArray[np.float64]:
    ranks = np.arange(1, n_tracks + 1)
    return np.asarray(ranks**-0.75 * np.exp(rng.normal(0.0, 0.4, n_tracks)), dtype=np.float64)
