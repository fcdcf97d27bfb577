"""One entry of a playlist, whatever it was read from, and what it is known by.

What has no Spotify id is known by its names: `name:track:` and 22 digits that stand for the clean
artist and title (`harvest.texts.names`). The same names give the same digits for ever.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from harvest.sources.lists.references import Kind, Reference, reference
from harvest.sources.mpd_slice import Track
from harvest.tables import MADE_UP
from harvest.texts.names import clean

LARGEST_DURATION_MS = 2**31 - 1

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_N_DIGITS = 22

EPISODES = "episodes"
REMOVED = "removed"
NAMELESS = "nameless"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a format says of an entry; empty where it says nothing.

    Parameters
    ----------
    references : tuple of str
        URIs or addresses, of which one may be Spotify's.
    title, artist, album : str
        Raw; the artist is the first one named.
    artist_uri, album_uri : str
        Spotify's.
    duration_ms : int
        0 where it is unknown.
    may_be_bare : bool
        Whether 22 digits alone are a reference.
    """

    references: tuple[str, ...] = ()
    title: str = ""
    artist: str = ""
    album: str = ""
    artist_uri: str = ""
    album_uri: str = ""
    duration_ms: int = 0
    may_be_bare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A playlist as a file has it.

    Parameters
    ----------
    name : str
    tracks : list of Track
        In order, without what is no song.
    description : str, optional
    is_collaborative : bool
    modified_at : int
        Unix seconds, 0 where it is unknown.
    num_followers : int
        0 where it is unknown.
    """

    name: str
    tracks: list[Track]
    description: str | None = None
    is_collaborative: bool = False
    modified_at: int = 0
    num_followers: int = 0


@dataclass(slots=True)
class Tracks:
    """Gathers the tracks of a playlist, and counts what is none.

    Attributes
    ----------
    found : list of Track
    tallies : Counter of str
        Episodes; entries that were removed; those that name neither a Spotify track nor artist and
        title.
    """

    found: list[Track] = field(default_factory=list)
    tallies: Counter[str] = field(default_factory=Counter)

    def add(self, entry: Entry | None) -> None:
        """Add the next entry; None is one that was removed."""
        if entry is None:
            self.tallies[REMOVED] += 1
            return
        named = _named(entry)
        if named and named.kind is Kind.EPISODE:
            self.tallies[EPISODES] += 1
            return
        track = _track(entry, named)
        if track is None:
            self.tallies[NAMELESS] += 1
        else:
            self.found.append(track)


def made_up_uri(kind: str, *names: str) -> str:
    """Return what an artist, an album or a track is known by that has no id.

    Parameters
    ----------
    kind : str
        `track`, `artist` or `album`.
    names : str
        Raw; what `clean` makes one makes one URI.

    Examples
    --------
    >>> made_up_uri("track", "Sigur Rós", "Hoppípolla")
    'name:track:ad9Rs8F6AIy76FHCe5bsnJ'
    >>> made_up_uri("track", "SIGUR ROS", "hoppipolla")
    'name:track:ad9Rs8F6AIy76FHCe5bsnJ'
    """
    return f"{MADE_UP}{kind}:{digits(map(clean, names))}"


def digits(texts: Iterable[str]) -> str:
    """Return 22 digits of base 62 that stand for some texts."""
    number = hash_of(texts)
    found = []
    for _ in range(_N_DIGITS):
        number, digit = divmod(number, len(_DIGITS))
        found.append(_DIGITS[digit])
    return "".join(found)


def hash_of(texts: Iterable[str]) -> int:
    """Return a number that stands for some texts in their order."""
    joined = "\x1f".join(texts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(joined).digest(), "big")


def _named(entry: Entry) -> Reference | None:
    found = (reference(text, may_be_bare=entry.may_be_bare) for text in entry.references if text)
    return next((each for each in found if each), None)


def _track(entry: Entry, named: Reference | None) -> Track | None:
    local = named if named and named.kind is Kind.LOCAL else Reference(Kind.LOCAL)
    title, artist = entry.title or local.title, entry.artist or local.artist
    album = entry.album or local.album
    duration_ms = entry.duration_ms or local.duration_s * 1000
    if named and named.kind is Kind.TRACK:
        uri = f"spotify:track:{named.spotify_id}"
    elif clean(title) and clean(artist):
        uri = made_up_uri("track", artist, title)
    else:
        return None
    return Track(
        track_uri=uri,
        track_name=title,
        artist_uri=entry.artist_uri or made_up_uri("artist", artist),
        artist_name=artist,
        album_uri=entry.album_uri or made_up_uri("album", artist, album),
        album_name=album,
        duration_ms=duration_ms if 0 <= duration_ms <= LARGEST_DURATION_MS else 0,
    )
