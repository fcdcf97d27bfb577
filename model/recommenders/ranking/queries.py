"""Training playlists -> questions like those to come, with candidates that are hits or not."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from model.challenge.categories import CATEGORIES, Category
from model.challenge.cutting import Challenge, cut_challenge
from model.ragged import BoolArray, FloatArray, IntArray, Ragged
from model.recommenders.base import Training, part_of
from model.recommenders.titles import titles_of

N_CATEGORIES = len(CATEGORIES)
NAMELESS = "\0"
"""Stands for a name that is blank while playlists are cut, which would else have no place among
those whose title is shown: where no playlist has a name, there would be nothing to learn from."""
WAYS: tuple[Sequence[Category], ...] = (CATEGORIES, CATEGORIES, CATEGORIES[:2])
"""Playlists are cut in the ten ways alike, once more, and then to a title with one track or none:
that is asked most, where there is least to go by, and one question of ten teaches too little."""


class Fold(NamedTuple):
    """Playlists to learn from, and others to ask about.

    Parameters
    ----------
    train : Training
    seeds : Ragged, n_queries lists
    titles : list of str, length n_queries
        Empty where the name is hidden.
    truth : Ragged, n_queries lists
    """

    train: Training
    seeds: Ragged
    titles: list[str]
    truth: Ragged


def make_folds(
    train: Training,
    *,
    n_folds: int,
    most_queries: int,
    random_state: int,
    ways: Sequence[Sequence[Category]] = WAYS,
) -> Iterator[Fold]:
    """Hide parts of playlists that the first stage does not see.

    Each fold's playlists are cut as a challenge set is, once for each of the ways. Playlists too
    short or too many are left out, and so are folds that are not needed for `most_queries`. There
    are no folds where a category could not have one playlist. Where a fold would hold more than are
    wanted of all folds, there is one alone, of so many.

    Parameters
    ----------
    train : Training
    n_folds : int
        At least 2.
    most_queries : int
        Of all folds together, in each way.
    random_state : int
    ways : sequence of sequences of Category
        Of each one, all categories get equally many playlists.
    """
    rng = np.random.default_rng(random_state)
    shuffled = rng.permutation(len(train.playlists))
    parts = _deal(shuffled, n_folds, most_queries)
    most = most_queries // len(parts)
    for fold, part in enumerate(parts):
        asked = np.sort(part)
        rest = np.setdiff1d(np.arange(len(shuffled)), asked)
        if len(asked) >= N_CATEGORIES and _has_long(train.playlists.take(asked)):
            seeds = [random_state + fold + n_folds * number for number in range(len(ways))]
            cuts = [_cut(train, asked, most, *one) for one in zip(seeds, ways, strict=True)]
            yield _fold(part_of(train, rest), cuts)


def _deal(rows: IntArray, n_folds: int, most_queries: int) -> list[IntArray]:
    if most_queries * n_folds <= len(rows):
        return [rows[:most_queries]]
    n_needed = min(n_folds, -(-most_queries * n_folds // max(len(rows), 1)))
    return [rows[fold::n_folds] for fold in range(n_needed)]


def _has_long(lists: Ragged) -> bool:
    return bool((lists.distinct().lengths > 1).any())


def _cut(
    train: Training,
    asked: IntArray,
    most: int,
    seed: int,
    wanted: Sequence[Category],
) -> Challenge:
    n_playlists = max(min(most, len(asked)), N_CATEGORIES)
    titles = [title if title.strip() else NAMELESS for title in titles_of(train)]
    return cut_challenge(
        train.playlists, titles, asked, seed, n_playlists=n_playlists, wanted=wanted
    )


def _fold(train: Training, cuts: list[Challenge]) -> Fold:
    shown = [title or "" for cut in cuts for title in cut.titles]
    titles = ["" if title == NAMELESS else title for title in shown]
    seeds = Ragged.stacked([cut.seeds for cut in cuts])
    return Fold(train, seeds, titles, Ragged.stacked([cut.truth for cut in cuts]))


def is_hit(candidates: Ragged, truth: Ragged, n_songs: int) -> BoolArray:
    """Say which candidates are to be found, shape (n_candidates,).

    Examples
    --------
    >>> is_hit(Ragged.of([[2, 0], [1]]), Ragged.of([[0], [0]]), 3).tolist()
    [False, True, False]
    """
    keys = candidates.owners * n_songs + candidates.values
    wanted = truth.owners * n_songs + truth.values
    return np.isin(keys, wanted)


def sample(
    candidates: Ragged, hit: BoolArray, *, first: int, rng: np.random.Generator
) -> tuple[BoolArray, FloatArray]:
    """Choose candidates to learn from: all hits, the first ones, and fewer and fewer of the others.

    A miss at place i, from 1, is kept with the probability `first` / i. So those left out are few
    where hits are many: trees that meet a hit among misses of which most are left out take what is
    peculiar to it for what makes a hit.

    Parameters
    ----------
    candidates : Ragged, n_queries lists
        Best first.
    hit : ndarray, shape (n_candidates,)
    first : int
        Of each list, kept whether hits or not.
    rng : Generator

    Returns
    -------
    kept : ndarray, shape (n_candidates,)
    weights : ndarray, shape (n_candidates,)
        How many like it each one stands for: a miss that was drawn stands for those that were not.
    """
    rate = np.where(hit, 1.0, np.minimum(first / (candidates.places + 1), 1.0))
    kept = rng.random(len(rate)) < rate
    return kept, 1 / rate
