"""Whole playlists -> a challenge set: what is given of each, and what is to be found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.amounts import amount
from model.challenge.assigning import Pool, assign
from model.challenge.categories import CATEGORIES, LABELS, Category
from model.errors import InputError
from model.ragged import IntArray, Ragged

OFFICIAL_PLAYLISTS = 10_000
"""Playlists of the challenge's own set."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """Playlists of which a part is hidden.

    Parameters
    ----------
    rows : ndarray, shape (n_playlists,)
        Numbers of the playlists, ascending.
    categories : ndarray, shape (n_playlists,)
        1 ... 10.
    titles : tuple of str or None, length n_playlists
        As the owner wrote it; None where it is hidden.
    positions : Ragged, n_playlists lists
        Places of the entries that are given, ascending, from 0.
    seeds : Ragged, n_playlists lists
        The songs at these places; a song may occur twice, as in the playlist.
    truth : Ragged, n_playlists lists
        Different songs that are hidden and are no seeds; none is empty.
    n_hidden : ndarray, shape (n_playlists,)
        Entries that are hidden, repeats and repeats of seeds included.
    lacking_titles : frozenset of int
        Categories that are smaller than wanted since too few playlists have a title; what else is
        smaller is so since too few are long enough.
    """

    rows: IntArray
    categories: IntArray
    titles: tuple[str | None, ...]
    positions: Ragged
    seeds: Ragged
    truth: Ragged
    n_hidden: IntArray
    lacking_titles: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.rows)


def cut_challenge(
    lists: Ragged,
    names: Sequence[str],
    rows: IntArray,
    seed: int,
    *,
    n_playlists: int | None = None,
    wanted: Sequence[Category] = CATEGORIES,
) -> Challenge:
    """Hide a part of playlists, equally many of each category; none is in two.

    A playlist is long enough for a category if it holds more *different* songs than are given, so
    that something is left to find. The categories that need most tracks choose first. Each draws
    a sample that is spread evenly over the lengths of those that are left, so that two categories
    of one length are given playlists of like lengths. Where too few are long enough, the
    categories concerned share them and are smaller than the others. Categories without a title
    take playlists that have none first; where too few have one, the categories that give it share
    these, and are smaller.

    Parameters
    ----------
    lists : Ragged
        Whole playlists, songs by number.
    names : sequence of str, one a list
        A name of blanks alone is none: only categories without a title take such a playlist.
    rows : ndarray
        Numbers of the lists to choose from, as of the test part; different ones.
    seed : int
        At least 0; the same seed gives the same set.
    n_playlists : int, optional
        At most this many are cut, the same number of each category; by default all there are, or
        10,000 as in the challenge.
    wanted : sequence of Category
        Other sets than all ten, as ``CATEGORIES[1:2]`` for a title and the first track.

    Raises
    ------
    InputError
        If there are fewer playlists than categories, or none is long enough for any.

    Examples
    --------
    >>> lists = Ragged.of([[4, 5, 6]])
    >>> cut = cut_challenge(lists, ["road"], np.array([0]), 0, wanted=CATEGORIES[1:2])
    >>> cut.titles, cut.seeds[0].tolist(), cut.truth[0].tolist()
    (('road',), [4], [5, 6])
    """
    chosen_from = min(len(rows), OFFICIAL_PLAYLISTS) if n_playlists is None else n_playlists
    quota = min(chosen_from, len(rows)) // len(wanted)
    if quota == 0:
        raise _too_few(len(rows), chosen_from, len(wanted))
    rng = np.random.default_rng(seed)
    pool = _pool(lists, names, np.sort(rows))
    lacking = assign(pool, wanted, quota, rng)
    kept = np.flatnonzero(pool.categories)
    if not kept.size:
        raise _nothing_to_cut(pool, lacking)
    cut = _cut(lists, names, pool.rows[kept], pool.categories[kept], rng)
    return replace(cut, lacking_titles=lacking)


def describe_shortage(challenge: Challenge, wanted: Sequence[Category] = CATEGORIES) -> str:
    """Say which categories are smaller than the largest; empty if none is.

    Examples
    --------
    >>> lists = Ragged.of([[4, 5, 6], [7]])
    >>> cut = cut_challenge(lists, ["a", "b"], np.arange(2), 0, wanted=CATEGORIES[:2])
    >>> describe_shortage(cut, CATEGORIES[:3])
    'too few playlists are long enough for: title, first 5 (0 of 1)'
    """
    sizes = np.bincount(challenge.categories, minlength=len(LABELS))
    small: dict[str, list[str]] = {"are long enough": [], "have a title": []}
    for one in wanted:
        if sizes[one.number] < sizes.max():
            lacks = "have a title" if one.number in challenge.lacking_titles else "are long enough"
            small[lacks].append(f"{one.label} ({sizes[one.number]} of {sizes.max()})")
    said = [f"{lacks} for: {'; '.join(these)}" for lacks, these in small.items() if these]
    return f"too few playlists {', and too few '.join(said)}" if said else ""


def _too_few(n_rows: int, n_wanted: int, n_categories: int) -> InputError:
    if n_rows >= n_categories:
        return InputError(
            f"--playlists {n_wanted}: for {n_categories} categories at least {n_categories} are "
            f"needed; ask for more of the {n_rows:,} that can be cut, or for all"
        )
    return InputError(
        f"{amount(n_rows, 'playlist')} to cut, for {n_categories} categories: at least "
        f"{n_categories} are needed; parts to judge by are a tenth of all playlists, of which some "
        "100 are enough"
    )


def _pool(lists: Ragged, names: Sequence[str], rows: IntArray) -> Pool:
    chosen = lists.take(rows)
    return Pool(
        rows=rows,
        lengths=chosen.lengths,
        n_distinct=chosen.distinct().lengths,
        is_titled=np.array([bool(names[row].strip()) for row in rows.tolist()], dtype=np.bool_),
        categories=np.zeros(len(rows), dtype=np.int64),
    )


def _nothing_to_cut(pool: Pool, lacking: frozenset[int]) -> InputError:
    n_rows, n_titled = len(pool.rows), int(pool.is_titled.sum())
    if lacking:
        return InputError(
            f"{n_titled:,} of {amount(n_rows, 'playlist')} to cut have a title: too few for the "
            "categories that give one, and no other is long enough to hide a part of it"
        )
    return InputError(f"no playlist of {n_rows:,} is long enough to hide a part of it")


def _cut(
    lists: Ragged,
    names: Sequence[str],
    rows: IntArray,
    categories: IntArray,
    rng: np.random.Generator,
) -> Challenge:
    by_number = {one.number: one for one in CATEGORIES}
    kinds = [by_number[number] for number in categories.tolist()]
    whole = lists.take(rows)
    places = [_given(kind, n, rng) for kind, n in zip(kinds, whole.lengths, strict=True)]
    positions = Ragged.of(places)
    is_given = np.zeros(len(whole.values), dtype=np.bool_)
    is_given[positions.values + whole.indptr[positions.owners]] = True
    seeds = whole.where(is_given)
    return Challenge(
        rows=rows,
        categories=categories,
        titles=tuple(
            names[row] if kind.has_title else None
            for row, kind in zip(rows.tolist(), kinds, strict=True)
        ),
        positions=positions,
        seeds=seeds,
        truth=_truth(seeds, whole.where(~is_given)),
        n_hidden=whole.lengths - seeds.lengths,
    )


def _given(kind: Category, n: int, rng: np.random.Generator) -> IntArray:
    """Places of the entries that are given, ascending."""
    if kind.is_random:
        return np.sort(rng.choice(n, size=kind.n_seeds, replace=False)).astype(np.int64)
    return np.arange(kind.n_seeds, dtype=np.int64)


def _truth(seeds: Ragged, hidden: Ragged) -> Ragged:
    """Different hidden songs that are no seeds, in order."""
    distinct = seeds.joined(hidden).distinct()
    # The seeds stand first, so what follows as many songs as there are different seeds is new.
    return distinct.where(distinct.places >= seeds.distinct().lengths[distinct.owners])
