"""Kernel ridge regression from what a playlist is made of to the songs that it holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from model.ragged import IntArray, Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.base import Training, in_order
from model.recommenders.finder import Finder
from model.recommenders.groups import Level, groups_of
from model.recommenders.holdings import counted, inverse_frequency
from model.recommenders.playlist_kernel import PlaylistKernel
from model.recommenders.spread_kernels import WeightArray
from model.recommenders.spreading import Weighted, best_of_tiles
from model.recommenders.threads import one_blas_thread
from model.recommenders.tile_kernels import WIDTH, dot_lists, share_out


@dataclass(slots=True)
class KernelRidge(Finder):
    """Predict which songs a playlist holds from its songs, albums, artists and name.

    With k_q (K + lambda I)^-1 the weights of `PlaylistKernel`, X the songs that the training
    playlists hold,

        score(q) = k_q (K + lambda I)^-1 X

    which is ridge regression onto X; with songs alone it is EASE (Steck 2019,
    doi:10.1145/3308558.3313710) but for the zero diagonal, which matters only to the seeds.

    Parameters
    ----------
    songs, albums, artists, title, regularisation, most_playlists
        As of `PlaylistKernel`.
    rarity : float
        A song's column of X is its inverse document frequency to this power: below 0 favours
        popular songs.
    targets : tuple of {"songs", "albums", "artists"}
        What is predicted, each for itself. Of albums and artists X has the roots of their counts,
        and a song's score is its group's times its share of the group's entries to the power
        `sharing`.
    sharing : float
        At least 0.
    most_songs : int
        Songs that albums and artists share out to: those of most playlists.

    Attributes
    ----------
    kernel_ : PlaylistKernel
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    songs: float = 1.0
    albums: float = 0.5
    artists: float = 0.5
    title: float = 0.1
    regularisation: float = 15.0
    rarity: float = -0.3
    targets: tuple[Level, ...] = ("songs",)
    sharing: float = 0.7
    most_songs: int = 200_000
    most_playlists: int = 10_000
    kernel_: PlaylistKernel = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False, repr=False)
    _predicted: "list[_Target]" = field(init=False, repr=False)
    _backoff: Backoff = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Invert the similarities of the training playlists."""
        self.fitted_on_ = train.playlist_ids
        # Sums of floats depend on their order, so that is made to depend on nothing.
        train = in_order(train)
        self._backoff = Backoff.of(train)
        self.kernel_ = PlaylistKernel(
            self.songs,
            self.albums,
            self.artists,
            self.title,
            self.regularisation,
            self.most_playlists,
        ).fit(train)
        self._predicted = [self._target(train, level) for level in self.targets]
        return self

    def find(self, seeds: Ragged, titles: Sequence[str], limits: IntArray) -> Weighted:
        """Find the songs that are predicted best by the first target; see `Finder`."""
        (found,) = self.find_each(seeds, titles, limits, taken=seeds, most=1)
        return found

    def find_each(
        self,
        seeds: Ragged,
        titles: Sequence[str],
        limits: IntArray,
        *,
        taken: Ragged,
        most: int | None = None,
    ) -> list[Weighted]:
        """Find songs by each of `targets`, in their order; see `Finder.find`.

        Songs in `taken`, n_playlists lists, are not found. Only the first `most` targets are looked
        at, if it is given.
        """
        n_songs = self._backoff.n_songs
        with one_blas_thread():
            weights = self.kernel_.weigh(seeds, titles)
            return [one.find(weights, n_songs, limits, taken) for one in self._predicted[:most]]

    def _target(self, train: Training, level: Level) -> "_Target":
        """Keep which of the sampled playlists hold each song, or its artist or album."""
        counts, lists = train.popularity(), train.playlists.take(self.kernel_.kept_)
        grouping = groups_of(train, level)
        held = counted(lists.distinct(), grouping).matrix
        n_holders = held.count_nonzero(axis=0)
        idf = inverse_frequency(n_holders, len(lists))
        held.data = (np.sqrt(held.data) * idf[held.indices] ** self.rarity).astype(np.float32)
        groups = np.flatnonzero(n_holders)
        # Lists of one length stand together: then the processor foresees where each one ends.
        groups = groups[np.argsort(n_holders[groups], kind="stable")]
        holders = Weighted.of_matrix(csr_array(held[:, groups].T.tocsr()))
        if level == "songs":
            return _Target(holders, groups)
        group_of = grouping.of_songs
        grouped = np.flatnonzero((counts > 0) & np.isin(group_of, groups))
        column_of = np.empty(held.shape[1], dtype=np.int64)
        column_of[groups] = np.arange(len(groups))
        columns = column_of[group_of[grouped]]
        entries = np.bincount(columns, counts[grouped], minlength=len(groups))
        shares = (counts[grouped] / entries[columns]) ** self.sharing
        kept = np.sort(np.argsort(-counts[grouped], kind="stable")[: self.most_songs])
        return _Target(
            holders, grouped[kept], columns[kept], np.asarray(shares[kept], dtype=np.float32)
        )


@dataclass(frozen=True, slots=True)
class _Target:
    """What training playlists hold, by which their weights become scores of songs.

    Parameters
    ----------
    holders : Weighted
        Of each song, album or artist, the sampled playlists that hold it.
    songs : ndarray, shape (n_scored,)
        Numbers of the songs that get a score.
    columns : ndarray, shape (n_scored,), optional
        Which list of `holders` is each song's; without it, every song has its own.
    shares : ndarray of float32, shape (n_scored,), optional
        What a song gets of its group's score.
    """

    holders: Weighted
    songs: IntArray
    columns: IntArray | None = None
    shares: WeightArray | None = None

    def find(self, weights: WeightArray, n_songs: int, limits: IntArray, taken: Ragged) -> Weighted:
        """Find the songs with the highest scores above 0 for each row of weights."""
        return best_of_tiles(
            self.score, weights, self.songs, n_songs, n=limits, taken=taken, at_once=WIDTH
        )

    def score(self, tile: WeightArray) -> WeightArray:
        """Score every song of `songs` for a tile of weights, shape (n_sampled, WIDTH)."""
        holders = self.holders
        predicted = np.empty((len(holders), WIDTH), dtype=np.float32)
        dot_lists(holders.indptr, holders.numbers, holders.weights, tile, predicted)
        if self.columns is None or self.shares is None:
            return predicted
        scores = np.empty((len(self.songs), WIDTH), dtype=np.float32)
        share_out(predicted, self.columns, self.shares, scores)
        return scores
