"""What last.fm's users call our songs: tags, and how much each says of a song."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_array

from model.errors import InputError, NotHarvested
from model.inputs import lastfm_tables, msd_tables
from model.inputs.song_places import SongPlaces
from model.ragged import IntArray
from model.text import clean_tag

MIN_WEIGHT = 50
"""The study's threshold."""
MOST_WEIGHT = 100

_Rows: TypeAlias = tuple[IntArray, IntArray, NDArray[np.float32]]
"""Song, tag and weight of each."""


@dataclass(frozen=True, slots=True)
class TagCoverage:
    """How much is known of the tags of songs.

    Parameters
    ----------
    n_songs : int
    n_answered : int
        Songs with any tag, of whatever weight.
    n_tagged : int
        Songs with a tag that is kept.
    n_tags : int
        Different tags that are kept.
    n_rows : int
        Pairs of song and tag that are kept.
    n_merged : int
        Rows that said of a song what another had said, in the same or another spelling.
    n_nameless : int
        Rows with a tag of which cleaning leaves nothing.
    n_odd : int
        Rows passed over because their weight is none, or not in [0, 100].
    """

    n_songs: int
    n_answered: int
    n_tagged: int
    n_tags: int
    n_rows: int
    n_merged: int
    n_nameless: int
    n_odd: int


@dataclass(frozen=True, slots=True)
class TrackTags:
    """Tags of songs.

    Parameters
    ----------
    weights : csr_array of float32, shape (n_songs, n_tags)
        Above 0; last.fm's, at most 100 (`read_tag_weights`), or TF-IDF (`track_tags`). Tags
        ascend within a row.
    names : list of str, length n_tags
        Clean tags, in alphabetical order.
    coverage : TagCoverage
    """

    weights: csr_array
    names: list[str]
    coverage: TagCoverage


def track_tags(
    state: Path,
    tracks: pd.DataFrame,
    *,
    songs: IntArray | None = None,
    min_weight: float = MIN_WEIGHT,
) -> TrackTags:
    """Read the tags of songs, weighted by TF-IDF; see `read_tag_weights` and `tf_idf`."""
    found = read_tag_weights(state, tracks, songs=songs, min_weight=min_weight)
    return TrackTags(tf_idf(found.weights), found.names, found.coverage)


def read_tag_weights(
    state: Path,
    tracks: pd.DataFrame,
    *,
    songs: IntArray | None = None,
    min_weight: float = MIN_WEIGHT,
) -> TrackTags:
    """Read the tags of songs as last.fm weighted them: from harvest.db and the Million Song dump.

    Tags that clean to one (`text.clean_tag`) are one, and have the highest weight of them: weights
    say how far behind a song's first tag another is, so that a sum would mean nothing; and a tag
    passes the threshold just when one of its spellings does. A weight of 0 says nothing, and is
    never kept.

    Parameters
    ----------
    state : Path
    tracks : DataFrame
        `Tables.tracks`.
    songs : ndarray, shape (n_songs,), optional
        Rows of `tracks`, all different, as `Corpus.track_ids`; without it, all.
    min_weight : float
        Lowest weight that is kept, from 0 to 100 (study: 50).

    Raises
    ------
    NotHarvested
        If there are no tags of these songs at all; the message names the commands that fetch them.
    InputError
        If `min_weight` is out of range, or a table unreadable.
    """
    if not 0 <= min_weight <= MOST_WEIGHT:
        msg = f"least tag weight {min_weight:g}: expected a number from 0 to {MOST_WEIGHT}"
        raise InputError(msg)
    reading = _Reading(SongPlaces.of(tracks["spotify_id"], songs), min_weight)
    parts = [*reading.of_lastfm(state), *reading.of_msd(state, tracks["spotify_id"])]
    if not reading.answered.any():
        raise _nothing(state)
    return reading.finish(parts)


def tf_idf(weights: csr_array) -> csr_array:
    """Weigh each tag of a song by how much it says: tf times idf, each song of length 1.

    tf is last.fm's weight of the tag for the song / 100; idf is ln((1 + n) / (1 + n_t)) + 1 with n
    songs that have any tag and n_t that have this one (Salton & Buckley 1988,
    doi:10.1016/0306-4573(88)90021-0, smoothed as scikit-learn's `TfidfTransformer` does it, so that
    a tag that every song has still counts).

    Parameters
    ----------
    weights : csr_array, shape (n_songs, n_tags)
        Above 0.

    Returns
    -------
    csr_array of float32, shape (n_songs, n_tags)
        In [0, 1]; a song without tags has an empty row.

    Examples
    --------
    >>> tf_idf(csr_array(np.array([[100.0, 75.0], [0.0, 0.0]]))).toarray().round(3).tolist()
    [[0.800000011920929, 0.6000000238418579], [0.0, 0.0]]
    """
    lengths = np.diff(weights.indptr)
    holders = np.bincount(weights.indices, minlength=weights.shape[1])
    idf = np.log((1 + np.count_nonzero(lengths)) / (1 + holders)) + 1
    values = weights.data / MOST_WEIGHT * idf[weights.indices]
    owners = np.repeat(np.arange(len(lengths)), lengths)
    norms = np.sqrt(np.bincount(owners, weights=values**2, minlength=len(lengths)))
    scaled = (values / norms[owners]).astype(np.float32)
    return csr_array((scaled, weights.indices, weights.indptr), shape=weights.shape)


