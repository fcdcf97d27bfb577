"""What somebody wants a playlist to be."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from model.errors import InputError

Method: TypeAlias = Literal["blend", "neighbours", "playlists", "titles", "popularity"]
METHODS: tuple[Method, ...] = get_args(Method)
"""What is looked up in the library; every other recommender is fitted first."""
DEFAULT_METHOD: Method = "blend"

BY_TITLE = frozenset({"titles", "names"})
"""Recommenders that have nothing to go by where there is no title."""
READ_TITLES = BY_TITLE | {"blend", "ridge", "ranker"}
"""Recommenders that read titles; all others have nothing to go by where there are no songs."""

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


def reads_titles(method: str) -> bool:
    """Whether a title alone is enough for a method.

    Examples
    --------
    >>> reads_titles("blend:fitted"), reads_titles("neighbours:cosine")
    (True, False)
    """
    return method.partition(":")[0] in READ_TITLES


def what_lacks(
    method: str, *, has_songs: bool, has_title: bool
) -> Literal["all", "songs", "title", "nothing"]:
    """Name what a method lacks to go by; popular songs, which go by nothing, may be under a title.

    Examples
    --------
    >>> what_lacks("als", has_songs=False, has_title=True)
    'songs'
    """
    if not has_songs and not has_title:
        return "all"
    if not has_songs and method != "popularity" and not reads_titles(method):
        return "songs"
    return "title" if not has_title and method in BY_TITLE else "nothing"


def check_sense(method: str, *, has_songs: bool, has_title: bool) -> None:
    """Refuse a wish that its method has nothing to go by for; see `what_lacks`.

    Raises
    ------
    InputError
    """
    lacking = what_lacks(method, has_songs=has_songs, has_title=has_title)
    if lacking == "all":
        msg = 'nothing to go by: name a song, as in `model generate "Artist - Title"`, or a --title'
        raise InputError(msg)
    if lacking == "songs":
        msg = (
            f"{method} needs a song to go by, for it reads no titles; name one, or another "
            f"--recommender, as {DEFAULT_METHOD}"
        )
        raise InputError(msg)
    if lacking == "title":
        msg = f"{method} needs a --title; give one, or another --recommender, as {DEFAULT_METHOD}"
        raise InputError(msg)
