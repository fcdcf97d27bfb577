"""State directories as `docs/data.md` describes them, made up and seeded."""

import json
import os
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from model.library.songs import Library
from model.stages.library import make_shelf
from tests import forking

UNIT = (
    "danceability",
    "energy",
    "speechiness",
    "acousticness",
    "instrumentalness",
    "liveness",
    "valence",
)
FEATURES = (*UNIT, "key", "loudness", "mode", "tempo", "duration_ms", "time_signature")

SCHEMAS = {
    "playlists": pa.schema(
        [
            ("playlist_id", pa.int32()),
            ("pid", pa.int64()),
            ("name", pa.string()),
            ("description", pa.string()),
            ("collaborative", pa.bool_()),
            ("modified_at", pa.int64()),
            ("num_tracks", pa.int32()),
            ("num_albums", pa.int32()),
            ("num_artists", pa.int32()),
            ("num_followers", pa.int32()),
            ("num_edits", pa.int32()),
            ("duration_ms", pa.int64()),
        ]
    ),
    "tracks": pa.schema(
        [
            ("track_id", pa.int32()),
            ("track_uri", pa.string()),
            ("spotify_id", pa.string()),
            ("track_name", pa.string()),
            ("artist_id", pa.int32()),
            ("album_id", pa.int32()),
            ("duration_ms", pa.int32()),
        ]
    ),
    "artists": pa.schema(
        [("artist_id", pa.int32()), ("artist_uri", pa.string()), ("artist_name", pa.string())]
    ),
    "albums": pa.schema(
        [("album_id", pa.int32()), ("album_uri", pa.string()), ("album_name", pa.string())]
    ),
    "entries": pa.schema(
        [("playlist_id", pa.int32()), ("pos", pa.int32()), ("track_id", pa.int32())]
    ),
}


@dataclass
class Song:
    """A track of a made-up catalogue; without `features` no service knows it."""

    title: str
    artist: str = "artist"
    album: str = "album"
    duration_s: float = 200.0
    features: dict[str, float | None] | None = field(default_factory=dict)


@dataclass
class Listed:
    """A playlist of a made-up catalogue; songs by their number."""

    name: str
    followers: int
    songs: list[int]


def write_tables(state: Path, playlists: list[Listed], songs: list[Song]) -> None:
    """Write the five tables; every song is a track, in the order given."""
    tables = state / "tables"
    tables.mkdir(parents=True)
    artists = list(dict.fromkeys(song.artist for song in songs))
    albums = list(dict.fromkeys(song.album for song in songs))
    rows: dict[str, list[tuple[object, ...]]] = {
        "playlists": [
            (row, row, one.name, None, False, 0, len(one.songs), 1, 1, one.followers, 1, 0)
            for row, one in enumerate(playlists)
        ],
        "tracks": [
            (
                row,
                f"spotify:track:{row:022d}",
                f"{row:022d}",
                song.title,
                artists.index(song.artist),
                albums.index(song.album),
                round(song.duration_s * 1000),
            )
            for row, song in enumerate(songs)
        ],
        "artists": [(row, f"spotify:artist:{row}", name) for row, name in enumerate(artists)],
        "albums": [(row, f"spotify:album:{row}", name) for row, name in enumerate(albums)],
        "entries": [
            (row, place, song)
            for row, one in enumerate(playlists)
            for place, song in enumerate(one.songs)
        ],
    }
    for name, schema in SCHEMAS.items():
        columns = list(zip(*rows[name], strict=True)) or [()] * len(schema)
        arrays = [
            pa.array(values, kind) for values, kind in zip(columns, schema.types, strict=True)
        ]
        pq.write_table(pa.table(arrays, schema=schema), tables / f"{name}.parquet")
    (tables / "manifest.json").write_text("{}")


