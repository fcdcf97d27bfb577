"""What somebody wants a playlist to be."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Method: TypeAlias = Literal["blend", "neighbours", "playlists", "titles", "popularity"]
METHODS: tuple[Method, ...] = get_args(Method)
"""What is looked up in the library; every other recommender is fitted first."""
DEFAULT_METHOD: Method = "blend"

DEFAULT_SHARE = 0.2
"""`benchmarks/bench_making.py` measures these defaults beside others."""

MOST_SONGS = 500
MOST_SEEDS = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """A playlist that is wanted.

    Parameters
    ----------
    seeds : tuple of int
        Songs that it is to go with; different ones, perhaps none where there is a title.
    n : int
        Songs wanted, from 1.
    title : str
        Its name, or empty.
    method : str
        One of `METHODS`, or the name of a recommender that was fitted.
    share : float
        In [0, 1]: what similar songs count in the blend, beside similar playlists.
    diversity : float
        In [0, 1]: weight of being unlike what is listed already.
    popularity : float
        In [−1, 1]: above 0 favours songs that many playlists hold, below 0 rare ones.
    excluded_artists : tuple of str
        Names of artists that are not wanted, in any spelling that `library.words.name_key` folds.
    random_state : int, optional
        Draw by chance in proportion to the scores, rather than take the best.
    """

    seeds: tuple[int, ...]
    n: int = 50
    title: str = ""
    method: str = DEFAULT_METHOD
    share: float = DEFAULT_SHARE
    diversity: float = 0.0
    popularity: float = 0.0
    excluded_artists: tuple[str, ...] = ()
    random_state: int | None = None