class _Reading:
    """Rows of songs as they come, page by page; tags are numbered as they turn up."""

    def __init__(self, places: SongPlaces, min_weight: float) -> None:
        self.answered = np.zeros(places.n_songs, dtype=np.bool_)
        self._places, self._min_weight = places, min_weight
        self._numbers: dict[str, int] = {}
        self._n_odd = self._n_nameless = 0

    def of_lastfm(self, state: Path) -> Iterator[_Rows]:
        """Read what the service said."""
        pages = lastfm_tables.read_pages(state / "harvest.db", "lastfm_tag", least=self._min_weight)
        for page in pages:
            found = self._places.of_ids(page.spotify_ids)
            self.answered[found[1]] = True
            self._n_odd += page.n_odd
            songs, rows = page.spread(*found)
            tags = self._number(page.texts[0].dictionary_encode())
            yield self._kept(songs, tags[rows], page.values[rows])

    def of_msd(self, state: Path, spotify_ids: "pd.Series[str]") -> Iterator[_Rows]:
        """Read what the dump says of songs that match."""
        matches = msd_tables.read_matches(state, spotify_ids)
        if matches is None:
            return
        for msd_songs, texts, weights in msd_tables.tag_batches(matches):
            rows, songs = self._places.of_tracks(matches.tracks.take(msd_songs))
            self.answered[songs] = True
            is_odd = ~((weights >= 0) & (weights <= MOST_WEIGHT))
            self._n_odd += int(is_odd.sum())
            keep = (~is_odd & (weights >= self._min_weight))[rows]
            rows, songs = rows[keep], songs[keep]
            yield self._kept(songs, self._number(texts)[rows], weights[rows].astype(np.float32))

    def finish(self, parts: list[_Rows]) -> TrackTags:
        """Put the parts together, tags in alphabetical order."""
        songs, tags, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
        names, tags = _alphabetical(list(self._numbers), tags)
        merged = _merge(songs, tags, weights, (self._places.n_songs, len(names)))
        coverage = TagCoverage(
            n_songs=self._places.n_songs,
            n_answered=int(self.answered.sum()),
            n_tagged=int(np.count_nonzero(np.diff(merged.indptr))),
            n_tags=len(names),
            n_rows=merged.nnz,
            n_merged=len(songs) - merged.nnz,
            n_nameless=self._n_nameless,
            n_odd=self._n_odd,
        )
        return TrackTags(merged, names, coverage)

    def _number(self, texts: pa.DictionaryArray) -> IntArray:
        """Give each tag its number, each different one cleaned once; -1 where nothing is left."""
        cleaned = [clean_tag(text) if text else "" for text in texts.dictionary.to_pylist()]
        numbers = np.array(
            [self._numbers.setdefault(tag, len(self._numbers)) if tag else -1 for tag in cleaned],
            dtype=np.int64,
        )
        indices: IntArray = texts.indices.to_numpy()
        return numbers[indices]

    def _kept(self, songs: IntArray, tags: IntArray, weights: NDArray[np.float32]) -> _Rows:
        """Leave out rows that say nothing."""
        self._n_nameless += int(np.count_nonzero(tags < 0))
        keep = (tags >= 0) & (weights > 0)
        return songs[keep], tags[keep], weights[keep]


def _alphabetical(names: list[str], tags: IntArray) -> tuple[list[str], IntArray]:
    """Keep the names of tags that occur, and number these by their order."""
    used = np.unique(tags)
    ordered = used[np.argsort(np.array([names[tag] for tag in used], dtype=object), kind="stable")]
    numbers = np.empty(len(names), dtype=np.int64)
    numbers[ordered] = np.arange(len(ordered))
    return [names[tag] for tag in ordered], numbers[tags]


def _merge(
    songs: IntArray, tags: IntArray, weights: NDArray[np.float32], shape: tuple[int, int]
) -> csr_array:
    """Keep the highest weight of each pair of song and tag."""
    keys = songs * max(shape[1], 1) + tags
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    values = np.maximum.reduceat(weights[order], first) if len(first) else weights
    rows, columns = np.divmod(keys[first], max(shape[1], 1))
    indptr = np.searchsorted(rows, np.arange(shape[0] + 1))
    return csr_array((values, columns.astype(np.int32), indptr), shape=shape)


def _nothing(state: Path) -> NotHarvested:
    return NotHarvested(
        f"no tags of these songs in {state / 'harvest.db'} (`harvest lastfm --what tags`), and "
        + (msd_tables.why_absent(state) or "none in the Million Song dump")
    )
