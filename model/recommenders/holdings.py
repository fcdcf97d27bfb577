"""Which training playlist holds what, as weighted lists: songs, artists or albums."""

import numpy as np
from scipy.sparse import csr_array

from model.ragged import FloatArray, IntArray, Ragged
from model.recommenders.base import Training
from model.recommenders.groups import Groups
from model.recommenders.spreading import Weighted


def held_songs(train: Training) -> csr_array:
    """Give a 1 for each song of each playlist, shape (n_playlists, n_songs)."""
    return indicator(train.playlists.distinct(), train.n_songs)


def indicator(lists: Ragged, n_numbers: int) -> csr_array:
    """Give a 1 for each number of each list; numbers ascend within a row.

    Examples
    --------
    >>> indicator(Ragged.of([[2, 0]]), 3).toarray().tolist()
    [[1.0, 0.0, 1.0]]
    """
    ones = np.ones(len(lists.values), dtype=np.float32)
    numbers = lists.values.astype(np.int32, copy=False)
    made = csr_array((ones, numbers, lists.indptr), shape=(len(lists), n_numbers))
    made = made.copy()
    made.sort_indices()
    return made


def counted(lists: Ragged, groups: Groups) -> Weighted:
    """Count how often each list names each group.

    Parameters
    ----------
    lists : Ragged
        Song numbers.
    groups : Groups
        Artist or album of each song; what is unknown is left out.

    Examples
    --------
    >>> counts = counted(Ragged.of([[0, 1, 2]]), Groups.of(np.array([4, 4, -1])))
    >>> counts.numbers.tolist(), counts.weights.tolist()
    ([4], [2.0])
    """
    of_values = groups.of_songs[lists.values]
    known = lists.where(of_values >= 0)
    numbers = Ragged(known.indptr, of_values[of_values >= 0])
    made = csr_array(
        (np.ones(len(numbers.values), np.float32), numbers.values, numbers.indptr),
        shape=(len(lists), groups.n),
    )
    made.sum_duplicates()
    return Weighted.of_matrix(made)


def songs_of_groups(train: Training, groups: Groups, *, power: float) -> Weighted:
    """List the songs of each artist or album that training playlists hold, by popularity.

    A song's weight is the share of its entries in its group's, times the group's entries to the
    power `power`, brought to at most 1 by the largest group.

    Parameters
    ----------
    train : Training
    groups : Groups
    power : float
        At least 0.
    """
    counts, group_of = train.popularity(), groups.of_songs
    songs = np.flatnonzero((counts > 0) & (group_of >= 0))
    songs = songs[np.lexsort((songs, -counts[songs], group_of[songs]))]
    owners = group_of[songs]
    entries = np.bincount(owners, counts[songs], minlength=groups.n)
    scale = (entries / max(entries.max(initial=0), 1)) ** power
    weights = counts[songs] / entries[owners] * scale[owners]
    return Weighted.of(Ragged.grouped(owners, songs, groups.n), weights, train.n_songs)


def inverse_frequency(counts: IntArray | FloatArray, total: int) -> FloatArray:
    """Weigh numbers by how few of `total` lists hold them: log(1 + total / count).

    What none holds weighs nothing (Salton & Buckley 1988, doi:10.1016/0306-4573(88)90021-0).

    Examples
    --------
    >>> inverse_frequency(np.array([0, 1, 2]), 2).round(3).tolist()
    [0.0, 1.099, 0.693]
    """
    ratio = np.divide(total, counts, out=np.zeros(len(counts)), where=counts > 0)
    return np.asarray(np.log1p(ratio))
