"""Which playlists of the state a challenge set was cut from, so that nothing learns from these."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from model.amounts import amount
from model.challenge.catalogue import Catalogue, Texts
from model.challenge.challenge_set import Asked
from model.corpus import Corpus
from model.ragged import IntArray, Ragged
from model.recommenders.holdings import indicator

FIRST_OWN_PID = 2**40
"""From here on a pid is that of somebody's own playlist, and made of its name and tracks: who
changes the playlist gives it another one. Those of the Million Playlist Dataset are far below."""
SHARE = 0.5
"""Of the tracks that are given, what a playlist has to hold to be taken for a later form."""
TELLING = 5
"""So many tracks that are given tell a later form by themselves; of fewer the title has to be that
of the playlist too."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a challenge set shares with the playlists of the state.

    Parameters
    ----------
    own : ndarray of int64
        Numbers of the playlists of the corpus that are asked for, in the order in which they are.
    changed : ndarray of int64
        Numbers of own playlists that may be what others that are asked for have become, ascending.
    n_lost : int
        Own playlists that are asked for and are not in the corpus as they were cut.
    """

    own: IntArray
    changed: IntArray
    n_lost: int

    @classmethod
    def of(
        cls, asked: Sequence[Asked], seeds: Ragged, catalogue: Catalogue, corpus: Corpus
    ) -> Self:
        """Look for each playlist that is asked for.

        A low pid alone says little, since others may count their playlists from 0 too: title and
        seeds have to be those of the playlist as well. The pid of an own playlist says all while it
        stays as it is. Once it is not, every own playlist counts as its later form that holds half
        of its seeds, and has its title where one is given and seeds are few. Some that only look
        so are caught by this; what was hidden is not learnt from, which is worth more.

        Parameters
        ----------
        asked : sequence of Asked
        seeds : Ragged, one list each
            Those that the corpus knows; see `answer.seeds_of`.
        catalogue : Catalogue
        corpus : Corpus
        """
        pids = catalogue.pids[corpus.playlist_ids]
        titles = catalogue.titles[corpus.playlist_ids]
        rows = {pid: row for row, pid in enumerate(pids.tolist())}
        own, lost = [], []
        for number, one in enumerate(asked):
            row = rows.get(one.pid)
            if row is not None and _is_it(one, seeds[number], titles[row], corpus.playlists[row]):
                own.append(row)
            elif one.pid >= FIRST_OWN_PID:
                lost.append(number)
        lost_seeds = seeds.take(np.array(lost, dtype=np.int64))
        of_people = np.flatnonzero(pids >= FIRST_OWN_PID)
        held = corpus.playlists.take(of_people)
        like = _find_like(
            [asked[n] for n in lost], lost_seeds, titles[of_people], held, corpus.n_songs
        )
        changed = np.setdiff1d(of_people[like], own)
        return cls(np.array(own, dtype=np.int64), changed.astype(np.int64), len(lost))

    @property
    def is_foreign(self) -> bool:
        """Whether the set has nothing to do with the state's playlists, as far as one can see."""
        return not (self.own.size or self.changed.size)

    def notes(self) -> Iterator[str]:
        """Say what is not learnt from."""
        if self.changed.size or (self.own.size and self.n_lost):
            words = "playlist of the set is not", "playlists of the set are not"
            yield (
                f"note: {amount(self.n_lost, *words)} in the state as cut; nothing is learnt from "
                f"{amount(self.changed.size, 'own playlist')} that may have become of them; a set "
                "that `model challenge --make` cuts anew is surer"
            )
        if self.own.size:
            yield (
                f"{self.own.size:,} of the playlists are the state's own: only its training part "
                "is learnt from"
            )

    def without(self, rows: IntArray) -> IntArray:
        """Leave out the playlists that the set was cut from, or may have been."""
        kept: IntArray = rows[~np.isin(rows, np.concatenate([self.own, self.changed]))]
        return kept


def _is_it(one: Asked, seeds: IntArray, title: str, songs: IntArray) -> bool:
    """Say whether the playlist with that pid is the one that is asked for."""
    if one.pid >= FIRST_OWN_PID:
        return True
    has_all = len(seeds) == len(one.tracks) and bool(np.isin(seeds, songs).all())
    is_told = bool(one.tracks) or one.title is not None
    return is_told and has_all and one.title in {None, title}


def _find_like(
    lost: Sequence[Asked], seeds: Ragged, titles: Texts, lists: Ragged, n_songs: int
) -> IntArray:
    """Find the lists that may be what one of the lost playlists has become, ascending."""
    given, held = indicator(seeds.distinct(), n_songs), indicator(lists.distinct(), n_songs)
    shared = (given @ held.T).tocsr()
    is_like = np.zeros(len(lists), dtype=np.bool_)
    for number, one in enumerate(lost):
        n_given = len(set(one.uris))
        own = slice(shared.indptr[number], shared.indptr[number + 1])
        holds = np.zeros(len(lists), dtype=np.bool_)
        holds[shared.indices[own]] = shared.data[own] >= SHARE * n_given
        is_named = one.title is None or titles == one.title
        if not n_given:
            is_like |= titles == one.title
        else:
            is_like |= holds & ((n_given >= TELLING) | is_named)
    return np.flatnonzero(is_like)
