"""Which songs last.fm calls similar, found again among our own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.errors import InputError, NotHarvested
from model.inputs import lastfm_tables, msd_tables
from model.inputs.song_names import SongNames
from model.inputs.song_places import SongPlaces
from model.ragged import IntArray, Ragged, SongArray

MIN_MATCH = 0.5
"""The study's threshold."""
MOST_MATCH = 1.0
NameKind: TypeAlias = Literal["artist_title", "title"]
NAME_KINDS: tuple[NameKind, ...] = get_args(NameKind)

_Pairs: TypeAlias = tuple[SongArray, SongArray, NDArray[np.float32]]
"""Song, similar song and match of each."""


@dataclass(frozen=True, slots=True)
class SimilarCoverage:
    """How many of the similar songs that last.fm names are ours.

    Parameters
    ----------
    n_songs : int
    n_answered : int
        Songs of which any similar song was named, of whatever match.
    n_with : int
        Songs with a similar song among ours.
    n_named, n_by_title, n_by_artist_title : int
        Similar songs that the service named of these songs, counted once a song, with a match
        that is kept; those found by title alone, and by artist and title.
    n_msd, n_msd_found : int
        The same of the Million Song dump, whose songs `harvest match` has found among ours.
    n_pairs : int
        Different pairs of our songs that this gives.
    n_odd : int
        Rows passed over because their match is none, or not in [0, 1].
    """

    n_songs: int
    n_answered: int
    n_with: int
    n_named: int
    n_by_title: int
    n_by_artist_title: int
    n_msd: int
    n_msd_found: int
    n_pairs: int
    n_odd: int


@dataclass(frozen=True, slots=True)
class TrackSimilars:
    """Similar songs of songs.

    Parameters
    ----------
    lists : Ragged, n_songs lists
        Song numbers, best first; ties by number; never the song itself.
    matches : ndarray of float32, shape (len(lists.values),)
        In [0, 1], of each.
    coverage : SimilarCoverage
    """

    lists: Ragged
    matches: NDArray[np.float32]
    coverage: SimilarCoverage


def track_similars(
    state: Path,
    tracks: pd.DataFrame,
    artists: pd.DataFrame,
    *,
    songs: IntArray | None = None,
    by: NameKind = "artist_title",
    min_match: float = MIN_MATCH,
) -> TrackSimilars:
    """Find the similar songs that last.fm names among our own.

    By artist and title, folded (`text.fold_name`), a name means every song that has it: they are
    releases of one recording, as far as names tell. By title alone, cleaned as published, it means
    the first song with that title. Songs of the Million Song dump are found by what
    `harvest match` says they are, in either way. Of two matches of one pair the higher counts.

    Parameters
    ----------
    state : Path
    tracks, artists : DataFrame
        `Tables.tracks`, `Tables.artists`.
    songs : ndarray, shape (n_songs,), optional
        Rows of `tracks`, all different, as `Corpus.track_ids`; without it, all.
    by : {"artist_title", "title"}
    min_match : float
        Lowest match that is kept, from 0 to 1 (study: 0.5).

    Raises
    ------
    NotHarvested
        If no similar song of these is known at all; the message names the commands that fetch them.
    InputError
        If an option is out of range, or a table unreadable.
    """
    if not 0 <= min_match <= MOST_MATCH:
        msg = f"least match {min_match:g}: expected a number from 0 to 1"
        raise InputError(msg)
    if by not in NAME_KINDS:
        msg = f"similar songs by {by!r}: expected one of {', '.join(NAME_KINDS)}"
        raise InputError(msg)
    rows = np.arange(len(tracks)) if songs is None else songs
    places = SongPlaces.of(tracks["spotify_id"], rows)
    reading = _Reading(places, by=by, min_match=min_match)
    parts = [
        *reading.of_lastfm(state, _names(tracks.iloc[rows], artists)),
        *reading.of_msd(state, tracks["spotify_id"]),
    ]
    if not reading.answered.any():
        raise _nothing(state)
    return reading.finish(parts)


