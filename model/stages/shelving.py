"""Tables and harvest.db -> the arrays of `library.songs`."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from model.errors import NotHarvested
from model.features import aggregate
from model.followers import FollowerRegression
from model.inputs.audio_features import no_features, read_track_features
from model.inputs.database import open_harvest
from model.inputs.parquet import read_columns
from model.inputs.track_tags import read_tag_weights
from model.library import recipes
from model.library.lists import Lists
from model.library.songs import inverse_frequency
from model.library.texts import Texts
from model.library.word_building import index_arrays, index_words, transposed
from model.library.words import bare_title, name_key
from model.ragged import FloatArray, IntArray, Ragged
from model.storage.artifacts import Artifact
from model.storage.recipes import Plain
from model.tables import Tables, read_tracks

Arrays = dict[str, NDArray[Any]]

_LEAST_PLAYLISTS = 100
"""For a regression on thirteen numbers; with fewer, followers are not predicted."""


def catalogue_arrays(tables: Tables, tracks_path: Path) -> Arrays:
    """Rank songs by popularity; index their names and those of playlists.

    Parameters
    ----------
    tables : Tables
    tracks_path : Path
        ``tracks.parquet``, for the URIs.
    """
    n_songs = len(tables.tracks)
    distinct = tables.lists.distinct()
    playlists = Lists(distinct.indptr, distinct.values.astype(np.int32, copy=False))
    holders = transposed(playlists, n_songs)
    popularity = np.diff(holders.indptr)
    by_rank = np.argsort(-popularity, kind="stable").astype(np.int32)
    return {
        **playlists.arrays("playlists"),
        **holders.arrays("holders"),
        "norms": playlist_norms(playlists, popularity),
        "by_rank": by_rank,
        **_songs(tables, tracks_path, by_rank),
        **_playlist_names(tables),
    }


def playlist_norms(playlists: Lists, popularity: IntArray) -> NDArray[np.float32]:
    """Give the length of each playlist's vector of inverse frequencies (`scores`)."""
    squares = inverse_frequency(popularity, len(playlists)) ** 2
    sums = np.zeros(len(playlists))
    filled = np.flatnonzero(np.diff(playlists.indptr) > 0)
    if filled.size:
        sums[filled] = np.add.reduceat(squares[playlists.values], playlists.indptr[filled])
    return np.sqrt(sums).astype(np.float32)


def portrait_arrays(state: Path, library: Artifact) -> tuple[Arrays, dict[str, Plain]]:
    """Read audio features and tags; aggregate features of playlists; learn followers from them."""
    tracks, _ = read_tracks(state)
    features = _features(state / "harvest.db", tracks)
    lists = Ragged(library.array("playlists_indptr"), library.array("playlists_values"))
    is_usable = ~np.isnan(features[:, 0])
    playlist_features = aggregate(lists.where(is_usable[lists.values]), features)
    tags, tag_names = _tags(state, tracks)
    arrays = {
        "features": features,
        "playlist_features": playlist_features.astype(np.float32),
        "followers": _fit_followers(playlist_features, library.array("followers")),
        **tags.arrays("tags"),
        **tag_names.arrays("tag_names"),
    }
    n_tagged = int((np.diff(tags.indptr) > 0).sum())
    return arrays, {"n_with_features": int(is_usable.sum()), "n_tagged": n_tagged}


def _songs(tables: Tables, tracks_path: Path, by_rank: NDArray[np.int32]) -> Arrays:
    tracks = tables.tracks
    uris = _strings(read_columns(tracks_path, ["track_uri"])["track_uri"])
    titles, artists = _texts(tracks["track_name"]), _texts(tables.artists["artist_name"])
    artist_of = tracks["artist_id"].to_numpy()
    artist_keys = [name_key(name) for name in artists]
    title_keys = [name_key(title) for title in titles]
    bare_keys = [
        key if (bare := bare_title(title)) == title else name_key(bare)
        for title, key in zip(titles, title_keys, strict=True)
    ]
    order = by_rank.tolist()
    ranked = (f"{title_keys[song]} {artist_keys[artist_of[song]]}" for song in order)
    return {
        **Texts.of(titles).arrays("titles"),
        **Texts.of(artists).arrays("artists"),
        **Texts.of(_texts(tables.albums["album_name"])).arrays("albums"),
        **Texts.of(uris).arrays("uris"),
        "song_artists": artist_of.astype(np.int32),
        "song_albums": tracks["album_id"].to_numpy().astype(np.int32),
        "durations": tracks["duration_ms"].to_numpy().astype(np.int32),
        "uri_order": _order(uris),
        "spellings": _numbered(zip(artist_of.tolist(), title_keys, strict=True), artist_keys),
        "works": _numbered(zip(artist_of.tolist(), bare_keys, strict=True), artist_keys),
        **index_arrays(index_words(ranked), "songs"),
        **_keys(title_keys, bare_keys, order),
    }


