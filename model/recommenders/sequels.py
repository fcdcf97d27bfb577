"""Songs that stand near the seeds in training playlists: behind them, or before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from model.ragged import IntArray, Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.base import Training, in_order
from model.recommenders.finder import Finder
from model.recommenders.spreading import Weighted, spread


@dataclass(slots=True)
class Sequels(Finder):
    """Recommend what stands near the seeds, the last of them counting most.

    With d the steps from seed i to song j in a training playlist, at most `reach` either way,

        near(i, j) = sum of 1 / d over the places where j follows, `behind` / d where it precedes
        score(q, j) = sum over seeds i at place r from the end of  fade^r  near(i, j) / n_i^damping

    Parameters
    ----------
    reach : int
    behind : float
        At least 0: what a song counts that stands before a seed.
    fade : float
        In (0, 1].
    damping : float
        In [0, 1]: 1 is the rate at which a song follows; n_i are a seed's entries.
    most_playlists : int
        Of more, an even sample is learnt from: each of its entries brings some eight pairs.

    Attributes
    ----------
    near_ : Weighted, n_songs lists
        Songs near each song.
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    reach: int = 5
    behind: float = 0.5
    fade: float = 0.95
    damping: float = 0.5
    most_playlists: int = 100_000
    near_: Weighted = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False, repr=False)
    _backoff: Backoff = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Count who stands near whom."""
        self.fitted_on_ = train.playlist_ids
        self._backoff = Backoff.of(train)
        # Sums of floats depend on their order, so that is made to depend on nothing.
        train = in_order(train, most=self.most_playlists)
        values, owners = train.playlists.values, train.playlists.owners
        pairs = []
        for step in range(1, self.reach + 1):
            same = owners[step:] == owners[:-step]
            first, then = values[:-step][same], values[step:][same]
            steps = np.full(len(first), 1 / step, dtype=np.float32)
            pairs += [(steps, first, then), (steps * np.float32(self.behind), then, first)]
        near, rows, columns = (np.concatenate(part) for part in zip(*pairs, strict=True))
        made = csr_array((near, (rows, columns)), shape=(train.n_songs, train.n_songs))
        made.sum_duplicates()
        counts = np.bincount(values, minlength=train.n_songs)
        scale = np.maximum(counts, 1.0) ** -self.damping
        made.data = made.data * np.repeat(scale, np.diff(made.indptr)).astype(np.float32)
        self.near_ = Weighted.of_matrix(made)
        return self

    def find(self, seeds: Ragged, titles: Sequence[str], limits: IntArray) -> Weighted:
        """Find what stands near the seeds; see `Finder`."""
        from_end = seeds.lengths[seeds.owners] - 1 - seeds.places
        queries = Weighted.of(seeds, self.fade**from_end, self.near_.n_numbers)
        return spread(queries, self.near_, n=limits, taken=seeds)
