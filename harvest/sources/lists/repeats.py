"""Which own playlists are the same one, that several files hold.

All of them are kept: should a file change, or be found to lack what another has, another one of
them takes its place.
"""

import numpy as np
import pyarrow.compute as pc

from harvest.sources.lists.collection import Mask, Own
from harvest.sources.numbering import Ids
from harvest.tables import MADE_UP


def first_of_each(own: Own) -> Ids:
    """Return of each playlist the row of the first that is the same one, its own row mostly.

    Two are the same that have an equal key (`pieces.keys_of`), or by way of a third.
    """
    leaders = list(range(own.playlists.num_rows))
    seen: dict[tuple[str, int], int] = {}
    for name in ("by_uris", "by_names"):
        for row, key in enumerate(own.playlists[name].to_pylist()):
            if key is not None:
                _join(leaders, row, seen.setdefault((name, key), row))
    return np.array([_leader(leaders, row) for row in range(len(leaders))], np.int32)


def are_repeats(own: Own) -> Mask:
    """Say of each playlist whether another one stands for it.

    Of the same ones the one with most ids stands for all, then the one with most followers, then
    the first.
    """
    first = first_of_each(own)
    followers = own.playlists["num_followers"].to_numpy()
    order = np.lexsort((np.arange(len(first)), -followers, -_n_ids(own), first))
    repeats = np.ones(len(first), np.bool_)
    repeats[order[np.unique(first[order], return_index=True)[1]]] = False
    return repeats


def _join(leaders: list[int], row: int, other: int) -> None:
    one, two = sorted((_leader(leaders, row), _leader(leaders, other)))
    leaders[two] = one


def _leader(leaders: list[int], row: int) -> int:
    while leaders[row] != row:
        leaders[row] = leaders[leaders[row]]  # else chains would grow with what is joined
        row = leaders[row]
    return row


def _n_ids(own: Own) -> Ids:
    """Count the entries of each playlist whose track has an id."""
    has_id = ~np.asarray(pc.starts_with(own.tracks["track_uri"], MADE_UP), np.bool_)
    owner = own.entries["playlist"].to_numpy()
    counted = owner[has_id[own.entries["track"].to_numpy()]]
    return np.bincount(counted, minlength=own.playlists.num_rows).astype(np.int32)