def _numbered(names: Iterable[tuple[int, str]], artist_keys: list[str]) -> NDArray[np.int32]:
    """Give songs equal numbers whose artist and title are equal."""
    known: dict[tuple[str, str], int] = {}
    rows = [known.setdefault((artist_keys[one], key), len(known)) for one, key in names]
    return np.array(rows, dtype=np.int32)


def _keys(title_keys: list[str], bare_keys: list[str], order: list[int]) -> Arrays:
    """Sort the folded titles; a title with a note has a row without it as well."""
    rows = sorted(_key_rows(title_keys, bare_keys, order))
    keys, ranks = [key for key, _ in rows], [rank for _, rank in rows]
    return {
        **Texts(*_joined(keys)).arrays("keys"),
        "key_ranks": np.array(ranks, dtype=np.int32),
    }


def _key_rows(
    title_keys: list[str], bare_keys: list[str], order: list[int]
) -> Iterator[tuple[bytes, int]]:
    for rank, song in enumerate(order):
        for key in {title_keys[song], bare_keys[song]}:
            yield key.encode("utf-8", errors="replace"), rank


def _joined(keys: list[bytes]) -> tuple[NDArray[np.uint8], IntArray]:
    ends = np.zeros(len(keys) + 1, dtype=np.int64)
    np.cumsum([len(key) for key in keys], out=ends[1:])
    return np.frombuffer(b"".join(keys), dtype=np.uint8), ends


def _playlist_names(tables: Tables) -> Arrays:
    followers = tables.playlists["num_followers"].to_numpy()
    by_rank = np.argsort(-followers, kind="stable").astype(np.int32)
    names = _texts(tables.playlists["name"])
    ranked = (name_key(names[row]) for row in by_rank.tolist())
    return {
        **Texts.of(names).arrays("names"),
        "followers": np.minimum(followers, np.iinfo(np.int32).max).astype(np.int32),
        "names_by_rank": by_rank,
        **index_arrays(index_words(ranked), "playlist_names"),
    }


def _order(texts: list[str]) -> NDArray[np.int32]:
    encoded = [text.encode("utf-8", errors="replace") for text in texts]
    return np.array(sorted(range(len(texts)), key=encoded.__getitem__), dtype=np.int32)


def _texts(values: "pd.Series[str]") -> list[str]:
    return values.fillna("").tolist()


def _strings(values: pa.ChunkedArray) -> list[str]:
    return [value or "" for value in values.to_pylist()]


def _fit_followers(features: FloatArray, followers: IntArray) -> FloatArray:
    """Regress log(1 + followers) on the playlists that have features; nothing of too few."""
    known = ~np.isnan(features[:, 0])
    if known.sum() < _LEAST_PLAYLISTS:
        return np.empty(0)
    model = FollowerRegression(log_target=True)
    model.fit(features[known], followers[known].astype(np.float64))
    return np.array([*model.coef_, model.intercept_, model.high_])


def _features(path: Path, tracks: pd.DataFrame) -> NDArray[np.float32]:
    """Read the features of all tracks; NaN where no service was asked for them yet."""
    known = no_features(len(tracks))
    if path.is_file() and _has_features(path):
        durations = tracks["duration_ms"].to_numpy()
        known = read_track_features(path, tracks["spotify_id"], durations)
    return known.values.astype(np.float32)


def _has_features(path: Path) -> bool:
    """Whether the database holds any, or cannot be read: who reads it then says so."""
    try:
        with closing(open_harvest(path)) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
            if "audio_features" not in tables:
                return False
            return bool(db.execute("SELECT EXISTS (SELECT 1 FROM audio_features)").fetchone()[0])
    except sqlite3.Error:
        return True


def _tags(state: Path, tracks: pd.DataFrame) -> tuple[Lists, Texts]:
    """List each song's weightiest tags; ties go to the first in the alphabet."""
    try:
        found = read_tag_weights(state, tracks, min_weight=recipes.LEAST_TAG_WEIGHT)
    except NotHarvested:
        return Lists(np.zeros(len(tracks) + 1, np.int64), np.empty(0, np.int32)), Texts.of([])
    weights = found.weights
    owners = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
    order = np.lexsort((weights.indices, -weights.data, owners))
    places = np.arange(len(owners)) - np.repeat(weights.indptr[:-1], np.diff(weights.indptr))
    kept = places < recipes.TAGS_A_SONG
    values = weights.indices[order[kept]].astype(np.int32)
    counts = np.minimum(np.diff(weights.indptr), recipes.TAGS_A_SONG)
    indptr = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=indptr[1:])
    return Lists(indptr, values), Texts.of(found.names)
