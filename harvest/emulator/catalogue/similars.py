"""Similar tracks, made up: of the same artist first, then of artists tagged alike."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from harvest.emulator.catalogue import noise
from harvest.emulator.catalogue.library import Library

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]

_TAGS_COMPARED = 5
_ARTISTS_A_TAG = 60
_SIMILAR_ARTISTS = 40
_TRACKS_A_SIMILAR_ARTIST = 6
_OWN_TRACKS = 25


class Similars:
    """Made-up similarity between the recordings that last.fm knows, worked out when asked for.

    Parameters
    ----------
    library : Library
        The tracks, their artists' tags and their popularity.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        rows = np.unique(np.fromiter(library.row_of.values(), dtype=np.int64))
        order = rows[np.lexsort((-library.popularity[rows], library.artist_of[rows]))]
        edges = np.searchsorted(library.artist_of[order], np.arange(len(library.artist_names) + 1))
        self._order, self._edges = order, edges
        self._artists_of_tag = self._rank_artists()
        self._seeds = np.arange(len(library.ids), dtype=np.uint64)
        self._pool = lru_cache(maxsize=2_000)(self._make_pool)

    def similar(self, row: int, limit: int) -> list[tuple[int, float]]:
        """List the tracks most similar to one.

        Parameters
        ----------
        row : int
            Row of the track.
        limit : int
            At most so many.

        Returns
        -------
        list of (int, float)
            Row and match in (0, 1], descending, the first 1; empty where nothing is alike.
        """
        rows, scores = self._pool(int(self._library.artist_of[row]))
        jitter = noise.uniform(self._seeds[rows], row)
        scores = np.where(rows == row, 0.0, scores * (0.55 + 0.45 * jitter))
        best = np.argsort(-scores, kind="stable")[:limit]
        best = best[scores[best] > 0.0]
        if not len(best):
            return []
        matches = (scores[best] / scores[best[0]]).clip(0.001, 1.0).round(3)
        return list(zip(rows[best].tolist(), matches.tolist(), strict=True))

    def _rank_artists(self) -> dict[str, list[int]]:
        """List, by tag, the artists who bear it among their first, the most popular first."""
        library = self._library
        fame = np.bincount(
            library.artist_of, weights=library.popularity, minlength=len(library.artist_names)
        )
        artists_of_tag: dict[str, list[int]] = {}
        for artist in np.argsort(-fame, kind="stable").tolist():
            for tag, _ in library.artist_tags[artist][:_TAGS_COMPARED]:
                bearers = artists_of_tag.setdefault(tag, [])
                if len(bearers) < _ARTISTS_A_TAG:
                    bearers.append(artist)
        return artists_of_tag

    def _make_pool(self, artist: int) -> tuple[Numbers, Floats]:
        own = self._tracks(artist, _OWN_TRACKS)
        rows, scores = [own], [np.full(len(own), 1.2)]
        for other, likeness in self._similar_artists(artist):
            found = self._tracks(other, _TRACKS_A_SIMILAR_ARTIST)
            rows.append(found)
            scores.append(likeness * 0.9 ** np.arange(len(found)))
        return np.concatenate(rows), np.concatenate(scores)

    def _tracks(self, artist: int, n: int) -> Numbers:
        start, stop = self._edges[artist], self._edges[artist + 1]
        return self._order[start : min(stop, start + n)]

    def _similar_artists(self, artist: int) -> list[tuple[int, float]]:
        tags = dict(self._library.artist_tags[artist][:_TAGS_COMPARED])
        others = {other for tag in tags for other in self._artists_of_tag.get(tag, ())}
        likeness = [(self._likeness(tags, other), other) for other in sorted(others - {artist})]
        likeness.sort(key=lambda pair: (-pair[0], pair[1]))
        return [(other, score) for score, other in likeness[:_SIMILAR_ARTISTS] if score > 0.0]

    def _likeness(self, tags: dict[str, int], other: int) -> float:
        """Cosine of two artists' tag counts, 0 … 1."""
        theirs = dict(self._library.artist_tags[other][:_TAGS_COMPARED])
        shared = sum(n * theirs.get(tag, 0) for tag, n in tags.items())
        lengths = sum(n * n for n in tags.values()) * sum(n * n for n in theirs.values())
        return float(shared / lengths**0.5) if lengths else 0.0
