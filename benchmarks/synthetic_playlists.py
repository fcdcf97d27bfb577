"""Made-up playlists for `synthetic_mpd`, a slice of the dataset at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from synthetic_catalogue import N_SCENES, Catalogue, Floats, Ids, Rows

from harvest.emulator.catalogue import titles
from harvest.emulator.catalogue.genres import GENRES
from harvest.emulator.catalogue.playlists import MPD_MULTI_FOLLOWER_SHARE

SLICE_SIZE = 1_000

# Of a playlist's tracks, so many from its own scene, its genre, a second scene, anywhere.
_SCOPE_SHARES = (0.55, 0.20, 0.17, 0.08)
_SHARE_SPREAD = 4.0  # of Dirichlet's distribution; greater is more alike
_RUN_SHARE = 0.22  # of tracks by the artist of the one before
_REPEAT_SHARE = 0.06  # of tracks drawn twice that stay
_SURPLUS, _SURPLUS_TRACKS = 1.5, 10  # drawn, since repeats are dropped

# Quantiles of lengths: of all playlists; of those with ten followers or more, which are longer.
_QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0)
_LENGTHS = (5, 14, 26, 49, 92, 149, 186, 250)
_LENGTHS_OF_FOLLOWED = (5, 20, 41, 84, 143, 200, 222, 250)
# Share with more followers than so many, of those that have more than one.
_FOLLOWERS = (2, 10, 16, 34, 124, 2_594, 21_489, 71_643)
_SURVIVAL = (1.0, 0.029, 0.0145, 0.00725, 0.0029, 0.00029, 0.000029, 0.000004)
_MANY_FOLLOWERS = 10

_NAMES_A_GENRE = 2_000
_N_RARE_NAMES, _TITLES = 120_000, 5_000
_ALONE_SHARE, _LOWER_SHARE = 0.3, 0.4
_RARE_SHARE, _RARE_FLAT, _RARE_SLOPE = 0.8, 20.0, 0.82
_MOODS = ("", "Chill", "Party", "Sad", "Happy", "Workout", "Mix")


@dataclass(frozen=True, slots=True)
class Playlists:
    """Playlists that follow each other.

    Parameters
    ----------
    first : int
        Pid of the first.
    names : list of str of length n_playlists
    followers, edits, modified_at : ndarray of shape (n_playlists,)
    lengths : ndarray of shape (n_playlists,)
        Tracks.
    rows : ndarray of shape (sum of lengths,)
        Tracks of the catalogue, one playlist behind the other.
    """

    first: int
    names: list[str]
    followers: Rows
    edits: Rows
    modified_at: Rows
    lengths: Rows
    rows: Rows

    @property
    def pids(self) -> range:
        """They follow each other."""
        return range(self.first, self.first + len(self.names))

    @property
    def is_collaborative(self) -> list[bool]:
        """Of each playlist; one in 43 is."""
        return [pid % 43 == 0 for pid in self.pids]

    @property
    def descriptions(self) -> list[str | None]:
        """Of each playlist; one in 53 has one."""
        return [
            f"Made up: {name.strip()}" if pid % 53 == 0 else None
            for pid, name in zip(self.pids, self.names, strict=True)
        ]

    @property
    def owner(self) -> Rows:
        """Number of each entry's playlist in here."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @property
    def pos(self) -> Rows:
        """Place of each entry in its playlist."""
        starts = np.cumsum(self.lengths) - self.lengths
        return np.arange(len(self.rows)) - np.repeat(starts, self.lengths)

    def counts(self, catalogue: Catalogue) -> dict[str, Rows]:
        """Albums, artists and milliseconds of each playlist."""
        owner, n = self.owner, len(self.names)
        duration_ms = catalogue.duration_ms(self.rows)
        return {
            "num_albums": _n_distinct(owner, catalogue.album_of[self.rows], n),
            "num_artists": _n_distinct(owner, catalogue.artist_of[self.rows], n),
            "duration_ms": np.bincount(owner, duration_ms, n).astype(np.int64),
        }


