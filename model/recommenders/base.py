"""What every recommender is given, and what it gives."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, Self

import numpy as np
from scipy.sparse import csr_array

from model.corpus import Corpus
from model.errors import InputError
from model.ragged import FloatArray, IntArray, Ragged, SongArray
from model.recommenders.draw_kernels import rank_places

LONGEST_LIST = 2**31 - 1
"""Songs: more than a catalogue holds, whose numbers are int32."""


@dataclass(frozen=True, slots=True)
class Training:
    """Playlists that a recommender is fitted on.

    Parameters
    ----------
    playlist_ids : ndarray, shape (n_playlists,)
        `playlist_id` of the tables; what is fitted keeps them for the leak check.
    names : list of str, length n_playlists
        Clean names.
    num_followers : ndarray, shape (n_playlists,)
    playlists : Ragged, n_playlists lists
        Song numbers in order; none is empty.
    songs : ndarray of float32 or float64, shape (n_songs, 12)
        `columns.SONG_FEATURES` of every song of the catalogue, also of those that no training
        playlist holds; NaN where they are unknown.
    artists, albums : ndarray, shape (n_songs,), optional
        Number of each song's artist and album.
    titles : list of str, length n_playlists, optional
        Names as their owners wrote them; without them, `names` stand for them.
    artist_names, album_names : list of str, optional
        Name of each artist and album.
    tags : csr_array, shape (n_songs, n_tags), optional
        How much each tag says of each song, by tf-idf (`inputs.track_tags.tf_idf`); at least 0.
    similars : csr_array, shape (n_songs, n_songs), optional
        How similar last.fm calls two songs, in [0, 1]; not symmetric.
    """

    playlist_ids: IntArray
    names: list[str]
    num_followers: IntArray
    playlists: Ragged
    songs: FloatArray
    artists: IntArray | None = None
    albums: IntArray | None = None
    titles: list[str] | None = None
    artist_names: list[str] | None = None
    album_names: list[str] | None = None
    tags: csr_array | None = None
    similars: csr_array | None = None

    @property
    def n_songs(self) -> int:
        """Number of songs of the catalogue."""
        return len(self.songs)

    def popularity(self) -> IntArray:
        """Count the playlists that hold each song, shape (n_songs,)."""
        return self.playlists.count_holders(self.n_songs)


def training_part(
    corpus: Corpus,
    rows: IntArray,
    *,
    tags: csr_array | None = None,
    similars: csr_array | None = None,
) -> Training:
    """Give the playlists with these numbers, and what is known of songs, to fit on.

    Parameters
    ----------
    corpus : Corpus
    rows : ndarray, shape (n_playlists,)
        Numbers of playlists of the corpus.
    tags, similars : csr_array, optional
        As of `Training`.
    """
    return Training(
        playlist_ids=corpus.playlist_ids[rows],
        names=[corpus.names[row] for row in rows.tolist()],
        num_followers=corpus.num_followers[rows],
        playlists=corpus.playlists.take(rows),
        songs=corpus.songs,
        artists=corpus.artists,
        albums=corpus.albums,
        titles=None if corpus.titles is None else [corpus.titles[row] for row in rows.tolist()],
        artist_names=corpus.artist_names,
        album_names=corpus.album_names,
        tags=tags,
        similars=similars,
    )


def part_of(train: Training, rows: IntArray) -> Training:
    """Give some of the training playlists, in this order."""
    titles = train.titles
    return replace(
        train,
        playlist_ids=train.playlist_ids[rows],
        names=[train.names[row] for row in rows.tolist()],
        num_followers=train.num_followers[rows],
        playlists=train.playlists.take(rows),
        titles=None if titles is None else [titles[row] for row in rows.tolist()],
    )


def in_order(train: Training, *, most: int | None = None) -> Training:
    """Sort the playlists by id, so that what is learnt does not depend on their order.

    Of more than `most`, an even sample is given.
    """
    order = np.argsort(train.playlist_ids, kind="stable")
    return part_of(train, order if most is None else order[even_sample(len(order), most)])


def even_sample(n: int, most: int) -> IntArray:
    """Choose at most so many of n places, at even steps, ascending.

    Examples
    --------
    >>> even_sample(5, 3).tolist(), even_sample(2, 3).tolist()
    ([0, 2, 4], [0, 1])
    """
    return np.unique(np.linspace(0, n - 1, min(n, most)).astype(np.int64))


class Recommender(Protocol):
    """Continue playlists.

    Attributes
    ----------
    fitted_on_ : ndarray
        Ids of the playlists that it was fitted on.
    """

    fitted_on_: IntArray

    def fit(self, train: Training) -> Self:
        """Learn from the training playlists alone."""
        ...

    def recommend(
        self, seeds: Ragged, *, n: IntArray | int, title: Sequence[str | None] | None = None
    ) -> tuple[Ragged, FloatArray]:
        """Recommend songs for many playlists at once.

        Parameters
        ----------
        seeds : Ragged, n_playlists lists
            Song numbers that the playlist begins with; may be none.
        n : int or ndarray, shape (n_playlists,)
            Songs wanted for each.
        title : sequence of str or None, optional
            Name of each playlist, as its owner wrote it; None or empty where there is none.

        Returns
        -------
        songs : Ragged, n_playlists lists
            Different songs, best first, never a seed: exactly `n`, or as many as the training
            playlists hold besides the seeds where these are fewer.
        scores : ndarray, shape (len(songs.values),)
            Never ascending within a list. 0 where a recommender knew nothing better than the most
            popular songs that were left (see `backoff`).

        Raises
        ------
        InputError
            If a seed is no song of the catalogue, there are not as many titles as playlists, or
            `n` is no whole number from 0.
        """
        ...


def wanted(seeds: Ragged, n: IntArray | int) -> IntArray:
    """Spread `n` over the playlists, shape (n_playlists,); more than any list can hold is as good.

    Raises
    ------
    InputError
        If a number is below 0, or none, or there are not as many as playlists.
    """
    numbers = np.asarray(n)
    if numbers.dtype.kind not in "iu" or (numbers < 0).any():
        msg = f"{str(n)[:50]} songs wanted: expected whole numbers from 0"
        raise InputError(msg)
    if numbers.ndim > 1 or numbers.size not in (1, len(seeds)):
        msg = f"{numbers.shape} numbers for {len(seeds)} playlists: expected one, or one for each"
        raise InputError(msg)
    numbers = np.minimum(numbers, LONGEST_LIST).astype(np.int64)
    # A copy: compiled functions would be compiled once more for what may not be written to.
    return np.array(np.broadcast_to(numbers, (len(seeds),)))


def check_asked(seeds: Ragged, title: Sequence[str | None] | None, n_songs: int) -> list[str]:
    """Give the titles, empty where there are none.

    Raises
    ------
    InputError
        If a seed is no song of the catalogue, or no whole number with a sign, or there are not as
        many titles as playlists.

    Examples
    --------
    >>> check_asked(Ragged.of([[0], []]), None, 1)
    ['', '']
    """
    values = seeds.values
    if values.size and values.dtype.kind != "i":
        msg = f"seeds of type {values.dtype}: expected numbers of songs as int32 or int64"
        raise InputError(msg)
    if values.size and not 0 <= values.min() <= values.max() < n_songs:
        worst = values.min() if values.min() < 0 else values.max()
        msg = f"seed {worst}: expected the number of a song, from 0 to {n_songs - 1}"
        raise InputError(msg)
    if title is not None and len(title) != len(seeds):
        msg = f"{len(title)} titles for {len(seeds)} playlists: expected one each, or none at all"
        raise InputError(msg)
    return [""] * len(seeds) if title is None else [one or "" for one in title]


def rank_by_popularity(counts: IntArray) -> IntArray:
    """Give the songs that some playlist holds, those of most playlists first; ties by number.

    Examples
    --------
    >>> rank_by_popularity(np.array([1, 0, 3, 1])).tolist()
    [2, 0, 3]
    """
    return np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]


def rank_scores(songs: Ragged) -> FloatArray:
    """Score songs by their place alone: 1, then evenly down to 1 / length.

    Examples
    --------
    >>> rank_scores(Ragged.of([[7, 8], [9]])).tolist()
    [1.0, 0.5, 1.0]
    """
    scores = np.empty(len(songs.values))
    rank_places(songs.indptr, scores)
    return scores


class Room(NamedTuple):
    """What the compiled functions of this package write to.

    Parameters
    ----------
    marks : ndarray of int32, shape (n_songs,)
        All 0.
    indptr : ndarray of int64, shape (n_lists + 1,)
    songs : ndarray of int32
        Room for all that the lists may hold.
    """

    marks: SongArray
    indptr: IntArray
    songs: SongArray

    @classmethod
    def make(cls, n_songs: int, lengths: IntArray) -> Self:
        """Make room for lists of at most these lengths; one below 0 counts as 0."""
        return cls(
            np.zeros(n_songs, dtype=np.int32),
            np.zeros(len(lengths) + 1, dtype=np.int64),
            np.empty(np.maximum(lengths, 0).sum(), dtype=np.int32),
        )

    @property
    def lists(self) -> Ragged:
        """The lists as they were written, without the room that is left."""
        return Ragged(self.indptr, self.songs[: self.indptr[-1]])