def write_features(state: Path, songs: list[Song]) -> None:
    """Write harvest.db with the features of the songs that have any."""
    middle = dict.fromkeys(UNIT, 0.5) | {
        "key": 5,
        "loudness": -8.0,
        "mode": 1,
        "tempo": 120.0,
        "duration_ms": 200_000,
        "time_signature": 4,
    }
    with closing(sqlite3.connect(state / "harvest.db")) as db, db:
        db.execute(
            f"CREATE TABLE audio_features (spotify_id TEXT PRIMARY KEY, {', '.join(FEATURES)}, "
            "provider TEXT, fetched_at REAL) WITHOUT ROWID"
        )
        for row, song in enumerate(songs):
            if song.features is not None:
                values = middle | song.features
                db.execute(
                    f"INSERT INTO audio_features VALUES ({', '.join('?' * 16)})",
                    (f"{row:022d}", *(values[name] for name in FEATURES), "spotify", 0.0),
                )


def write_lastfm(
    state: Path,
    *,
    tags: Sequence[tuple[int, str, object]] = (),
    similars: Sequence[tuple[int, str, str, object]] = (),
) -> None:
    """Write the tables of harvest.db that last.fm fills; tracks by their row."""
    with closing(sqlite3.connect(state / "harvest.db")) as db, db:
        db.execute(
            "CREATE TABLE IF NOT EXISTS lastfm_tag (spotify_id TEXT NOT NULL, tag TEXT NOT NULL, "
            "weight INTEGER NOT NULL, PRIMARY KEY (spotify_id, tag)) WITHOUT ROWID"
        )
        db.execute(
            "CREATE TABLE IF NOT EXISTS lastfm_similar (spotify_id TEXT NOT NULL, artist TEXT NOT "
            "NULL, title TEXT NOT NULL, match REAL NOT NULL, "
            "PRIMARY KEY (spotify_id, artist, title)) WITHOUT ROWID"
        )
        for table, rows in (("lastfm_tag", tags), ("lastfm_similar", similars)):
            for row, *values in rows:
                marks = ", ".join("?" * (len(values) + 1))
                db.execute(f"INSERT INTO {table} VALUES ({marks})", (f"{row:022d}", *values))


MSD_SCHEMAS = {
    "lastfm_tag": {"track_id": pa.int32(), "tag": pa.string(), "weight": pa.int16()},
    "lastfm_similar": {"track_id": pa.int32(), "similar_id": pa.int32(), "match": pa.float32()},
    "matches": {
        "msd_track_id": pa.int32(),
        "track_id": pa.int32(),
        "spotify_id": pa.string(),
        "step": pa.string(),
        "score": pa.float32(),
    },
}


def write_msd(
    state: Path,
    *,
    matches: Sequence[tuple[int, int]],
    tags: Sequence[tuple[int, str, int]] = (),
    similars: Sequence[tuple[int, int, float]] = (),
) -> Path:
    """Write state/msd as `harvest msd` and `harvest match` leave it, as far as it is read."""
    folder = state / "msd"
    folder.mkdir()
    rows: dict[str, list[tuple[object, ...]]] = {
        "lastfm_tag": [*tags],
        "lastfm_similar": [*similars],
        "matches": [(song, track, f"{track:022d}", "exact", 1.0) for song, track in matches],
    }
    for name, types in MSD_SCHEMAS.items():
        columns = list(zip(*rows[name], strict=True)) or [()] * len(types)
        arrays = [pa.array(v, kind) for v, kind in zip(columns, types.values(), strict=True)]
        pq.write_table(pa.table(arrays, names=list(types)), folder / f"{name}.parquet")
    stamps = {"lastfm_track": {"sha256": "of the songs", "size": 1}}
    manifests = {
        "manifest.json": {"schema_version": 1, "files": stamps},
        "match_manifest.json": {"made_from": {"lastfm_track": "of the songs"}},
    }
    for name, content in manifests.items():
        (folder / name).write_text(json.dumps(content))
    return folder


