"""Tracks found by words of their titles and artists, as Spotify's search finds them."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from harvest.emulator.catalogue.library import Library

MOST_FOUND = 100

_WORD = re.compile(r"\w+")
_FIELD = re.compile(r'\b(track|artist):(?:"([^"]*)"|(\S+))', re.IGNORECASE)


class SearchIndex:
    """Words of titles and artists, and the tracks that have them.

    Parameters
    ----------
    library : Library
        What is searched; tracks without a Spotify id are never found.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._in_titles: defaultdict[str, set[int]] = defaultdict(set)
        self._in_artists: defaultdict[str, set[int]] = defaultdict(set)
        for row, spotify_id in enumerate(library.ids):
            if spotify_id:
                for word in words(library.titles[row]):
                    self._in_titles[word].add(row)
                for word in words(library.artist_names[library.artist_of[row]]):
                    self._in_artists[word].add(row)

    def find(self, query: str) -> list[str]:
        """Find tracks.

        Parameters
        ----------
        query : str
            Words, and fields such as ``track:"some words" artist:word``.

        Returns
        -------
        list of str
            Ids of the tracks that have all the words, those of a field in that field; the most
            popular first, 100 at most.
        """
        wanted: list[set[int]] = []
        for kind, quoted, bare in _FIELD.findall(query):
            index = self._in_titles if kind.lower() == "track" else self._in_artists
            wanted += [index.get(word, set()) for word in words(quoted or bare)]
        for word in words(_FIELD.sub(" ", query)):
            wanted.append(self._in_titles.get(word, set()) | self._in_artists.get(word, set()))
        rows = set.intersection(*wanted) if wanted else set()
        return [self._library.ids[row] for row in self._ranked(rows)]

    def _ranked(self, rows: set[int]) -> Sequence[int]:
        popularity = self._library.popularity
        return sorted(rows, key=lambda row: (-popularity[row], row))[:MOST_FOUND]


def words(text: str) -> list[str]:
    """Part a text into words without accents, in small letters.

    Parameters
    ----------
    text : str
        A title, a name or a query.

    Returns
    -------
    list of str
        In order.

    Examples
    --------
    >>> words("Hoppípolla (Live)")
    ['hoppipolla', 'live']
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _WORD.findall("".join(each for each in plain if not unicodedata.combining(each)))
