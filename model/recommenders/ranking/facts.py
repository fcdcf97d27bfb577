"""What the facts that the ranker knows of each candidate are called."""

from collections.abc import Sequence

import numpy as np

from model.ragged import BoolArray

PER_RETRIEVER = ("score", "relative score", "place")
SHARED = ("count", "share", "steps back")
MEETING = ("best", "share", "last")
VOTES = ("votes", "artist's votes", "album's votes", "share of artist's votes", "place by artist")
SONG_FACTS = ("popularity", "artist's entries", "album's entries", "share of artist", "mean place")
SEED_FACTS = (
    "seeds",
    "known seeds",
    "artists",
    "largest artist",
    "albums",
    "popularity of seeds",
    "deviation of popularity",
    "audio variance",
    "has title",
    "closeness of titles",
)
COUNTS = ("place", "place by artist", "count", "steps back", "seeds", "known seeds")
WEIGHTS = ("score", "votes", "artist's votes", "album's votes")
"""Facts whose logarithms are more even than they are: of what begins at 0, and of what is 0 only
where nothing is known."""


def feature_names(retrievers: Sequence[str]) -> list[str]:
    """Name the columns of `features.Describer.describe`."""
    return [
        *(f"{retriever}: {fact}" for retriever in retrievers for fact in PER_RETRIEVER),
        *(f"seeds of the artist: {fact}" for fact in SHARED),
        *(f"seeds of the album: {fact}" for fact in SHARED),
        *(f"similarity to seeds: {fact}" for fact in MEETING),
        *VOTES,
        *SONG_FACTS,
        "popularity beside seeds'",
        *SEED_FACTS,
        "audio distance",
        "tag similarity",
    ]


def are_facts(names: Sequence[str], facts: Sequence[str]) -> BoolArray:
    """Say which columns hold one of these facts, shape (n_features,).

    Examples
    --------
    >>> are_facts(["votes", "als: place", "als: score"], ("place",)).tolist()
    [False, True, False]
    """
    return np.array([name.split(": ")[-1] in facts for name in names])
