"""What sets a group of playlists apart, in words: how it sounds, its names, its tags."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from model.ragged import FloatArray, IntArray

WORDS: Final[dict[str, tuple[str, str]]] = {
    "mean_danceability": ("hard to dance to", "danceable"),
    "mean_energy": ("calm", "energetic"),
    "mean_speechiness": ("few words", "wordy"),
    "mean_acousticness": ("electric", "acoustic"),
    "mean_instrumentalness": ("sung", "instrumental"),
    "mean_liveness": ("from the studio", "live"),
    "mean_valence": ("sad", "happy"),
    "mean_duration": ("short songs", "long songs"),
    "max_key": ("low keys", "high keys"),
    "max_loudness": ("quiet", "loud"),
    "max_tempo": ("slow", "fast"),
    "max_time_signature": ("few beats a bar", "many beats a bar"),
}
"""What a low and a high value of a playlist's feature is called."""

MIN_DISTANCE: Final = 0.5
"""Standard deviations from the mean from which on a value is worth a word."""

N_WORDS: Final = 4

LEAST: Final = 3
"""How often a thing occurs in a group that it may stand for."""

MIN_SHARE: Final = 0.05
"""Share of a group's members that a thing has to be held by to say something of the group."""


def describe_centre(columns: Sequence[str], distances: FloatArray) -> str:
    """Say how a group differs from the others, its greatest difference first.

    Parameters
    ----------
    columns : sequence of str
        Keys of `WORDS`.
    distances : ndarray, shape (n_columns,)
        Of the group's centre from the mean of all playlists, in standard deviations of these.

    Examples
    --------
    >>> describe_centre(["mean_acousticness", "max_tempo"], np.array([1.2, -2.0]))
    'slow, acoustic'
    >>> describe_centre(["max_tempo"], np.array([0.1]))
    'like all playlists'
    """
    order = np.argsort(-np.abs(distances), kind="stable")[:N_WORDS]
    words = [
        WORDS[columns[place]][int(distances[place] > 0)]
        for place in order.tolist()
        if abs(distances[place]) >= MIN_DISTANCE
    ]
    return ", ".join(words) or "like all playlists"


def characteristic(
    counts: csr_array | FloatArray, names: Sequence[str], *, n: int
) -> list[list[str]]:
    """Name what occurs in each group more than in all, and often: by p ln(p / q).

    p is the share in the group, q that in all groups: the term that a name adds to the
    Kullback-Leibler divergence of the two (Kullback & Leibler 1951, doi:10.1214/aoms/1177729694).
    A plain count would give the same names to every group, a plain ratio the rarest ones.

    Parameters
    ----------
    counts : array, shape (n_groups, n_names)
    names : sequence of str
        Those that are empty are left out.
    n : int
        Names a group, at most.

    Examples
    --------
    >>> counts = np.array([[5.0, 9.0, 0.0], [5.0, 0.0, 9.0]])
    >>> characteristic(counts, ["pop", "rock", "jazz"], n=2)
    [['rock'], ['jazz']]
    """
    table = csr_array(counts)
    every = np.asarray(table.sum(axis=0), dtype=np.float64)
    share_of_all = every / max(every.sum(), 1.0)
    return [_top(table, group, share_of_all, names, n=n) for group in range(table.shape[0])]


def distinctive(
    held: FloatArray, sizes: IntArray, names: Sequence[str], *, n: int
) -> list[list[str]]:
    r"""Name what more members of each group hold than of all, with the share and the lift.

    The order is by p ln(p / q), as in `characteristic`; but p is the share of the group's members
    that hold a thing, however often, and q that of all members. A lift is p / q. No line
    breaks between a name and its figures.

    Parameters
    ----------
    held : ndarray, shape (n_groups, n_names)
        How many members of each group hold each thing.
    sizes : ndarray, shape (n_groups,)
        Members of each group.
    names : sequence of str
        Those that are empty are left out.
    n : int
        Names a group, at most.

    Examples
    --------
    >>> held = np.array([[9.0, 8.0], [9.0, 2.0]])
    >>> distinctive(held, np.array([10, 10]), ["pop", "rock"], n=2)
    [['rock\xa080\xa0%\xa0×1.6'], []]
    """
    of_all = held.sum(axis=0) / max(float(sizes.sum()), 1.0)
    found = []
    for own, size in zip(held, sizes.tolist(), strict=True):
        share = own / max(size, 1)
        lift = np.divide(share, of_all, out=np.ones_like(share), where=of_all > 0)
        gain = share * np.log(lift, out=np.zeros_like(lift), where=lift > 0)
        is_told = (own >= LEAST) & (share >= MIN_SHARE) & (gain > 1e-12)
        order = (int(place) for place in np.argsort(-gain, kind="stable") if is_told[place])
        told = (
            f"{names[place]}\u00a0{100 * share[place]:.0f}\u00a0%\u00a0×{lift[place]:.1f}"
            for place in order
            if names[place]
        )
        found.append([each for each, _ in zip(told, range(n), strict=False)])
    return found


def _top(
    table: csr_array,
    group: int,
    share_of_all: FloatArray,
    names: Sequence[str],
    *,
    n: int,
) -> list[str]:
    start, stop = table.indptr[group], table.indptr[group + 1]
    places, values = table.indices[start:stop], table.data[start:stop].astype(np.float64)
    share = values / max(values.sum(), 1.0)
    gain = share * np.log(
        share / share_of_all[places], where=share > 0, out=np.full(len(share), -1.0)
    )
    order = np.lexsort((places, -gain))
    found = (int(place) for place in order if values[place] >= LEAST and gain[place] > 1e-12)
    named = (names[places[place]] for place in found if names[places[place]])
    return [name for name, _ in zip(named, range(n), strict=False)]
