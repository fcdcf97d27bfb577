"""Which playlist is cut as which category, where lengths and titles are short."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from model.challenge.categories import Category
from model.ragged import BoolArray, IntArray


@dataclass(slots=True)
class Pool:
    """What can be cut: one entry a playlist.

    Parameters
    ----------
    rows : ndarray, shape (n_playlists,)
        Numbers of the playlists, ascending.
    lengths, n_distinct : ndarray, shape (n_playlists,)
        Entries, and different songs.
    is_titled : ndarray of bool, shape (n_playlists,)
    categories : ndarray, shape (n_playlists,)
        1 ... 10; 0 until it has one.
    """

    rows: IntArray
    lengths: IntArray
    n_distinct: IntArray
    is_titled: BoolArray
    categories: IntArray

    def fitting(self, n_seeds: int) -> IntArray:
        """Places of the playlists that are left and long enough."""
        return np.flatnonzero((self.categories == 0) & (self.n_distinct > n_seeds))


@dataclass(frozen=True, slots=True)
class _Quotas:
    """How many playlists a category is to have at most, by whether it gives a title."""

    titled: int
    untitled: int


def assign(
    pool: Pool, wanted: Sequence[Category], quota: int, rng: np.random.Generator
) -> frozenset[int]:
    """Give playlists their categories; say which of these lack playlists with a title.

    Parameters
    ----------
    pool : Pool
        Its categories are filled in.
    wanted : sequence of Category
    quota : int
        At most this many of each, from 1.
    rng : Generator

    Returns
    -------
    frozenset of int
        Categories that had been larger if more playlists had a title.

    Examples
    --------
    >>> from model.challenge.categories import CATEGORIES
    >>> counts, titled = np.full(2, 30), np.array([True, False])
    >>> pool = Pool(np.arange(2), counts, counts, titled, np.zeros(2, dtype=np.int64))
    >>> lacking = assign(pool, CATEGORIES[2:4], 1, np.random.default_rng(0))
    >>> pool.categories.tolist(), lacking
    ([3, 4], frozenset())
    """
    quotas, lacking = _quotas(pool, wanted, quota), set[int]()
    for _, group in groupby(_longest_first(wanted), key=lambda one: one.n_seeds):
        same = list(group)
        by_length = min(quota, len(pool.fitting(same[0].n_seeds)) // len(same))
        sizes = _sizes(pool, same, quotas)
        for one in same:
            size = sizes.titled if one.has_title else sizes.untitled
            if size < by_length:
                lacking.add(one.number)
            pool.categories[_chosen(pool, one, size, rng)] = one.number
    return frozenset(lacking)


def _longest_first(wanted: Sequence[Category]) -> list[Category]:
    return sorted(wanted, key=lambda one: (-one.n_seeds, not one.has_title, one.number))


def _quotas(pool: Pool, wanted: Sequence[Category], quota: int) -> _Quotas:
    """Share the playlists with a title: equally, then what is left to those that need none."""
    n_titled = int(pool.is_titled.sum())
    nameless = [one for one in _longest_first(wanted) if not one.has_title]
    n_titles = len(wanted) - len(nameless)
    fitting = [int((~pool.is_titled & (pool.n_distinct > one.n_seeds)).sum()) for one in nameless]

    def lent(size: int) -> int:
        """Playlists with a title that categories of this size without one take."""
        taken = 0
        for n_fitting in fitting:
            taken += min(size, n_fitting - taken)
        return size * len(nameless) - taken

    sizes = range(quota, -1, -1)
    titled = next(size for size in sizes if n_titles * size + lent(size) <= n_titled)
    untitled = next(size for size in sizes if n_titles * titled + lent(size) <= n_titled)
    return _Quotas(titled, untitled)


def _sizes(pool: Pool, same: Sequence[Category], quotas: _Quotas) -> _Quotas:
    """How many playlists each of these categories of one length can have."""
    fitting = pool.fitting(same[0].n_seeds)
    n_titled, n_titles = int(pool.is_titled[fitting].sum()), sum(one.has_title for one in same)
    share = len(fitting) // len(same)
    own = (len(fitting) - n_titled) // max(len(same) - n_titles, 1)
    return _Quotas(
        titled=min(quotas.titled, share, n_titled // max(n_titles, 1)),
        untitled=min(quotas.untitled, max(share, own)),
    )


def _chosen(pool: Pool, one: Category, size: int, rng: np.random.Generator) -> IntArray:
    """Draw playlists for a category; for one without a title, those that have none first."""
    places = pool.fitting(one.n_seeds)
    is_titled = pool.is_titled[places]
    n_untitled = 0 if one.has_title else min(size, int((~is_titled).sum()))
    untitled = _sample(pool.lengths, places[~is_titled], n_untitled, rng)
    titled = _sample(pool.lengths, places[is_titled], size - n_untitled, rng)
    return np.concatenate([untitled, titled])


def _sample(lengths: IntArray, places: IntArray, size: int, rng: np.random.Generator) -> IntArray:
    """Draw places at equal steps through the playlists in order of length, ties at random."""
    if size == 0:
        return places[:0]
    order = rng.permutation(places)
    order = order[np.argsort(lengths[order], kind="stable")]
    steps = (np.arange(size) + rng.random()) * len(order) / size
    return order[steps.astype(np.int64)]