class _Reading:
    """Pairs of songs as they come, page by page."""

    def __init__(self, places: SongPlaces, *, by: NameKind, min_match: float) -> None:
        self.answered = np.zeros(places.n_songs, dtype=np.bool_)
        self._places, self._by, self._min_match = places, by, min_match
        self._n = dict.fromkeys(
            ("named", "by_title", "by_artist_title", "msd", "msd_found", "odd"), 0
        )

    def of_lastfm(self, state: Path, names: SongNames) -> Iterator[_Pairs]:
        """Read what the service said."""
        path = state / "harvest.db"
        for page in lastfm_tables.read_pages(path, "lastfm_similar", least=self._min_match):
            places, songs = self._places.of_ids(page.spotify_ids)
            self.answered[songs] = True
            self._n["odd"] += page.n_odd
            owners, rows = page.spread(places, songs)
            wanted, rows = np.unique(rows, return_inverse=True)
            artists, titles = (text.take(wanted) for text in page.texts)
            by_title, by_pair = names.find_titles(titles), names.find_pairs(artists, titles)
            self._count(named=len(rows), by_title=(by_title[rows] >= 0).sum())
            self._count(by_artist_title=(by_pair[rows] >= 0).sum())
            codes, lists = (
                (by_title, names.by_title) if self._by == "title" else (by_pair, names.by_pair)
            )
            yield _pairs(owners, codes[rows], lists, page.values[wanted][rows])

    def of_msd(self, state: Path, spotify_ids: "pd.Series[str]") -> Iterator[_Pairs]:
        """Read what the dump says of songs that match."""
        matches = msd_tables.read_matches(state, spotify_ids)
        if matches is None:
            return
        for msd_songs, similar, values in msd_tables.similar_batches(matches):
            rows, songs = self._places.of_tracks(matches.tracks.take(msd_songs))
            self.answered[songs] = True
            is_odd = ~((values >= 0) & (values <= MOST_MATCH))
            keep = (~is_odd & (values >= self._min_match))[rows]
            rows, songs = rows[keep], songs[keep]
            known = np.where(matches.are_matched(similar), similar, -1)[rows]
            self._count(msd=len(rows), msd_found=(known >= 0).sum(), odd=is_odd.sum())
            owners, tracks, kept = _pairs(songs, known, matches.tracks, values[rows])
            others = self._places.numbers[tracks]
            ours = others >= 0
            yield owners[ours], others[ours], kept[ours]

    def finish(self, parts: list[_Pairs]) -> TrackSimilars:
        """Put the parts together: each pair once, best first."""
        n_songs = self._places.n_songs
        lists, matches = _merge(parts, n_songs)
        coverage = SimilarCoverage(
            n_songs=n_songs,
            n_answered=int(self.answered.sum()),
            n_with=int(np.count_nonzero(lists.lengths)),
            n_pairs=len(matches),
            **{f"n_{name}": count for name, count in self._n.items()},
        )
        return TrackSimilars(lists, matches, coverage)

    def _count(self, **counts: int | np.integer) -> None:
        for name, count in counts.items():
            self._n[name] += int(count)


def _names(tracks: pd.DataFrame, artists: pd.DataFrame) -> SongNames:
    """Index songs by their names."""
    names = artists["artist_name"].iloc[tracks["artist_id"].to_numpy()]
    return SongNames.of(names, tracks["track_name"])


def _pairs(
    owners: SongArray, codes: IntArray, lists: Ragged, values: NDArray[np.floating]
) -> _Pairs:
    """Pair each owner with the songs of the list that its code names, but not with itself."""
    known = np.flatnonzero(codes >= 0)
    found = lists.take(codes[known])
    rows = known[found.owners]
    return (
        owners[rows].astype(np.int32),
        found.values.astype(np.int32),
        values[rows].astype(np.float32),
    )


def _merge(parts: list[_Pairs], n_songs: int) -> tuple[Ragged, NDArray[np.float32]]:
    """Keep the highest match of each pair of different songs, best first in each list."""
    owners, others, matches = (np.concatenate(column) for column in zip(*parts, strict=True))
    keep = np.flatnonzero(owners != others)
    keys = owners[keep].astype(np.int64) * n_songs + others[keep]
    order = np.argsort(keys, kind="stable")
    first = np.flatnonzero(np.diff(keys[order], prepend=-1))
    best = np.maximum.reduceat(matches[keep][order], first) if len(first) else matches[:0]
    owners, others = np.divmod(keys[order][first], max(n_songs, 1))
    order = np.lexsort((others, -best, owners))
    lists = Ragged.grouped(owners[order], others[order].astype(np.int32), n_songs)
    return lists, best[order]


def _nothing(state: Path) -> NotHarvested:
    return NotHarvested(
        f"no similars of these songs in {state / 'harvest.db'} (`harvest lastfm --what similars`), "
        "and " + (msd_tables.why_absent(state) or "none in the Million Song dump")
    )
