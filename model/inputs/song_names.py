"""Which of our songs a name means: by its title alone, or by artist and title."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
import pyarrow as pa

from model.ragged import IntArray, Ragged
from model.text import clean_name, fold_name


@dataclass(frozen=True, slots=True)
class SongNames:
    """Songs by their names.

    Parameters
    ----------
    clean_titles : Index of str
        Different titles, cleaned as published.
    by_title : Ragged, len(clean_titles) lists
        The first song with each: the published identity of a song is its clean title.
    artists, titles : Index of str
        Different names, folded, so that spellings of one name are equal in whatever script.
    pairs : ndarray of int64, shape (n_pairs,)
        artist * len(titles) + title of each pair that songs have, ascending.
    by_pair : Ragged, n_pairs lists
        All songs with each, ascending: they are one recording as far as names tell.
    """

    clean_titles: "pd.Index[str]"
    by_title: Ragged
    artists: "pd.Index[str]"
    titles: "pd.Index[str]"
    pairs: IntArray
    by_pair: Ragged

    @classmethod
    def of(cls, artists: "pd.Series[str]", titles: "pd.Series[str]") -> Self:
        """Look at the artist and title of each song, shape (n_songs,); absent ones match none.

        Examples
        --------
        >>> names = SongNames.of(pd.Series(["Beyoncé", "Queen"]), pd.Series(["Halo!", "Halo"]))
        >>> names.by_title.values.tolist(), names.by_pair.values.tolist()
        ([0], [0, 1])
        """
        clean_codes, clean_titles = _number(_plain(titles), clean_name)
        artist_codes, artist_index = _number(_plain(artists), fold_name)
        title_codes, title_index = _number(_plain(titles), fold_name)
        by_title = _grouped(clean_codes, len(clean_titles)).limited(1)
        keys = _pair(artist_codes, title_codes, len(title_index))
        pairs, codes = np.unique(keys, return_inverse=True)
        n_absent = int(np.count_nonzero(pairs < 0))
        by_pair = _grouped(codes - n_absent, len(pairs) - n_absent)
        return cls(clean_titles, by_title, artist_index, title_index, pairs[n_absent:], by_pair)

    def find_titles(self, titles: pa.Array) -> IntArray:
        """Give the list of `by_title` of each title, shape (n,); -1 where no song has it."""
        return _find(titles, clean_name, self.clean_titles)

    def find_pairs(self, artists: pa.Array, titles: pa.Array) -> IntArray:
        """Give the list of `by_pair` of each artist and title, shape (n,); -1 where none has them.

        Examples
        --------
        >>> names = SongNames.of(pd.Series(["Beyoncé"]), pd.Series(["Halo"]))
        >>> names.find_pairs(pa.array(["BEYONCE", "Queen"]), pa.array(["Halo", "Halo"])).tolist()
        [0, -1]
        """
        artist_codes = _find(artists, fold_name, self.artists)
        title_codes = _find(titles, fold_name, self.titles)
        keys = _pair(artist_codes, title_codes, len(self.titles))
        places = np.searchsorted(self.pairs, keys)
        known = keys >= 0
        known[known] &= places[known] < len(self.pairs)
        known[known] = self.pairs[places[known]] == keys[known]
        return np.where(known, places, -1)


def _plain(names: "pd.Series[str]") -> pa.Array:
    """Give one array, where a large table's column was read in chunks too."""
    array = pa.array(names)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _number(names: pa.Array, change: Callable[[str], str]) -> tuple[IntArray, "pd.Index[str]"]:
    """Give names numbers by what they change to; -1 where nothing is left."""
    changed, places = _change(names, change)
    codes, unique = pd.factorize(np.array([name or None for name in changed], dtype=object))
    return codes.astype(np.int64)[places], pd.Index(unique, dtype=object)


def _find(names: pa.Array, change: Callable[[str], str], index: "pd.Index[str]") -> IntArray:
    """Find what names change to; -1 where the index lacks it."""
    changed, places = _change(names, change)
    codes: IntArray = index.get_indexer(pd.Index(changed, dtype=object)).astype(np.int64)
    return codes[places]


def _change(names: pa.Array, change: Callable[[str], str]) -> tuple[list[str], IntArray]:
    """Change each different name once; give what came of them, and the place of each name in it.

    What is absent becomes empty.
    """
    encoded = names.dictionary_encode()
    places = encoded.indices.fill_null(len(encoded.dictionary))
    changed = [change(name) if name else "" for name in encoded.dictionary.to_pylist()]
    return [*changed, ""], places.to_numpy(zero_copy_only=False).astype(np.int64)


def _pair(artists: IntArray, titles: IntArray, n_titles: int) -> IntArray:
    """Put two numbers into one; -1 where one of them is."""
    return np.where((artists >= 0) & (titles >= 0), artists * n_titles + titles, -1)


def _grouped(codes: IntArray, n_codes: int) -> Ragged:
    """List the songs of each code, ascending; those of code -1 are in no list."""
    order = np.argsort(codes, kind="stable")[np.count_nonzero(codes < 0) :]
    return Ragged.grouped(codes[order], order, n_codes)
