"""Tags of artists: read from a CSV file of users' taggings, or made up from the artist's genre."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from harvest.emulator.catalogue import noise
from harvest.emulator.catalogue.features import Numbers, read_csv
from harvest.emulator.catalogue.genres import GENERAL_TAGS, GENRES

TagCounts = tuple[tuple[str, int], ...]

_MADE_TAGS = 8


def scale_counts(users: dict[str, int]) -> TagCounts:
    """Scale numbers of users to last.fm's 0 … 100, where 100 is the artist's top tag.

    Parameters
    ----------
    users : dict of str to int
        How many users gave each tag.

    Returns
    -------
    tuple of (str, int)
        Tag and count, greatest first, ties by tag; empty for no tags.

    Examples
    --------
    >>> scale_counts({"indie": 1, "rock": 3})
    (('rock', 100), ('indie', 33))
    >>> scale_counts({})
    ()
    """
    top = max(users.values(), default=1) or 1
    ordered = sorted(users.items(), key=lambda item: (-item[1], item[0]))
    return tuple((tag, round(100 * n / top)) for tag, n in ordered)


def read_tags(path: Path) -> dict[str, TagCounts]:
    """Read how many users gave which tag to which artist.

    Parameters
    ----------
    path : Path
        CSV file, plain or gzipped, with the columns ``artist``, ``tag`` and ``users``.

    Returns
    -------
    dict of str to tuple of (str, int)
        By the artist's name in lower case: tag and count, as `scale_counts` makes them.

    Raises
    ------
    InputError
        If the file cannot be read or is not of that shape.
    """
    table = read_csv(path, {"artist": pa.string(), "tag": pa.string(), "users": pa.float64()})
    users: dict[str, dict[str, int]] = {}
    columns = (table[name].to_pylist() for name in ("artist", "tag", "users"))
    for artist, tag, n in zip(*columns, strict=True):
        users.setdefault(artist.casefold(), {})[tag] = round(n or 0)
    return {artist: scale_counts(counts) for artist, counts in users.items()}


def make_tags(artists: Sequence[str], genre_of: Numbers) -> list[TagCounts]:
    """Make up the tags of artists: their genre first, then its other tags, then general ones.

    Parameters
    ----------
    artists : sequence of str of length n_artists
        Stable names; they decide the tags.
    genre_of : ndarray of shape (n_artists,)
        Row of `GENRES` for each artist.

    Returns
    -------
    list of tuple of (str, int)
        Tag and count, greatest first.

    Examples
    --------
    >>> make_tags(["The Quiet Foxes"], np.array([0]))[0][0]
    ('pop', 100)
    """
    seeds = noise.keys(artists)
    draws = np.array([noise.uniform(seeds, 40 + n) for n in range(24)]).T
    return [
        _tags_of_artist(GENRES[genre].name, GENRES[genre].tags, row.tolist())
        for genre, row in zip(genre_of.tolist(), draws, strict=True)
    ]


def _tags_of_artist(main: str, genre_tags: Sequence[str], draws: list[float]) -> TagCounts:
    users = {main: 1_000}
    likely = [(tag, 700) for tag in genre_tags] + [(tag, 250) for tag in GENERAL_TAGS]
    for (tag, usual), draw in zip(likely, draws, strict=False):
        users[tag] = int(usual * draw**1.5)
    best = sorted(users.items(), key=lambda item: (-item[1], item[0]))[:_MADE_TAGS]
    return scale_counts({tag: n for tag, n in best if n > 0})
