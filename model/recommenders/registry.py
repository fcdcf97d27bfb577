"""Every recommender by its name."""

from collections.abc import Callable
from typing import NamedTuple

from model.errors import InputError
from model.recommenders.als import Als
from model.recommenders.artists import ArtistSongs
from model.recommenders.audio import AudioNeighbours
from model.recommenders.base import Recommender
from model.recommenders.blend import Blend
from model.recommenders.names import NamedSongs
from model.recommenders.neighbours import SimilarSongs
from model.recommenders.nucleus import Nucleus
from model.recommenders.playlists import SimilarPlaylists
from model.recommenders.popularity import Popularity
from model.recommenders.ranker import Ranker
from model.recommenders.ridge import KernelRidge
from model.recommenders.sequels import Sequels
from model.recommenders.similars import ServiceSimilars
from model.recommenders.tags import TagNeighbours
from model.recommenders.titles import TitleNeighbours
from model.similarity.weighting import COSINE, COUNT, Weighting


class Entry(NamedTuple):
    """What stands behind a name.

    Parameters
    ----------
    make : callable
        Makes a recommender that is to be fitted.
    about : str
        One line on what it does.
    """

    make: Callable[[], Recommender]
    about: str


VARIANTS: dict[str, Weighting] = {
    "counts": COUNT,
    "cosine": COSINE,
    "bm25": Weighting("bm25"),
    "shrunk": Weighting("cosine", shrinkage=5.0),
}
"""What makes two songs neighbours: written behind the name, as in ``neighbours:bm25``."""

REGISTRY: dict[str, Entry] = {
    "popularity": Entry(Popularity, "the songs that most playlists hold"),
    "nucleus": Entry(Nucleus, "the study's: similar songs, then a draw from a cluster's playlists"),
    "neighbours": Entry(SimilarSongs, "songs that share playlists with the seeds"),
    "playlists": Entry(SimilarPlaylists, "songs of the playlists most like the one to continue"),
    "artists": Entry(ArtistSongs, "songs of the seeds' artists and albums, and of similar artists"),
    "titles": Entry(TitleNeighbours, "songs of playlists with a similar name"),
    "als": Entry(Als, "factors of playlists and songs by alternating least squares"),
    "ridge": Entry(KernelRidge, "regression from songs, albums, artists and name to songs"),
    "sequels": Entry(Sequels, "songs that stand near the seeds in playlists"),
    "names": Entry(NamedSongs, "songs of artists and albums that the playlist's name names"),
    "tags": Entry(TagNeighbours, "songs that listeners tag like the seeds"),
    "similars": Entry(ServiceSimilars, "songs that last.fm calls similar to the seeds"),
    "audio": Entry(AudioNeighbours, "songs that sound like the seeds"),
    "blend": Entry(Blend, "the votes of all methods, weighted by number of seeds"),
    "ranker": Entry(Ranker, "candidates of all methods, put in order by networks and trees"),
}
"""Name -> how to make it."""

NAMES = tuple(REGISTRY)
"""All names, simplest first."""


def make_recommender(name: str) -> Recommender:
    """Make a recommender that is to be fitted.

    Parameters
    ----------
    name : str
        One of `NAMES`; ``neighbours`` takes one of `VARIANTS` behind a colon.

    Raises
    ------
    InputError
        If none has this name.

    Examples
    --------
    >>> make_recommender("neighbours:bm25").weighting.name
    'bm25'
    """
    family, _, variant = name.partition(":")
    if family == "neighbours" and variant in VARIANTS:
        return SimilarSongs(VARIANTS[variant])
    if name in REGISTRY:
        return REGISTRY[name].make()
    known = ", ".join(NAMES)
    variants = ", ".join(f"neighbours:{one}" for one in VARIANTS)
    msg = f"no recommender {name[:50]!r}; there are {known}; and {variants}"
    raise InputError(msg)
