"""The ten kinds of playlist that the challenge asks to continue."""

from collections.abc import Sequence
from dataclasses import dataclass

OTHER = 0
"""Number of a playlist that is of none of the ten kinds."""


@dataclass(frozen=True, slots=True)
class Category:
    """What is known of a playlist.

    Parameters
    ----------
    number : int
        As the challenge set's readme counts them, 1 ... 10.
    label : str
    n_seeds : int
        Entries that are given.
    has_title : bool
    is_random : bool
        Whether the entries are drawn from the whole playlist, else they are its first ones.
    """

    number: int
    label: str
    n_seeds: int
    has_title: bool = True
    is_random: bool = False


CATEGORIES = (
    Category(1, "title only", 0),
    Category(2, "title, first track", 1),
    Category(3, "title, first 5", 5),
    Category(4, "first 5, no title", 5, has_title=False),
    Category(5, "title, first 10", 10),
    Category(6, "first 10, no title", 10, has_title=False),
    Category(7, "title, first 25", 25),
    Category(8, "title, random 25", 25, is_random=True),
    Category(9, "title, first 100", 100),
    Category(10, "title, random 100", 100, is_random=True),
)
"""Of the readme of the challenge set, https://recsys-challenge.spotify.com/challenge_readme."""

LABELS = {OTHER: "of no category"} | {one.number: one.label for one in CATEGORIES}


def category_of(positions: Sequence[int], *, has_title: bool) -> int:
    """Tell a playlist's category by what is given of it; `OTHER` if it is of none.

    Parameters
    ----------
    positions : sequence of int, ascending
        Places of the entries that are given, from 0.
    has_title : bool

    Examples
    --------
    >>> category_of([0], has_title=True), category_of(range(0, 50, 2), has_title=True)
    (2, 8)
    >>> category_of([0, 1], has_title=True)
    0
    """
    is_first = list(positions) == list(range(len(positions)))
    for one in CATEGORIES:
        if (one.n_seeds, one.has_title, one.is_random) == (len(positions), has_title, not is_first):
            return one.number
    return OTHER
