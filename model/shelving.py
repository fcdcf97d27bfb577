"""Tables and harvest.db -> the arrays of `library.songs`."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from model.artifacts import Artifact
from model.audio_features import no_features, read_track_features
from model.features import aggregate
from model.followers import FollowerRegression
from model.lastfm_tables import Page, read_pages
from model.library import recipes
from model.library.lists import Lists
from model.library.songs import inverse_frequency
from model.library.texts import Texts
from model.library.word_building import index_arrays, index_words, transposed
from model.library.words import bare_title, name_key
from model.ragged import FloatArray, IntArray, Ragged
from model.recipes import Plain
from model.tables import Tables
from model.text import clean_tag

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
        "norms": _norms(playlists, popularity),
        "by_rank": by_rank,
        **_songs(tables, tracks_path, by_rank),
        **_playlist_names(tables),
    }


def portrait_arrays(state: Path, library: Artifact) -> tuple[Arrays, dict[str, Plain]]:
    """Read audio features and tags; aggregate features of playlists; learn followers from them."""
    uris, durations = Texts.open(library, "uris"), library.array("durations")
    ids = pd.Series([_spotify_id(uri) for uri in uris], dtype="object")
    path = state / "harvest.db"
    has_features = path.is_file() and _has_features(path)
    known = (
        read_track_features(path, ids, durations.astype(np.int64))
        if has_features
        else no_features(len(ids))
    )
    features = known.values.astype(np.float32)
    lists = Ragged(library.array("playlists_indptr"), library.array("playlists_values"))
    is_usable = ~np.isnan(features[:, 0])
    playlist_features = aggregate(lists.where(is_usable[lists.values]), features)
    tags, tag_names = _tags(path, ids)
    arrays = {
        "features": features,
        "playlist_features": playlist_features.astype(np.float32),
        "followers": _fit_followers(playlist_features, library.array("followers")),
        **tags.arrays("tags"),
        **tag_names.arrays("tag_names"),
    }
    n_tagged = int((np.diff(tags.indptr) > 0).sum())
    return arrays, {"n_with_features": int(is_usable.sum()), "n_tagged": n_tagged}


def _norms(playlists: Lists, popularity: IntArray) -> NDArray[np.float32]:
    squares = inverse_frequency(popularity, len(playlists)) ** 2
    sums = np.zeros(len(playlists))
    filled = np.flatnonzero(np.diff(playlists.indptr) > 0)
    if filled.size:
        sums[filled] = np.add.reduceat(squares[playlists.values], playlists.indptr[filled])
    return np.sqrt(sums).astype(np.float32)


def _songs(tables: Tables, tracks_path: Path, by_rank: NDArray[np.int32]) -> Arrays:
    tracks = tables.tracks
    uris = _strings(pq.read_table(tracks_path, columns=["track_uri"])["track_uri"])
    titles, artists = _texts(tracks["track_name"]), _texts(tables.artists["artist_name"])
    artist_of = tracks["artist_id"].to_numpy()
    artist_keys = [name_key(name) for name in artists]
    title_keys = [name_key(title) for title in titles]
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
        **index_arrays(index_words(ranked), "songs"),
        **_keys(titles, title_keys, order),
    }


def _keys(titles: list[str], title_keys: list[str], order: list[int]) -> Arrays:
    """Sort the folded titles; a title with a note has a row without it as well."""
    rows = list(_key_rows(titles, title_keys, order))
    rows.sort()
    keys, ranks = [key for key, _ in rows], [rank for _, rank in rows]
    return {
        **Texts(*_joined(keys)).arrays("keys"),
        "key_ranks": np.array(ranks, dtype=np.int32),
    }


def _key_rows(
    titles: list[str], title_keys: list[str], order: list[int]
) -> Iterator[tuple[bytes, int]]:
    for rank, song in enumerate(order):
        key = title_keys[song]
        yield key.encode("utf-8", errors="replace"), rank
        bare = bare_title(titles[song])
        if bare != titles[song] and (bare_key := name_key(bare)) != key:
            yield bare_key.encode("utf-8", errors="replace"), rank


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


def _spotify_id(uri: str) -> str | None:
    kind, _, spotify_id = uri.rpartition(":")
    return spotify_id if kind == "spotify:track" else None


def _fit_followers(features: FloatArray, followers: IntArray) -> FloatArray:
    """Regress log(1 + followers) on the playlists that have features; nothing of too few."""
    known = ~np.isnan(features[:, 0])
    if known.sum() < _LEAST_PLAYLISTS:
        return np.empty(0)
    model = FollowerRegression(log_target=True)
    model.fit(features[known], followers[known].astype(np.float64))
    return np.array([*model.coef_, model.intercept_, model.high_])


def _has_features(path: Path) -> bool:
    return bool(next(_rows(path, "SELECT EXISTS (SELECT 1 FROM audio_features)"), (0,))[0])


def _rows(path: Path, query: str) -> Iterator[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        yield from db.execute(query)


def _tags(path: Path, ids: "pd.Series[str]") -> tuple[Lists, Texts]:
    """List each song's weightiest tags; tags that clean to one are one."""
    place = {one: row for row, one in enumerate(ids.tolist()) if one is not None}
    numbers: dict[str, int] = {}
    songs, tags = [np.empty(0, np.int64)], [np.empty(0, np.int32)]
    for page in read_pages(path, "lastfm_tag", least=recipes.LEAST_TAG_WEIGHT):
        rows = np.array([place.get(one, -1) for one in page.spotify_ids], dtype=np.int64)
        owners, found = _best_tags(page, numbers)
        keep = rows[owners] >= 0
        songs.append(rows[owners[keep]])
        tags.append(found[keep])
    owners, values = np.concatenate(songs), np.concatenate(tags)
    order = np.argsort(owners, kind="stable")
    indptr = np.searchsorted(owners[order], np.arange(len(ids) + 1)).astype(np.int64)
    return Lists(indptr, values[order]), Texts.of(numbers)


def _best_tags(page: Page, numbers: dict[str, int]) -> tuple[IntArray, NDArray[np.int32]]:
    """Give the page's row and the tag's number of the tags that are kept, the weightiest first."""
    cleaned = [clean_tag(tag) for tag in page.texts[0].to_pylist()]
    codes = np.array(
        [numbers.setdefault(tag, len(numbers)) if tag else -1 for tag in cleaned], dtype=np.int32
    )
    owners = np.repeat(np.arange(len(page.lengths)), page.lengths)
    order = np.lexsort((codes, -page.values, owners))
    order = order[codes[order] >= 0]
    _, first = np.unique(np.stack([owners[order], codes[order]]), axis=1, return_index=True)
    order = order[np.sort(first)]
    starts = np.searchsorted(owners[order], owners[order])
    keep = np.arange(len(order)) - starts < recipes.TAGS_A_SONG
    return owners[order[keep]], codes[order[keep]]
