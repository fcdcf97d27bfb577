"""Made-up tracks, artists and albums for `synthetic_mpd`: whose, how popular, how called.

Tracks are numbered by genre, scene, artist and album, so that each of these is a range of tracks
and a range of their summed popularity: to draw from one is to draw a number between two others.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from harvest.emulator.catalogue import noise, titles
from harvest.emulator.catalogue.genres import GENRES

N_TRACKS = 8_000_000  # of which a million playlists take 2.3 million
N_SCENES = 40  # in a genre

Floats = NDArray[np.float64]
Ids = NDArray[np.int32]
Rows = NDArray[np.int64]

# Weight of the track at popularity rank r: (r + 215)^-.867 (1 + r / 112,643)^-1.062. Fitted so that
# 66 million draws meet 2.26 million tracks, 47 % of them once, and 339 thousand draws 124 thousand.
_FLAT_RANKS, _SLOPE, _BEND_RANK, _SLOPE_BEYOND = 130.0, 0.867, 112_643.0, 1.062

_ARTIST_SIZE_SLOPE, _MAX_ARTIST_SIZE = 1.1, 500
_FAME_BY_SIZE = 0.05
_SCENE_SPREAD, _ARTIST_SPREAD, _ALBUM_SPREAD, _TRACK_SPREAD = 0.8, 0.9, 0.75, 0.75
_ALBUM_SHARE = 0.08  # of tracks that begin an album, besides each artist's first
_OTHER_SOUND_SHARE = 0.15  # of tracks that sound like another genre
_MEASURED_SHARE = 0.94
_POOL = 30_000
_LONG_TITLE_SHARE, _LONG_NAME_SHARE = 0.45, 0.5
_DIGITS = np.frombuffer(
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8
)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All tracks that playlists may take.

    Parameters
    ----------
    seed : int
        It was made with.
    mass : ndarray of shape (n_tracks + 1,)
        Popularity of the tracks before each one, 0 … 1.
    artist_of, album_of : ndarray of shape (n_tracks,)
        Ascending.
    artist_edges : ndarray of shape (n_artists + 1,)
        First track of each artist.
    scene_edges : ndarray of shape (n_genres * N_SCENES + 1,)
        First track of each scene.
    titles, artist_names : pyarrow.StringArray
        Of which names are put together; `artist_names` as many for each genre.
    """

    seed: int
    mass: Floats
    artist_of: Ids
    album_of: Ids
    artist_edges: Rows
    scene_edges: Rows
    titles: pa.Array
    artist_names: pa.Array

    @property
    def n_tracks(self) -> int:
        """How many there are to choose from."""
        return len(self.artist_of)

    def draw(self, low: Floats, high: Floats, rng: np.random.Generator) -> Rows:
        """Draw a track for each range of mass."""
        at = low + (high - low) * rng.random(len(low))
        rows: Rows = np.searchsorted(self.mass, at, side="right") - 1
        return np.clip(rows, 0, self.n_tracks - 1)

    def scene_of(self, rows: Rows) -> Rows:
        """Return each track's scene; `N_SCENES` follow each other in a genre."""
        return np.searchsorted(self.scene_edges, rows, side="right") - 1

    def genre_of(self, rows: Rows) -> Rows:
        """Return each track's row of `GENRES`."""
        return self.scene_of(rows) // N_SCENES

    def sound_of(self, rows: Rows) -> Rows:
        """Return the genre that each track sounds like: its own, mostly."""
        seeds = self._seeds(rows)
        other = (noise.uniform(seeds, 90) * len(GENRES)).astype(np.int64)
        is_other = noise.uniform(seeds, 91) < _OTHER_SOUND_SHARE
        return np.where(is_other, other, self.genre_of(rows))

    def is_measured(self, rows: Rows) -> NDArray[np.bool_]:
        """Say which tracks have audio features: in the study 94 % of entries had."""
        known: NDArray[np.bool_] = noise.uniform(self._seeds(rows), 95) < _MEASURED_SHARE
        return known

    def duration_ms(self, rows: Rows) -> Ids:
        """Return lengths around the genre's usual one."""
        usual = np.array([genre.minutes for genre in GENRES])[self.genre_of(rows)]
        spread = np.exp(0.25 * noise.normal(self._seeds(rows), 40))
        return (60_000 * usual * spread).astype(np.int32)

    def track_names(self, rows: Rows) -> pa.Array:
        """Return titles, a few of which many tracks bear."""
        return self._names(rows, self.titles, 50, long_share=_LONG_TITLE_SHARE, joint=" ")

    def album_names(self, albums: Ids) -> pa.Array:
        """Return the titles of albums."""
        return self._names(albums, self.titles, 60, long_share=0.2, joint=" ")

    def names_of_artists(self, artists: Ids) -> pa.Array:
        """Return names that are usual in the artists' genres."""
        genres = self.genre_of(self.artist_edges[artists])
        return self._names(
            artists, self.artist_names, 70, long_share=_LONG_NAME_SHARE, joint=" & ", part=genres
        )

    def spotify_ids(self, kind: str, numbers: Ids | Rows) -> pa.Array:
        """Return 22 base-62 digits for each track, artist or album."""
        seeds = self._seeds(numbers) ^ np.uint64(noise.key(kind) << 32)
        digits = np.empty((len(seeds), 22), np.uint8)
        for start, end in ((0, 8), (8, 15), (15, 22)):
            left = (noise.uniform(seeds, 80 + start) * 2.0**53).astype(np.uint64)
            for place in range(start, end):
                left, digit = np.divmod(left, np.uint64(62))
                digits[:, place] = _DIGITS[digit]
        ends = np.arange(0, 22 * len(seeds) + 1, 22, dtype=np.int32)
        buffers = [None, pa.py_buffer(ends), pa.py_buffer(digits.tobytes())]
        return pa.Array.from_buffers(pa.string(), len(seeds), buffers)

    def _seeds(self, numbers: Ids | Rows) -> noise.Keys:
        return numbers.astype(np.uint64) + np.uint64(self.seed << 40)

    def _names(
        self,
        numbers: Ids | Rows,
        pool: pa.Array,
        stream: int,
        *,
        long_share: float,
        joint: str,
        part: Rows | int = 0,
    ) -> pa.Array:
        seeds = self._seeds(numbers)
        size = len(pool) if isinstance(part, int) else len(pool) // len(GENRES)
        first, second = (
            pool.take(pa.array((part * size + noise.uniform(seeds, stream + i) * size).astype(int)))
            for i in (0, 1)
        )
        is_long = pa.array(noise.uniform(seeds, stream + 2) < long_share)
        return pc.if_else(is_long, pc.binary_join_element_wise(first, second, joint), first)


