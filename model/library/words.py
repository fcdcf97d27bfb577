"""Names by the words that they hold, the last of them perhaps half typed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from model.folding import fold_name, squeeze
from model.library.lists import Lists, Numbers, ascending
from model.library.texts import Texts
from model.storage.artifacts import Artifact

Span: TypeAlias = tuple[int, int]
Ranks: TypeAlias = NDArray[np.int32]

FIRST_CHUNK = 4_096
"""Names that are looked at before more are: most questions are answered by popular ones."""

_GRAM_BITS = 21
"""A code point takes no more."""

_NOTE = re.compile(r"\s+[-–—]\s.*|\s*[(\[].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class WordIndex:
    """An inverted index of names, the most popular first.

    Parameters
    ----------
    words : Texts
        All words that names hold, ascending.
    holders : Lists, n_words lists
        Names that hold each word, by rank, ascending.
    held : Lists, n_names lists
        Words of each name.
    grams : ndarray of int64
        Codes of all runs of three letters of words, ascending.
    gram_words : Lists, n_grams lists
        Words that hold each run.
    """

    words: Texts
    holders: Lists
    held: Lists
    grams: NDArray[np.int64]
    gram_words: Lists

    @classmethod
    def open(cls, artifact: Artifact, name: str) -> "WordIndex":
        """Map an index into memory."""
        return cls(
            Texts.open(artifact, f"{name}_words"),
            Lists.open(artifact, f"{name}_holders"),
            Lists.open(artifact, f"{name}_held"),
            artifact.array(f"{name}_grams"),
            Lists.open(artifact, f"{name}_gram_words"),
        )

    def find(self, words: Sequence[str], *, n: int, is_open: bool = False) -> Ranks:
        """Find the `n` most popular names that hold all of these words.

        Parameters
        ----------
        words : sequence of str
            Folded.
        n : int
        is_open : bool
            Whether the last word may go on.

        Returns
        -------
        ndarray of int32
            Ranks, ascending.
        """
        last = len(words) - 1
        spans = [
            self.words.span(word, is_whole=not (is_open and place == last))
            for place, word in enumerate(words)
        ]
        if not spans or any(first == stop for first, stop in spans):
            return np.empty(0, dtype=np.int32)
        spans.sort(key=self._n_holders)
        found, size = [], 0
        for ranks in self._ascending(spans[0]):
            kept = self._holding(ranks, spans[1:])[: n - size]
            found.append(kept)
            size += len(kept)
            if size == n:
                break
        return np.concatenate(found) if found else np.empty(0, dtype=np.int32)

    def near(self, word: str, *, n: int) -> Numbers:
        """Find the words that share most runs of three letters with a word.

        By Dice's coefficient of these runs (Dice 1945, doi:10.2307/1932409); ties by number.
        """
        codes = word_grams(word)
        places = np.minimum(np.searchsorted(self.grams, codes), max(len(self.grams) - 1, 0))
        known = places[self.grams[places] == codes] if len(self.grams) else places[:0]
        words, shared = np.unique(self.gram_words.take(known), return_counts=True)
        # A word has as many runs as letters, and one more.
        lengths = self.words.ends[words + 1] - self.words.ends[words] + 1
        dice = 2 * shared / (lengths + len(codes))
        return words[np.lexsort((words, -dice))[:n]]

    def _n_holders(self, span: Span) -> int:
        return int(self.holders.indptr[span[1]] - self.holders.indptr[span[0]])

    def _ascending(self, span: Span) -> Iterator[Ranks]:
        """Give the names that hold a word of a span, each once, ascending, some at a time."""
        first, stop = span
        ranks = self.holders.values[self.holders.indptr[first] : self.holders.indptr[stop]]
        bound = -1
        if stop - first > 1:
            if len(ranks) > 4 * FIRST_CHUNK:
                low = ascending(np.partition(ranks, FIRST_CHUNK)[:FIRST_CHUNK])
                # Others may be as high as the highest of these.
                yield low
                bound = int(low[-1])
            ranks = ascending(ranks[ranks > bound])
        size = FIRST_CHUNK
        start = 0
        while start < len(ranks):
            yield ranks[start : start + size]
            start, size = start + size, size * 4

    def _holding(self, ranks: Ranks, spans: Sequence[Span]) -> Ranks:
        """Keep the names that hold a word of each span."""
        if not spans:
            return ranks
        held = self.held.take(ranks)
        lengths = self.held.lengths(ranks)
        starts = np.cumsum(lengths) - lengths
        keep = np.ones(len(ranks), dtype=np.bool_)
        for first, stop in spans:
            keep &= np.logical_or.reduceat((held >= first) & (held < stop), starts)
        return ranks[keep]


def name_key(name: str) -> str:
    """Fold a name; of one made of signs alone, keep the signs.

    Examples
    --------
    >>> name_key("Don't Stop"), name_key(" ? ")
    ('dont stop', '?')
    """
    return fold_name(name) or squeeze(name.casefold())


def bare_title(title: str) -> str:
    """Leave out what stands in brackets or behind a dash.

    Examples
    --------
    >>> bare_title("Creep - Live"), bare_title("Halo (feat. X)"), bare_title("(Intro)")
    ('Creep', 'Halo', '(Intro)')
    """
    return _NOTE.sub("", title) or title


def word_grams(word: str) -> NDArray[np.int64]:
    """Give the codes of a word's runs of three letters, with its borders, ascending, each once.

    Examples
    --------
    >>> len(word_grams("abc")), len(word_grams("a"))
    (4, 2)
    """
    padded = np.array([0, 0, *map(ord, word), 0], dtype=np.int64)
    codes = (padded[:-2] << 2 * _GRAM_BITS) | (padded[1:-1] << _GRAM_BITS) | padded[2:]
    return ascending(codes)
