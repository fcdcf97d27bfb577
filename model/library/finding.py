"""What people type -> songs: exactly, nearly, or what they may have meant."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple, TypeAlias

import numpy as np
from rapidfuzz import fuzz, process

from model.library.lists import Mask, Numbers, ascending, first_places
from model.library.songs import Library, Song
from model.library.words import WordIndex, bare_title, name_key

SURE = 92.0
"""Of 100: a spelling this near, and well ahead of all others, is taken for the song."""
LEAD = 4.0
POSSIBLE = 55.0
"""A spelling less near than this is not worth asking about."""

_DASH = re.compile(r"\s+[-–—]+\s+")
_ADDRESS = re.compile(r"(?i:(?:https?://)?open\.spotify\.com)/(?:[\w-]+/)?track/(\w+)/?(?:[?#].*)?")
_TITLE_ALONE = 0.95
"""What a title counts that is like the whole text, beside artist and title together."""

_Reading: TypeAlias = tuple[str | None, str]
"""What may be artist and title."""

_OTHER_SONGS = 5
_OTHER_ARTISTS = 3
_MANY = 5_000
_EXACT_FIRST = 3
_MOST_EXACT = 60
_POOL = 300


class Found(NamedTuple):
    """What a text may mean.

    Parameters
    ----------
    song : Song or None
        None where nothing is near enough to be taken.
    is_exact : bool
        Whether the text names just this song.
    others : tuple of Song
        Best first: what else it may mean.
    """

    song: Song | None
    is_exact: bool
    others: tuple[Song, ...]


def find_song(library: Library, text: str) -> Found:
    """Find the song that a text such as "Artist - Title", or a title alone, names.

    Exact means: equal after `name_key`, of the title also without what stands in brackets or
    behind a dash ("Creep" is "Creep - Remastered"). Where several songs are, the one that most
    playlists hold is taken, one whose whole title is equal first. A version that is not there, as
    "Creep - Remastered 2009", stands for the song, inexactly.
    """
    exact = list(islice(_exact(library, _readings(text)), _OTHER_SONGS + 1))
    if exact:
        return Found(exact[0], is_exact=True, others=tuple(exact[1:]))
    scored = near_songs(library, text, n=_OTHER_SONGS)
    if scored and _is_sure([score for _, score in scored]):
        return Found(scored[0][0], is_exact=False, others=tuple(song for song, _ in scored[1:]))
    bare = next(_exact(library, _bare_readings(text)), None)
    return Found(bare, is_exact=False, others=tuple(song for song, _ in scored))


def find_uri(library: Library, uri: str) -> int | None:
    """Find the song of a Spotify URI, or of its address on open.spotify.com."""
    wanted = _as_uri(uri).encode("utf-8", errors="replace")
    low, high = 0, library.n_songs
    while low < high:
        middle = (low + high) // 2
        if library.uris.raw(int(library.uri_order[middle])) < wanted:
            low = middle + 1
        else:
            high = middle
    if low == library.n_songs:
        return None
    number = int(library.uri_order[low])
    return number if library.uris.raw(number) == wanted else None


def find_artist(library: Library, name: str) -> tuple[bool, tuple[str, ...]]:
    """Say whether an artist is called so, and else which are spelt alike, best first.

    Reads all names, which takes about a second for a million.
    """
    wanted = name_key(name)
    names = [library.artists[number] for number in range(len(library.artists))]
    keys = [name_key(one) for one in names]
    if wanted in keys:
        return True, ()
    near = process.extract(
        wanted, keys, scorer=fuzz.ratio, score_cutoff=POSSIBLE, limit=_OTHER_ARTISTS
    )
    return False, tuple(dict.fromkeys(names[place] for _, _, place in near))


def search_songs(library: Library, text: str, *, n: int) -> list[Song]:
    """Search as somebody types: all words, the last perhaps half typed; then near spellings.

    Songs whose title is the text come first, then those that most playlists hold. Of songs that
    have title and artist in common, one is shown.
    """
    key = name_key(text)
    if not key:
        return []
    first, stop = library.keys.span(key, is_whole=True)
    exact = np.sort(library.key_ranks[first:stop])[:_EXACT_FIRST]
    words = _parts(text)
    found = library.words.find(words, n=4 * n, is_open=not text.endswith(" "))
    ranks = [*dict.fromkeys([*exact.tolist(), *found.tolist()])]
    numbers = _distinct(library, library.by_rank[ranks]) if ranks else library.by_rank[:0]
    return library.songs(numbers[:n]) or [song for song, _ in near_songs(library, text, n=n)]


def near_songs(library: Library, text: str, *, n: int) -> list[tuple[Song, float]]:
    """Give the songs whose names are most like a text, with how like they are, of 100."""
    words = _parts(text)
    ranks = _candidates(library.words, words)
    asked = " ".join(words)
    scored = [(song, _likeness(asked, song)) for song in library.songs(library.by_rank[ranks])]
    scored = [(song, score) for song, score in scored if score >= POSSIBLE]
    # Equal likeness leaves the order by rank.
    scored.sort(key=lambda one: -one[1])
    places = first_places(library.spellings[[song.number for song, _ in scored]])
    return [scored[place] for place in places[:n].tolist()]


def _exact(library: Library, readings: Iterator[_Reading]) -> Iterator[Song]:
    """Give each song, by name, that is called as the first reading that is any's name."""
    for artist, title in readings:
        key = name_key(title)
        first, stop = library.keys.span(key, is_whole=True)
        ranks = np.sort(library.key_ranks[first:stop])
        numbers = library.by_rank[ranks]
        if artist is not None:
            numbers = numbers[_is_by(library, numbers, name_key(artist))]
        songs = library.songs(_distinct(library, numbers)[:_MOST_EXACT])
        if songs:
            yield from sorted(songs, key=lambda song: name_key(song.title) != key)
            return


