"""Songs of the artists and albums that a playlist's name names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from model.ragged import IntArray, Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.base import Training
from model.recommenders.finder import Finder
from model.recommenders.groups import Groups
from model.recommenders.holdings import songs_of_groups
from model.recommenders.spreading import Weighted, spread, stacked
from model.recommenders.title_matcher import TitleMatcher
from model.recommenders.title_words import split_name


@dataclass(slots=True)
class NamedSongs(Finder):
    """Look for artists and albums that are called like the playlist.

    With artists and albums g, of whose songs p_gj is the share of song j in the entries,

        score(q, j) = sum over g that hold j of  cos(q, g)^sharpness  (N_g / N)^damping  p_gj

    where cos is that of `TitleMatcher` over words, N_g the entries of g, and N those of the artist,
    or of the album, with most. Only artists and albums
    of the training playlists count.

    Parameters
    ----------
    k : int
        Artists and albums that count.
    sharpness : float
        Above 0: more favours names that are just the playlist's.
    damping : float
        At least 0: more favours artists and albums with many entries.

    Attributes
    ----------
    matcher_ : TitleMatcher
        Of artists and, behind them, of albums.
    songs_ : Weighted
        Songs of each of these.
    fitted_on_ : ndarray
        Ids of the training playlists.
    """

    k: int = 20
    sharpness: float = 3.0
    damping: float = 0.3
    matcher_: TitleMatcher = field(init=False, repr=False)
    songs_: Weighted = field(init=False, repr=False)
    fitted_on_: IntArray = field(init=False, repr=False)
    _backoff: Backoff = field(init=False, repr=False)

    def fit(self, train: Training) -> Self:
        """Learn the names of the artists and albums that training playlists hold."""
        self.fitted_on_ = train.playlist_ids
        self._backoff = Backoff.of(train)
        groups = [(train.artist_names, train.artists), (train.album_names, train.albums)]
        names, parts = [], []
        for known, group_of in groups:
            if known is not None and group_of is not None:
                songs = songs_of_groups(train, Groups.of(group_of), power=self.damping)
                is_held = np.diff(songs.indptr) > 0
                names += [known[row] if held else "" for row, held in enumerate(is_held.tolist())]
                parts.append(songs)
        self.matcher_ = TitleMatcher(split_name).fit(names)
        self.songs_ = stacked(parts) if parts else Weighted.nothing(1, train.n_songs)
        return self

    def find(self, seeds: Ragged, titles: Sequence[str], limits: IntArray) -> Weighted:
        """Find songs of artists and albums with such a name; see `Finder`."""
        near = self.matcher_.match(titles, n=self.k)
        weighed = Weighted.of(near.lists, near.weights**self.sharpness, near.n_numbers)
        return spread(weighed, self.songs_, n=limits, taken=seeds)
