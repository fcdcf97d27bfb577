"""A challenge set and a recommender -> a submission."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.amounts import amount
from model.challenge.catalogue import Catalogue
from model.challenge.challenge_set import Asked
from model.challenge.checks import N_TRACKS, is_track_uri
from model.errors import InputError
from model.ragged import BoolArray, IntArray, Ragged
from model.recommenders.base import Recommender, Room, Training
from model.recommenders.draw_kernels import take_ranked
from model.saying import Say

CHUNK = 1_000
"""Playlists that are answered at a time."""


@dataclass(frozen=True, slots=True)
class Filler:
    """Songs for lists that a recommender leaves short.

    Parameters
    ----------
    is_valid : ndarray, shape (n_songs,)
        Whether a submission may name the song: whether its URI is a Spotify track's.
    ranked : ndarray
        All of these: first those that most training playlists hold; ties by number.
    """

    is_valid: BoolArray
    ranked: IntArray

    @classmethod
    def of(cls, catalogue: Catalogue, train: Training) -> "Filler":
        """Rank the songs of the catalogue by the training playlists."""
        is_valid = are_nameable(catalogue)
        ranked = np.argsort(-train.popularity(), kind="stable").astype(np.int64, copy=False)
        return cls(is_valid, ranked[is_valid[ranked]])

    def check(self, asked: Sequence[Asked], seeds: Ragged) -> None:
        """Refuse what no recommender could answer, before one is fitted.

        Raises
        ------
        InputError
            If the catalogue has too few songs for a playlist.
        """
        own = seeds.distinct()
        own = own.where(self.is_valid[own.values])
        left = len(self.ranked) - own.lengths
        short = np.flatnonzero(left < N_TRACKS)
        if short.size:
            pid, n_left = asked[short[0]].pid, int(left[short[0]])
            msg = (
                f"only {n_left:,} of {amount(len(self.is_valid), 'track')} have a Spotify URI and "
                f"are no seeds of pid {pid}; a submission names {N_TRACKS}: read more playlists by "
                "`harvest mpd PATH`, or find the ids of your own by `harvest resolve`"
            )
            raise InputError(msg)

    def fill(self, songs: Ragged, seeds: Ragged) -> Ragged:
        """Drop what a submission may not name, and fill each list up to 500 songs.

        Parameters
        ----------
        songs : Ragged, n_playlists lists
            At most 500 different songs each, none of them a seed.
        seeds : Ragged, n_playlists lists

        Returns
        -------
        Ragged, n_playlists lists
            Of 500 songs, if the catalogue has as many (`check`).
        """
        songs = songs.where(self.is_valid[songs.values])
        taken = seeds.joined(songs)
        missing = N_TRACKS - songs.lengths
        room = Room.make(len(self.is_valid), missing)
        take_ranked(taken.indptr, taken.values, self.ranked, missing, *room)
        return songs.joined(room.lists)


def are_nameable(catalogue: Catalogue) -> BoolArray:
    """Say which songs a submission may name, shape (n_songs,): a Spotify track's URI is theirs."""
    return np.array([is_track_uri(uri) for uri in catalogue.uris], dtype=np.bool_)


def seeds_of(asked: Sequence[Asked], catalogue: Catalogue) -> Ragged:
    """Give the numbers of the seeds, in order; those that the catalogue lacks are left out."""
    wanted = {uri for one in asked for uri in one.uris}
    uris = enumerate(catalogue.uris.tolist())
    numbers = {uri: number for number, uri in uris if uri in wanted}
    rows = [[numbers[uri] for uri in one.uris if uri in numbers] for one in asked]
    seeds = Ragged.of(rows)
    return Ragged(seeds.indptr, seeds.values.astype(np.int32))


def answer(
    asked: Sequence[Asked],
    seeds: Ragged,
    recommender: Recommender,
    filler: Filler,
    catalogue: Catalogue,
    *,
    say: Say,
) -> Iterator[tuple[int, list[str]]]:
    """Recommend 500 tracks for each playlist, some playlists at a time.

    Parameters
    ----------
    asked : sequence of Asked
    seeds : Ragged, n_playlists lists
        As `seeds_of` numbers them.
    recommender : Recommender
        Fitted.
    filler : Filler
    catalogue : Catalogue
    say : callable
        Takes a line of progress.

    Yields
    ------
    pid : int
    uris : list of str, length 500

    """
    for first in range(0, len(asked), CHUNK):
        part = asked[first : first + CHUNK]
        given = seeds.take(np.arange(first, first + len(part)))
        titles = [one.title or "" for one in part]
        songs, _ = recommender.recommend(given, n=N_TRACKS, title=titles)
        lists = filler.fill(songs, given)
        yield from ((one.pid, catalogue.uris[lists[row]].tolist()) for row, one in enumerate(part))
        say(f"{first + len(part):,} of {amount(len(asked), 'playlist')}")


def seed_sets(asked: Sequence[Asked]) -> Mapping[int, frozenset[str]]:
    """Give the seeds of each playlist by pid, also those that the catalogue does not know."""
    return {one.pid: frozenset(one.uris) for one in asked}
