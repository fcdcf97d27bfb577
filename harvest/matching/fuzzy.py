"""The step that compares spellings, for the tracks that no song has the names of."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz, process

from harvest.matching.artists import SAME, ArtistIndex
from harvest.matching.forms import BoolArray, Forms, IntArray, Side
from harvest.matching.keys import FloatArray, Pairs, best_of_each, expand
from harvest.matching.spelling import are_rare, slips

MARGIN = 0.02  # by which the best song has to be better than the next
MAX_COMPARED = 4_000_000  # titles of an artist times titles of the songs that it may have


@dataclass(frozen=True, slots=True)
class Near:
    """What the comparison of spellings found.

    Parameters
    ----------
    pairs : Pairs
        For each track the best song and those that are not clearly worse.
    passed_over : int
        Tracks whose artist has too many titles to compare.
    """

    pairs: Pairs
    passed_over: int


def near_pairs(forms: Forms, rows: IntArray, *, threshold: float, workers: int) -> Near:
    """Pair tracks with songs whose names are spelt nearly the same.

    Parameters
    ----------
    forms : Forms
    rows : ndarray of int64
        The tracks to pair.
    threshold : float
        In (0, 1]; the least product of the two names' similarities.
    workers : int
        Threads; the outcome does not depend on it.
    """
    ours, theirs = _Names(forms.tracks, rows), _Names(forms.songs, np.arange(forms.songs.rows))
    comparison = _Comparison(forms, ours, theirs, threshold=threshold, workers=workers)
    names, songs, scores = comparison.run()
    kept = scores > best_of_each(names, scores) - MARGIN
    found = Pairs(names[kept], songs[kept], scores[kept])
    pairs = _spread_tracks(_spread_songs(found, theirs), ours)
    return Near(pairs, comparison.passed_over)


class _Names:
    """Distinct names of one side: artist, spelling of the title, concert or not."""

    def __init__(self, side: Side, rows: IntArray) -> None:
        triples = np.stack([side.artist[rows], side.title[rows], side.is_live[rows]], axis=1)
        order = np.lexsort(triples.T[::-1])
        ordered = triples[order]
        is_first = np.ones(len(ordered), dtype=bool)
        is_first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
        self.rows = rows[order]  # of name i, from starts[i] to starts[i + 1]; rising
        self.starts = np.append(np.flatnonzero(is_first), len(ordered))
        self.artist, self.title, live = ordered[is_first].T
        self.is_live: BoolArray = live.astype(bool)
        codes, first = np.unique(self.artist, return_index=True)
        ends = np.append(first, len(self.artist))[1:]
        self.of_artist = {
            int(code): np.arange(at, end) for code, at, end in zip(codes, first, ends, strict=True)
        }

    def rows_of(self, names: IntArray) -> tuple[IntArray, IntArray]:
        """Return the rows that have these names, end to end, and how many each has."""
        counts = self.starts[names + 1] - self.starts[names]
        return self.rows[expand(self.starts[names], counts)], counts


class _Comparison:
    def __init__(
        self, forms: Forms, ours: _Names, theirs: _Names, *, threshold: float, workers: int
    ) -> None:
        self._ours, self._theirs = ours, theirs
        self._threshold, self._workers = threshold, workers
        self._artists = forms.artists
        self._titles: list[str] = forms.titles.to_pylist()
        used = np.union1d(forms.songs.title, forms.tracks.title)
        self._frequency = _word_counts(forms.titles.take(pa.array(used)))
        codes = list(theirs.of_artist)
        names = self._artists.take(pa.array(codes, pa.int64())).to_pylist()
        self._index = ArtistIndex(dict(zip(codes, names, strict=True)))
        self.passed_over = 0

    def run(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Return our names, the songs' names and scores; pairs of a name stand together."""
        found = sorted(pair for artist in self._ours.of_artist for pair in self._of_artist(artist))
        columns = list(zip(*found, strict=True)) or [(), (), ()]
        names, songs = (np.array(each, dtype=np.int64) for each in columns[:2])
        return names, songs, np.array(columns[2], dtype=np.float64)

    def _of_artist(self, artist: int) -> Iterator[tuple[int, int, float]]:
        related = self._index.find(self._artists[artist].as_py())
        if not related:
            return
        ours = self._ours.of_artist[artist]
        theirs = np.concatenate([self._theirs.of_artist[code] for code in related])
        if len(ours) * len(theirs) > MAX_COMPARED:
            self.passed_over += len(self._ours.rows_of(ours)[0])
            return
        alike = self._likeness(self._ours.title[ours], self._theirs.title[theirs])
        certainty = np.array([related[int(code)] for code in self._theirs.artist[theirs]])
        scores = alike * certainty
        is_alike = self._ours.is_live[ours][:, None] == self._theirs.is_live[theirs]
        for i, j in np.argwhere((scores >= self._threshold) & is_alike):
            if self._is_one_song(int(ours[i]), int(theirs[j]), is_sure=certainty[j] == SAME):
                yield int(ours[i]), int(theirs[j]), float(scores[i, j])

    def _likeness(self, ours: IntArray, theirs: IntArray) -> FloatArray:
        """Similarity of each title with each, in [0, 1], whatever the order of words."""
        texts = [[self._titles[code] for code in codes] for codes in (ours, theirs)]
        in_order = [[" ".join(sorted(text.split())) for text in each] for each in texts]
        found = [
            process.cdist(
                *each,
                scorer=fuzz.ratio,
                score_cutoff=100 * self._threshold,
                dtype=np.float32,
                workers=self._workers if len(ours) * len(theirs) > 100_000 else 1,
            )
            for each in (texts, in_order)
        ]
        # Six digits, so that a score that should be the threshold is not just below it.
        best: FloatArray = np.maximum(*found).astype(np.float64)
        return np.round(best / 100, 6)

    def _is_one_song(self, ours: int, theirs: int, *, is_sure: bool) -> bool:
        """Compare word by word; a title of one word says too little where the artist is unsure."""
        first, second = (
            self._titles[each] for each in (self._ours.title[ours], self._theirs.title[theirs])
        )
        if not is_sure and " " not in first:
            return False
        pairs = slips(first, second)
        return pairs is not None and are_rare(pairs, self._frequency)


def _word_counts(titles: pa.Array) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for at in range(0, len(titles), 100_000):
        for title in titles.slice(at, 100_000).to_pylist():
            counts.update(set(title.split()))
    return counts


def _spread_songs(pairs: Pairs, names: _Names) -> Pairs:
    """Put the songs that have a name in the place of the name."""
    rows, counts = names.rows_of(pairs.songs)
    return Pairs(np.repeat(pairs.tracks, counts), rows, np.repeat(pairs.scores, counts))


def _spread_tracks(pairs: Pairs, names: _Names) -> Pairs:
    """Put the tracks that have a name in the place of the name."""
    rows, counts = names.rows_of(pairs.tracks)
    songs, scores = np.repeat(pairs.songs, counts), np.repeat(pairs.scores, counts)
    order = np.lexsort((songs, -scores, rows))
    return Pairs(rows[order], songs[order], scores[order])
