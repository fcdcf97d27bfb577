"""Every song and playlist of the state: names, and who holds whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from model.library.lists import Floats, Lists, Numbers
from model.library.recipes import Shelf
from model.library.texts import Texts
from model.library.words import WordIndex
from model.storage.artifacts import Artifact


class Song(NamedTuple):
    """A song as it is shown.

    Parameters
    ----------
    number : int
        Row of the tables.
    title, artist, album, uri : str
        As the source has them.
    duration_ms : int
        0 or less where it is unknown.
    n_playlists : int
        Playlists that hold it.
    """

    number: int
    title: str
    artist: str
    album: str
    uri: str
    duration_ms: int
    n_playlists: int


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Similar songs of each song, best first.

    Parameters
    ----------
    lists : Lists
        Songs.
    scores : ndarray, shape (len(lists.values),)
        The shrunk cosine of both songs' playlists.
    """

    lists: Lists
    scores: Floats


@dataclass(frozen=True, slots=True)
class Portraits:
    """What services say of songs.

    Parameters
    ----------
    features : ndarray of float32, shape (n_songs, 12)
        `columns.SONG_FEATURES`; NaN where they are unknown.
    playlist_features : ndarray of float32, shape (n_playlists, 12)
        `columns.MODEL_COLUMNS`; NaN where no song has any.
    followers : ndarray of float64, shape (14,) or (0,)
        Regression of log(1 + followers) on these: coefficients, intercept, most followers.
    tags : Lists, n_songs lists
        Numbers of each song's tags, the weightiest first.
    tag_names : Texts
    """

    features: Floats
    playlist_features: Floats
    followers: Floats
    tags: Lists
    tag_names: Texts


@dataclass(frozen=True, slots=True)
class Library:
    """Songs, names and playlists of a state, mapped into memory.

    Parameters
    ----------
    titles, uris : Texts
        Of each song.
    artists, albums : Texts
        Names by number.
    song_artists, song_albums, durations : ndarray of int32, shape (n_songs,)
        Artist, album and ms of each song.
    by_rank : ndarray of int32, shape (n_songs,)
        Songs, those that most playlists hold first; ties by number.
    words : WordIndex
        Of title and artist, by rank.
    keys : Texts
        Folded titles, with and without what stands in brackets or behind a dash; ascending.
    key_ranks : ndarray of int32, shape (n_keys,)
        Rank of each key's song, ascending within a key.
    uri_order : ndarray of int32, shape (n_songs,)
        Songs by URI.
    spellings, works : ndarray of int32, shape (n_songs,)
        Equal for songs whose artist and folded title are equal; the second without what stands in
        brackets or behind a dash, so that versions of a song are one.
    names : Texts
        Of each playlist.
    followers : ndarray of int32, shape (n_playlists,)
    name_words : WordIndex
        Of playlist names, those with most followers first.
    names_by_rank : ndarray of int32, shape (n_playlists,)
    playlists : Lists, n_playlists lists
        Different songs of each, in order.
    holders : Lists, n_songs lists
        Playlists that hold each song, ascending.
    norms : ndarray of float32, shape (n_playlists,)
        Length of each playlist's vector of inverse frequencies of songs.
    neighbours : Neighbours
    portraits : Portraits
    """

    titles: Texts
    uris: Texts
    artists: Texts
    albums: Texts
    song_artists: Numbers
    song_albums: Numbers
    durations: Numbers
    by_rank: Numbers
    words: WordIndex
    keys: Texts
    key_ranks: Numbers
    uri_order: Numbers
    spellings: Numbers
    works: Numbers
    names: Texts
    followers: Numbers
    name_words: WordIndex
    names_by_rank: Numbers
    playlists: Lists
    holders: Lists
    norms: Floats
    neighbours: Neighbours
    portraits: Portraits

    @classmethod
    def open(cls, shelf: Shelf) -> "Library":
        """Map everything into memory; what is not looked at is not read."""
        kept = shelf.library
        return cls(
            titles=Texts.open(kept, "titles"),
            uris=Texts.open(kept, "uris"),
            artists=Texts.open(kept, "artists"),
            albums=Texts.open(kept, "albums"),
            song_artists=kept.array("song_artists"),
            song_albums=kept.array("song_albums"),
            durations=kept.array("durations"),
            by_rank=kept.array("by_rank"),
            keys=Texts.open(kept, "keys"),
            key_ranks=kept.array("key_ranks"),
            uri_order=kept.array("uri_order"),
            spellings=kept.array("spellings"),
            works=kept.array("works"),
            names=Texts.open(kept, "names"),
            followers=kept.array("followers"),
            names_by_rank=kept.array("names_by_rank"),
            norms=kept.array("norms"),
            words=WordIndex.open(kept, "songs"),
            name_words=WordIndex.open(kept, "playlist_names"),
            playlists=Lists.open(kept, "playlists"),
            holders=Lists.open(kept, "holders"),
            neighbours=_open_neighbours(shelf.neighbours),
            portraits=_open_portraits(shelf.portraits),
        )

    @property
    def n_songs(self) -> int:
        """Number of songs."""
        return len(self.by_rank)

    def n_playlists(self, songs: Numbers) -> Numbers:
        """Count the playlists that hold each of these songs."""
        return self.holders.lengths(songs)

    def song(self, number: int) -> Song:
        """Describe a song."""
        return Song(
            number=number,
            title=self.titles[number],
            artist=self.artists[int(self.song_artists[number])],
            album=self.albums[int(self.song_albums[number])],
            uri=self.uris[number],
            duration_ms=int(self.durations[number]),
            n_playlists=len(self.holders[number]),
        )

    def songs(self, numbers: Sequence[int] | Numbers) -> list[Song]:
        """Describe songs."""
        return [self.song(int(number)) for number in numbers]


def _open_neighbours(artifact: Artifact) -> Neighbours:
    lists = Lists(artifact.array("indptr"), artifact.array("songs"))
    return Neighbours(lists, artifact.array("scores"))


def _open_portraits(artifact: Artifact) -> Portraits:
    return Portraits(
        features=artifact.array("features"),
        playlist_features=artifact.array("playlist_features"),
        followers=artifact.array("followers"),
        tags=Lists.open(artifact, "tags"),
        tag_names=Texts.open(artifact, "tag_names"),
    )


def inverse_frequency(counts: Numbers, total: int) -> Floats:
    """Weigh songs by how few of `total` playlists hold them; see `recommenders.holdings`."""
    ratio = np.divide(total, counts, out=np.zeros(len(counts)), where=counts > 0)
    weights: Floats = np.log1p(ratio)
    return weights