def make_catalogue(
    n_playlists: int = 150, n_songs: int = 240, n_genres: int = 4, seed: int = 7
) -> tuple[list[Listed], list[Song]]:
    """Make playlists that keep to a genre, of songs that sound like it; popularity falls."""
    rng = np.random.default_rng(seed)
    genre = rng.integers(n_genres, size=n_songs)
    songs = [
        Song(
            title=f"Song {row}",
            artist=f"Artist {row // 4}",
            album=f"Album {row // 3}",
            duration_s=float(150 + 30 * genre[row] + rng.integers(20)),
            features={name: float(rng.beta(2 + 2 * genre[row], 5)) for name in UNIT}
            | {"tempo": float(80 + 20 * genre[row] + rng.normal(0, 4))}
            | {"key": int(rng.integers(-1, 12)), "loudness": float(-rng.random() * 12)},
        )
        for row in range(n_songs)
    ]
    for row in range(0, n_songs, 12):
        songs[row].features = None
    weight = 1.0 / np.arange(1, n_songs + 1)
    playlists = []
    for row in range(n_playlists):
        own = weight * np.where(genre == row % n_genres, 20.0, 1.0)
        length = int(rng.integers(4, 40))
        chosen = rng.choice(n_songs, length, replace=False, p=own / own.sum())
        followers = int(2 + rng.pareto(1.2) * 3)
        playlists.append(Listed(f"Genre {row % n_genres}!", followers, chosen.tolist()))
    return playlists, songs


@dataclass(frozen=True)
class MadeUp:
    """What a test needs to make state directories of its own."""

    Song: type[Song] = Song
    Listed: type[Listed] = Listed
    write_tables: Callable[[Path, list[Listed], list[Song]], None] = write_tables
    write_features: Callable[[Path, list[Song]], None] = write_features
    write_lastfm: Callable[..., None] = write_lastfm
    write_msd: Callable[..., Path] = write_msd
    make_catalogue: Callable[..., tuple[list[Listed], list[Song]]] = make_catalogue

    def write_state(self, state: Path, playlists: list[Listed], songs: list[Song]) -> Path:
        """Write tables and features."""
        write_tables(state, playlists, songs)
        write_features(state, songs)
        return state


@pytest.fixture(scope="session")
def made_up() -> MadeUp:
    return MadeUp()


@pytest.fixture(scope="session")
def catalogue_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state directory of 150 playlists; not to be written to but for results."""
    return MadeUp().write_state(tmp_path_factory.mktemp("state"), *make_catalogue())


@pytest.fixture(scope="session")
def run_model() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the program as a user does."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        known = {name: value for name, value in os.environ.items() if name != "HARVEST_STATE"}
        argv = [*map(str, arguments)]
        settings = known | {"COLUMNS": "80"} | environment
        return forking.run("model", *argv, cwd=Path.cwd(), env=settings, timeout=300)

    return run


@pytest.fixture(scope="session")
def small_state(tmp_path_factory: pytest.TempPathFactory, made_up: MadeUp) -> Path:
    """Nine songs and six playlists; figures of the tests are worked out from this table.

    Song 8 is in no playlist; song 5 is song 0 on another release; no features of song 3.
    """
    songs = [
        Song("Creep", "Radiohead", "Pablo Honey"),
        Song("Karma Police", "Radiohead", "OK Computer"),
        Song("No Surprises", "Radiohead", "OK Computer"),
        Song("Creep", "TLC", "CrazySexyCool", features=None),
        Song("Yesterday - Remastered 2009", "The Beatles", "Help!", features={"energy": 0.1}),
        Song("Creep - Remastered", "Radiohead", "The Best Of"),
        Song("夜に駆ける", "YOASOBI", "THE BOOK"),
        Song("?", "XXXTENTACION", "?"),
        Song("[bold]Un\x1b[31mheard\u202e", "<b>Nobody</b>", ""),
    ]
    playlists = [
        Listed("Chill Vibes", 3021, [0, 1, 2]),
        Listed("road trip", 5, [0, 1, 4]),
        Listed("Road Trip 2016", 40, [1, 2, 4, 4]),
        Listed("90s", 7, [0, 3, 6]),
        Listed("chill", 2, [0, 1, 5, 7]),
        Listed("empty", 9, []),
    ]
    state = made_up.write_state(tmp_path_factory.mktemp("library"), playlists, songs)
    tags = [(0, "Shoegaze", 100), (0, "sad", 40), (2, "shoegaze", 60), (2, "sad", 100), (4, "x", 5)]
    made_up.write_lastfm(state, tags=tags)
    return state


@pytest.fixture(scope="session")
def library(small_state: Path) -> Library:
    return Library.open(make_shelf(small_state, say=lambda _: None))