def _readings(text: str) -> Iterator[_Reading]:
    """Give what may be artist and title, either way round, the likeliest first."""
    for dash in _DASH.finditer(text):
        yield text[: dash.start()], text[dash.end() :]
    yield None, text
    for dash in _DASH.finditer(text):
        yield text[dash.end() :], text[: dash.start()]


def _bare_readings(text: str) -> Iterator[_Reading]:
    """Give the same without what stands in brackets or behind a dash in the title."""
    for artist, title in _readings(text):
        # What stands before the one dash of a text may be an artist: it is no title by itself.
        if artist is not None or not _DASH.search(text):
            yield artist, bare_title(title)


def _is_by(library: Library, songs: Numbers, artist: str) -> Mask:
    artists, place = np.unique(library.song_artists[songs], return_inverse=True)
    same = [name_key(library.artists[int(one)]) == artist for one in artists]
    are_by: Mask = np.array(same, dtype=np.bool_)[place]
    return are_by


def _candidates(index: WordIndex, words: Sequence[str]) -> Numbers:
    """Give the ranks that hold most of the words, or words like them."""
    found = []
    for word in words:
        near = index.near(word, n=8)
        spans = [index.holders[int(one)][:_MANY] for one in near]
        if spans:
            found.append(ascending(np.concatenate(spans)))
    if not found:
        return np.empty(0, dtype=np.int64)
    ranks, counts = np.unique(np.concatenate(found), return_counts=True)
    best: Numbers = ranks[np.lexsort((ranks, -counts))[:_POOL]]
    return best


def _likeness(asked: str, song: Song) -> float:
    artist = name_key(song.artist)
    titles = {name_key(song.title), name_key(bare_title(song.title))}
    names = [name for title in titles for name in (f"{artist} {title}", f"{title} {artist}")]
    both = max(fuzz.token_sort_ratio(asked, name) for name in names)
    # Signs are dropped, which joins the words that they part: "JAY-Z" is "JAY Z", too.
    closed = max(fuzz.ratio(_closed(asked), _closed(name)) for name in names)
    return max(both, closed, *(_TITLE_ALONE * fuzz.ratio(asked, title) for title in titles))


def _closed(text: str) -> str:
    return text.replace(" ", "")


def _is_sure(scores: Sequence[float]) -> bool:
    return scores[0] >= SURE and (len(scores) == 1 or scores[0] - scores[1] >= LEAD)


def _distinct(library: Library, songs: Numbers) -> Numbers:
    """Keep the first of songs that are called the same."""
    distinct: Numbers = songs[first_places(library.spellings[songs])]
    return distinct


def _parts(text: str) -> list[str]:
    return list(dict.fromkeys(name_key(text).split()))


def _as_uri(text: str) -> str:
    """Turn an address on open.spotify.com into the URI that it stands for.

    Examples
    --------
    >>> _as_uri("https://open.spotify.com/intl-de/track/70LcF31zb1H0PyJoS1Sx1r?si=1")
    'spotify:track:70LcF31zb1H0PyJoS1Sx1r'
    """
    found = _ADDRESS.fullmatch(text.strip())
    return f"spotify:track:{found[1]}" if found else text.strip()
