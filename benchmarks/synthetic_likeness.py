"""Made-up tables beside real ones: popularity, lengths, names and what goes together."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy import sparse

from harvest.manifests import table_path

FEATURES = (
    "danceability",
    "energy",
    "loudness",
    "speechiness",
    "acousticness",
    "instrumentalness",
    "valence",
    "tempo",
)
_MAX_PAIRED = 5_000  # playlists in which pairs are counted
_SEED = 0

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sample:
    """What `harvest mpd` and `harvest import` wrote.

    Parameters
    ----------
    playlists : pandas.DataFrame
    owner, track : ndarray of shape (n_entries,)
        Playlist and track of each entry.
    artist_of, album_of : ndarray of shape (n_tracks,)
    features : ndarray of shape (n_tracks, n_features) or None
        Not a number where unknown.
    """

    playlists: pd.DataFrame
    owner: Numbers
    track: Numbers
    artist_of: Numbers
    album_of: Numbers
    features: NDArray[np.float64] | None


def compare(real: Path, made: Path) -> None:
    """Print figures of both, side by side, as a table in Markdown."""
    columns = [dict(_figures(read_sample(state))) for state in (real, made)]
    print("| | real | made up |\n|---|---|---|")
    for name in columns[0]:
        if name in columns[1]:
            print(f"| {name} | {columns[0][name]} | {columns[1][name]} |")


def read_sample(state: Path) -> Sample:
    """Read tables, and audio features where there are some."""
    tables = state / "tables"
    entries = pq.read_table(table_path(tables, "entries"))
    tracks = pq.read_table(table_path(tables, "tracks"))
    return Sample(
        pq.read_table(table_path(tables, "playlists")).to_pandas(),
        entries["playlist_id"].to_numpy().astype(np.int64),
        entries["track_id"].to_numpy().astype(np.int64),
        tracks["artist_id"].to_numpy().astype(np.int64),
        tracks["album_id"].to_numpy().astype(np.int64),
        _features(state / "harvest.db", tracks["spotify_id"].to_pandas()),
    )


def _features(path: Path, ids: pd.Series) -> NDArray[np.float64] | None:
    if not path.exists():
        return None
    wanted = ", ".join(("spotify_id", *FEATURES))
    with closing(sqlite3.connect(path)) as database:
        found = pd.read_sql(f"SELECT {wanted} FROM audio_features", database)
    known: NDArray[np.float64] = found.set_index("spotify_id").reindex(ids).to_numpy(np.float64)
    return known


def _figures(sample: Sample) -> Iterator[tuple[str, str]]:
    yield "playlists", f"{len(sample.playlists):,}"
    yield "entries", f"{len(sample.track):,}"
    yield from _popularity(sample)
    yield from _artists(sample)
    yield from _playlists(sample)
    yield from _names(sample.playlists["name"])
    yield from _pairs(sample)
    yield from _agreement(sample)


def _popularity(sample: Sample) -> Iterator[tuple[str, str]]:
    counts = np.sort(np.bincount(sample.track))[::-1]
    yield "tracks", f"{len(counts):,}"
    for least in (2, 5, 20):
        yield f"tracks that occur less than {least} times", f"{np.mean(counts < least):.1%}"
    for rank in (1, 10, 100, 1_000, 10_000):
        if rank <= len(counts):
            yield f"occurrences of track no. {rank:,}", f"{counts[rank - 1]:,}"


def _artists(sample: Sample) -> Iterator[tuple[str, str]]:
    for name, of in (("artist", sample.artist_of), ("album", sample.album_of)):
        sizes = np.bincount(of)
        yield f"{name}s", f"{len(sizes):,}"
        yield f"tracks an {name}: mean", f"{sizes.mean():.2f}"
        yield f"{name}s with one track", f"{np.mean(sizes == 1):.1%}"
        yield (
            f"tracks an {name}: 90 %, 99 %, most",
            " ".join(f"{size:,.0f}" for size in np.quantile(sizes, [0.9, 0.99, 1.0])),
        )
        heard = np.sort(np.bincount(of[sample.track]))[::-1]
        yield (
            f"entries of the first {name}, of the first hundred",
            (f"{heard[0] / heard.sum():.2%}, {heard[:100].sum() / heard.sum():.1%}"),
        )


def _playlists(sample: Sample) -> Iterator[tuple[str, str]]:
    lengths = np.bincount(sample.owner)
    yield "tracks a playlist: mean", f"{lengths.mean():.1f}"
    quantiles = np.quantile(lengths, [0.1, 0.25, 0.5, 0.75, 0.9])
    yield "… 10 25 50 75 90 %", " ".join(f"{length:.0f}" for length in quantiles)
    shares = (sample.playlists["num_artists"] / lengths).mean()
    albums = (sample.playlists["num_albums"] / lengths).mean()
    yield "artists, albums a track of a playlist", f"{shares:.2f}, {albums:.2f}"
    distinct = np.unique(sample.owner << 32 | sample.track)
    yield "entries that repeat a track", f"{1 - len(distinct) / len(sample.track):.1%}"
    followers = sample.playlists["num_followers"]
    yield "playlists with one follower", f"{(followers == 1).mean():.2%}"
    quantiles = np.quantile(followers, [0.5, 0.9, 0.99, 0.999])
    yield "followers: 50 90 99 99.9 %", " ".join(f"{each:,.0f}" for each in quantiles)


def _names(names: pd.Series) -> Iterator[tuple[str, str]]:
    clean = names.str.lower().str.replace(r"[^a-z0-9 ]", "", regex=True).str.strip()
    counts = clean.value_counts()
    yield (
        "distinct names, raw and clean",
        (f"{names.nunique() / len(names):.1%}, {len(counts) / len(names):.1%}"),
    )
    for most in (1, 10, 100, 500):
        yield (
            f"playlists with one of the {most} usual names",
            (f"{counts.iloc[:most].sum() / len(names):.1%}"),
        )


def _pairs(sample: Sample) -> Iterator[tuple[str, str]]:
    first, second = _two_of_each(sample)
    same = sample.artist_of[first] == sample.artist_of[second]
    yield "two tracks of a playlist by one artist", f"{same.mean():.1%}"
    beside = np.flatnonzero(np.diff(sample.owner) == 0)
    artists = sample.artist_of[sample.track]
    yield "… that stand side by side", f"{np.mean(artists[beside] == artists[beside + 1]):.1%}"
    counts = _cooccurrence(sample)
    yield "pairs of tracks that meet in a playlist", f"{len(counts):,}"
    for least in (2, 5, 10):
        met = counts >= least
        yield f"… in {least} or more", f"{met.sum():,} ({met.mean():.2%})"


def _agreement(sample: Sample) -> Iterator[tuple[str, str]]:
    if sample.features is None:
        return
    first, second = (sample.features[rows] for rows in _two_of_each(sample))
    is_known = ~(np.isnan(first) | np.isnan(second)).any(axis=1)
    for column, name in enumerate(FEATURES):
        together = np.corrcoef(first[is_known, column], second[is_known, column])[0, 1]
        yield f"{name} of two tracks of a playlist: correlation", f"{together:.2f}"


def _two_of_each(sample: Sample) -> tuple[Numbers, Numbers]:
    """Draw, for each entry, two different tracks of its playlist."""
    rng = np.random.default_rng(_SEED)
    lengths = np.bincount(sample.owner)
    starts = (np.cumsum(lengths) - lengths)[sample.owner]
    drawn = [sample.track[starts + rng.integers(0, lengths[sample.owner])] for _ in range(2)]
    differ = drawn[0] != drawn[1]
    return drawn[0][differ], drawn[1][differ]


def _cooccurrence(sample: Sample) -> NDArray[np.float32]:
    """In how many playlists each pair meets that meets at all; of the first playlists."""
    some = sample.owner < _MAX_PAIRED
    ones = np.ones(some.sum(), np.float32)
    has = sparse.csr_matrix((ones, (sample.owner[some], sample.track[some])))
    has.data[:] = np.minimum(has.data, 1)
    together = sparse.triu(has.T @ has, k=1).tocsr()
    counts: NDArray[np.float32] = together.data
    return counts
