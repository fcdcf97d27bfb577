"""Songs in consecutive runs of about equal work, and workers who do one after another."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from model.errors import InputError
from model.processors import processors
from model.ragged import IntArray
from model.similarity.neighbours import Neighbours, join

Run: TypeAlias = tuple[int, int]
N_SHARDS = 64
"""Enough to keep every worker busy to the end, and each part small; changes no result."""
SONG_COST = 1000
"""What a song costs beside its entries, in entries: its best partners are sorted and kept."""


def cut_evenly(work: IntArray, n_shards: int) -> list[Run]:
    """Cut songs into consecutive runs of about equal work.

    Parameters
    ----------
    work : ndarray of int64, shape (n_songs,)
        Of each song, at least 0.
    n_shards : int
        At least 1.

    Returns
    -------
    list of (start, stop), of length n_shards
        Song numbers from `start`, below `stop`; a run may be empty.

    Raises
    ------
    InputError
        If `n_shards` is below 1.

    Examples
    --------
    >>> cut_evenly(np.array([1, 1, 2]), 2)
    [(0, 2), (2, 3)]
    """
    if n_shards < 1:
        msg = f"{n_shards} shards: expected 1 or more"
        raise InputError(msg)
    done = np.concatenate([[0], np.cumsum(work)])
    inner = [int(done[-1]) * shard // n_shards for shard in range(1, n_shards)]
    cuts = [0, *np.searchsorted(done, inner).tolist(), len(work)]
    return list(pairwise(cuts))


def find_all(
    find: Callable[[Run], Neighbours], runs: Iterable[Run], workers: int | None
) -> Neighbours:
    """Let threads do one run after another, and append each part as soon as its turn comes.

    Parameters
    ----------
    find : callable
        Finds the neighbours of a run of songs.
    runs : iterable of Run
        Consecutive.
    workers : int, optional
        Threads; without it, as many as there are processors. Changes no result.
    """
    with ThreadPoolExecutor(workers or processors()) as pool:
        return join(pool.map(find, runs))