class PlaylistMaker:
    """Draws playlists; the n-th slice is the same however many are drawn.

    Parameters
    ----------
    catalogue : Catalogue
        What they take.
    min_followers : int
        Draw none with fewer.
    """

    def __init__(self, catalogue: Catalogue, *, min_followers: int = 1) -> None:
        self._catalogue = catalogue
        self._min_followers = min_followers
        rng = np.random.default_rng([catalogue.seed, 1])
        self._genre_names = [
            [_genre_name(rng, genre.playlist_words) for _ in range(_NAMES_A_GENRE)]
            for genre in GENRES
        ]
        self._rare_names = _rare_names(rng)
        ranks = np.arange(len(self._rare_names)) + _RARE_FLAT
        self._rare_mass = np.cumsum(ranks**-_RARE_SLOPE)
        self._rare_mass /= self._rare_mass[-1]

    def slices(self, n_playlists: int) -> Iterator[Playlists]:
        """Yield so many playlists, `SLICE_SIZE` at a time."""
        for first in range(0, n_playlists, SLICE_SIZE):
            yield self.slice(first, min(SLICE_SIZE, n_playlists - first))

    def slice(self, first: int, n_playlists: int) -> Playlists:
        """Draw a slice, of which the first `n_playlists` are kept."""
        rng = np.random.default_rng([self._catalogue.seed, 2, first])
        followers = _followers(rng, SLICE_SIZE, at_least=self._min_followers)
        wanted = _lengths(rng, followers)
        home = self._catalogue.draw(np.zeros(SLICE_SIZE), np.ones(SLICE_SIZE), rng)
        owner, rows = self._entries(rng, home, wanted)
        lengths = np.bincount(owner, minlength=SLICE_SIZE)
        edits = 1 + np.minimum(0.3 * wanted * np.exp(0.7 * rng.normal(size=SLICE_SIZE)), 200)
        names = self._names(rng, home)
        day = rng.integers(14_700, 17_500, SLICE_SIZE)
        return Playlists(
            first,
            names[:n_playlists],
            followers[:n_playlists],
            edits[:n_playlists].astype(np.int64),
            86_400 * day[:n_playlists],
            lengths[:n_playlists],
            rows[: lengths[:n_playlists].sum()],
        )

    def _entries(self, rng: np.random.Generator, home: Rows, wanted: Rows) -> tuple[Rows, Rows]:
        """Draw tracks; drop most repeats, and what exceeds the wanted lengths."""
        catalogue = self._catalogue
        n_drawn = (wanted * _SURPLUS).astype(np.int64) + _SURPLUS_TRACKS
        owner = np.repeat(np.arange(len(wanted)), n_drawn)
        low, high = self._scopes(rng, home, owner)
        rows = catalogue.draw(low, high, rng)
        is_run = (rng.random(len(rows)) < _RUN_SHARE) & (np.diff(owner, prepend=-1) == 0)
        before = np.maximum.accumulate(np.where(is_run, 0, np.arange(len(rows))))[is_run]
        artists = catalogue.artist_of[rows[before]]
        edges = catalogue.mass[catalogue.artist_edges]
        rows[is_run] = catalogue.draw(edges[artists], edges[artists + 1], rng)
        kept = _first_of_each(owner * catalogue.n_tracks + rows)
        kept |= rng.random(len(rows)) < _REPEAT_SHARE
        owner, rows = owner[kept], rows[kept]
        counts = np.bincount(owner, minlength=len(wanted))
        place = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        is_within = place < wanted[owner]
        return owner[is_within], rows[is_within]

    def _scopes(self, rng: np.random.Generator, home: Rows, owner: Rows) -> tuple[Floats, Floats]:
        """Choose for each entry from which range of mass it is drawn."""
        catalogue = self._catalogue
        second = catalogue.draw(np.zeros(len(home)), np.ones(len(home)), rng)
        scene, other = catalogue.scene_of(home), catalogue.scene_of(second)
        genre = scene - scene % N_SCENES
        everything = 0 * scene
        edges = catalogue.mass[catalogue.scene_edges]
        low = edges[np.stack([scene, genre, other, everything])]
        ends = np.stack([scene + 1, genre + N_SCENES, other + 1, everything - 1])
        high = edges[ends]
        shares = rng.dirichlet(_SHARE_SPREAD * np.array(_SCOPE_SHARES), len(home))
        reached = rng.random(len(owner))[:, None] >= np.cumsum(shares, axis=1)[owner, :-1]
        scope = reached.sum(axis=1)
        return low[scope, owner], high[scope, owner]

    def _names(self, rng: np.random.Generator, home: Rows) -> list[str]:
        genres = self._catalogue.genre_of(home).tolist()
        usual = rng.integers(0, _NAMES_A_GENRE, len(home)).tolist()
        rare = np.searchsorted(self._rare_mass, rng.random(len(home))).tolist()
        is_rare = (rng.random(len(home)) < _RARE_SHARE).tolist()
        return [
            self._rare_names[b] if c else self._genre_names[genre][a]
            for genre, a, b, c in zip(genres, usual, rare, is_rare, strict=True)
        ]


def _n_distinct(owner: Rows, values: Ids, n: int) -> Rows:
    distinct = np.unique(owner << 32 | values)
    return np.bincount(distinct >> 32, minlength=n)


def _first_of_each(keys: Rows) -> NDArray[np.bool_]:
    is_first = np.zeros(len(keys), dtype=bool)
    is_first[np.unique(keys, return_index=True)[1]] = True
    return is_first


def _followers(rng: np.random.Generator, n: int, *, at_least: int) -> Rows:
    falling, logs = -np.log(_SURVIVAL), np.log(_FOLLOWERS)
    share = 1 / MPD_MULTI_FOLLOWER_SHARE
    if at_least > 1:
        share = np.exp(-np.interp(np.log(at_least), logs, falling))
    survival = share * (1.0 - rng.random(n))
    drawn = np.exp(np.interp(-np.log(survival), falling, logs) + 1e-9)
    return np.where(survival < 1, drawn, 1).astype(np.int64)


def _lengths(rng: np.random.Generator, followers: Rows) -> Rows:
    at = rng.random(len(followers))
    all_of_them, followed = (
        np.exp(np.interp(at, _QUANTILES, np.log(lengths)))
        for lengths in (_LENGTHS, _LENGTHS_OF_FOLLOWED)
    )
    return np.where(followers >= _MANY_FOLLOWERS, followed, all_of_them).astype(np.int64)


def _genre_name(rng: np.random.Generator, playlist_words: tuple[str, ...]) -> str:
    mood = _MOODS[int(rng.integers(0, len(_MOODS)))]
    return titles.playlist_name(rng, playlist_words, mood)


def _rare_names(rng: np.random.Generator) -> list[str]:
    """Distinct names, in no order: made-up titles, alone or two together, some in lower case."""
    pool = [titles.plain_title(rng) for _ in range(_TITLES)]
    first, second = rng.integers(0, _TITLES, (2, 2 * _N_RARE_NAMES)).tolist()
    kinds = rng.random(2 * _N_RARE_NAMES).tolist()
    names: dict[str, None] = {}
    for a, b, kind in zip(first, second, kinds, strict=True):
        name = pool[a] if kind < _ALONE_SHARE else f"{pool[a]} {pool[b]}"
        names[name.lower() if kind % 0.01 < _LOWER_SHARE * 0.01 else name] = None
    return list(names)[:_N_RARE_NAMES]