def joined(*pieces: str | pa.Array) -> pa.Array:
    """Join texts and columns of texts, row by row."""
    return pc.binary_join_element_wise(*pieces, "")


def make_catalogue(seed: int, n_tracks: int = N_TRACKS) -> Catalogue:
    """Make up a catalogue; the same seed and size give the same one."""
    rng = np.random.default_rng([seed, n_tracks])
    sizes = _artist_sizes(rng, n_tracks)
    artist_of = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    artist_edges = np.concatenate([[0], np.cumsum(sizes)])
    starts_album = rng.random(n_tracks) < _ALBUM_SHARE
    starts_album[artist_edges[:-1]] = True
    album_of = np.cumsum(starts_album, dtype=np.int32) - np.int32(1)
    scenes = np.sort(_scenes(rng, len(sizes)))
    weights = _weights(rng, scenes, sizes, artist_of, album_of)
    n_scenes = len(GENRES) * N_SCENES
    return Catalogue(
        seed=seed,
        mass=np.concatenate([[0.0], np.cumsum(weights)]) / weights.sum(),
        artist_of=artist_of,
        album_of=album_of,
        artist_edges=artist_edges,
        scene_edges=artist_edges[np.searchsorted(scenes, np.arange(n_scenes + 1))],
        titles=pa.array(titles.track_titles(rng, np.arange(_POOL))[0]),
        artist_names=pa.array(
            [
                titles.artist_name(rng, genre.name)
                for genre in GENRES
                for _ in range(_POOL // len(GENRES))
            ]
        ),
    )


def _artist_sizes(rng: np.random.Generator, n_tracks: int) -> Rows:
    """Sizes of which few are large, n_tracks in sum."""
    drawn = (1.0 - rng.random(n_tracks + 1)) ** (-1.0 / _ARTIST_SIZE_SLOPE)
    sizes = np.minimum(1.7 * drawn, _MAX_ARTIST_SIZE).astype(np.int64)
    ends = np.cumsum(sizes)
    n_artists = int(np.searchsorted(ends, n_tracks)) + 1
    sizes = sizes[:n_artists]
    sizes[-1] -= ends[n_artists - 1] - n_tracks
    return sizes


def _weights(
    rng: np.random.Generator, scenes: Rows, sizes: Rows, artist_of: Ids, album_of: Ids
) -> Floats:
    """Give out the ranks of popularity by the fame of scene, artist, album and track."""
    artists = _FAME_BY_SIZE * np.log(sizes) + _ARTIST_SPREAD * rng.normal(size=len(sizes))
    artists += _SCENE_SPREAD * rng.normal(size=len(GENRES) * N_SCENES)[scenes]
    albums = _ALBUM_SPREAD * rng.normal(size=int(album_of[-1]) + 1)
    score = artists[artist_of] + albums[album_of] + _TRACK_SPREAD * rng.normal(size=len(artist_of))
    rank = np.arange(1, len(score) + 1, dtype=np.float64)
    law = (rank + _FLAT_RANKS) ** -_SLOPE * (1 + rank / _BEND_RANK) ** -_SLOPE_BEYOND
    weights = np.empty(len(score))
    weights[np.argsort(-score)] = law
    return weights


def _scenes(rng: np.random.Generator, n_artists: int) -> Rows:
    shares = np.array([genre.weight for genre in GENRES])
    genres = rng.choice(len(GENRES), n_artists, p=shares / shares.sum())
    return genres * N_SCENES + rng.integers(0, N_SCENES, n_artists)
