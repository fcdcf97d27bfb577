"""Why a song is in a list: statements that the data bear out, each with its figures."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from model.library.lists import Numbers, are_among
from model.library.songs import Library
from model.making.sparse import Scored
from model.making.text import shown

TAGS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Together:
    """So many playlists hold both the song and a seed."""

    seed: str
    n_playlists: int

    def __str__(self) -> str:
        noun = "playlist" if self.n_playlists == 1 else "playlists"
        return f"plays together with {self.seed} in {self.n_playlists:,} {noun}"


@dataclass(frozen=True, slots=True)
class FromPlaylist:
    """A playlist holds the song, and a seed or the wished name; own ones have 0 followers."""

    name: str
    n_followers: int

    def __str__(self) -> str:
        if not self.n_followers:
            return f"from “{self.name}”"
        noun = "follower" if self.n_followers == 1 else "followers"
        return f"from “{self.name}”, {self.n_followers:,} {noun}"


@dataclass(frozen=True, slots=True)
class SharedTags:
    """Listeners tag the song and a seed alike."""

    tags: tuple[str, ...]

    def __str__(self) -> str:
        noun = "tag" if len(self.tags) == 1 else "tags"
        return f"shares the {noun} {', '.join(self.tags)}"


@dataclass(frozen=True, slots=True)
class SameArtist:
    """The artist of the song, and of a seed."""

    artist: str

    def __str__(self) -> str:
        return "same artist"


@dataclass(frozen=True, slots=True)
class SameAlbum:
    """The album of the song, and of a seed."""

    album: str

    def __str__(self) -> str:
        return f"same album, {self.album}"


@dataclass(frozen=True, slots=True)
class Popular:
    """So many playlists hold the song."""

    n_playlists: int

    def __str__(self) -> str:
        noun = "playlist holds" if self.n_playlists == 1 else "playlists hold"
        return f"popular: {self.n_playlists:,} {noun} it"


Reason: TypeAlias = Together | FromPlaylist | SharedTags | SameArtist | SameAlbum | Popular


def reasons(
    library: Library, songs: Numbers, seeds: Numbers, playlists: Scored
) -> list[tuple[Reason, ...]]:
    """Say why each song goes with the seeds.

    Parameters
    ----------
    library : Library
    songs, seeds : ndarray
        Song numbers.
    playlists : Scored
        Those that songs were taken from: each holds a seed, or has the wished name.

    Returns
    -------
    list of tuples of Reason
        What counts most first; never empty.
    """
    counts = together(library, songs, seeds)
    sources = _sources(library, songs, playlists)
    tags, artists = _tags_of(library, seeds), set(library.song_artists[seeds].tolist())
    albums = _named_albums(library, seeds)
    return [
        _collect(
            _together(library, seeds, counts[place]),
            _from_playlist(library, sources.get(song)),
            _shared(library, song, tags),
            _same(library, song, artists, albums),
        )
        or (Popular(len(library.holders[song])),)
        for place, song in enumerate(songs.tolist())
    ]


def together(library: Library, songs: Numbers, seeds: Numbers) -> Numbers:
    """Count the playlists that hold both, shape (n_songs, n_seeds)."""
    counts = np.zeros((len(songs), len(seeds)), dtype=np.int64)
    owners = np.repeat(np.arange(len(songs)), library.holders.lengths(songs))
    held = library.holders.take(songs)
    is_holder = np.zeros(len(library.playlists), dtype=np.bool_)
    for column, seed in enumerate(seeds.tolist()):
        holders = library.holders[seed]
        is_holder[holders] = True
        counts[:, column] = np.bincount(owners[is_holder[held]], minlength=len(songs))
        is_holder[holders] = False
    return counts


def _together(library: Library, seeds: Numbers, counts: Numbers) -> Reason | None:
    if not counts.any():
        return None
    best = int(np.argmax(counts))
    return Together(shown(library.titles[int(seeds[best])]), int(counts[best]))


def _sources(library: Library, songs: Numbers, playlists: Scored) -> dict[int, int]:
    """Name the playlist with most followers that holds each song; ties go to the lower number."""
    order = np.lexsort((playlists.numbers, -library.followers[playlists.numbers]))
    numbers = playlists.numbers[order]
    values = library.playlists.take(numbers)
    owners = np.repeat(numbers, library.playlists.lengths(numbers))
    wanted = are_among(values, songs)
    found, first = np.unique(values[wanted], return_index=True)
    return dict(zip(found.tolist(), owners[wanted][first].tolist(), strict=True))


def _from_playlist(library: Library, playlist: int | None) -> Reason | None:
    if playlist is None:
        return None
    return FromPlaylist(shown(library.names[playlist]), int(library.followers[playlist]))


def _tags_of(library: Library, seeds: Numbers) -> set[int]:
    return set(library.portraits.tags.take(seeds).tolist())


def _shared(library: Library, song: int, tags: set[int]) -> Reason | None:
    shared = [tag for tag in library.portraits.tags[song].tolist() if tag in tags]
    names = tuple(shown(library.portraits.tag_names[tag]) for tag in shared[:TAGS_SHOWN])
    return SharedTags(names) if names else None


def _named_albums(library: Library, seeds: Numbers) -> set[int]:
    """Albums of the seeds; one that has no name of its own says nothing."""
    albums = set(library.song_albums[seeds].tolist())
    return {one for one in albums if library.albums[one] not in {"", "Unknown Album"}}


def _same(library: Library, song: int, artists: set[int], albums: set[int]) -> Reason | None:
    album, artist = int(library.song_albums[song]), int(library.song_artists[song])
    if album in albums:
        return SameAlbum(shown(library.albums[album]))
    return SameArtist(shown(library.artists[artist])) if artist in artists else None


def _collect(*found: Reason | None) -> tuple[Reason, ...]:
    return tuple(one for one in found if one is not None)
