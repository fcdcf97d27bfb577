"""Where labels go, so that none hides another."""

import numpy as np

from model.ragged import FloatArray, IntArray

_MOST_ROUNDS = 300


def spread_out(places: FloatArray, *, least: float) -> FloatArray:
    """Push places apart until no two are nearer than `least`, or rounds are over.

    Parameters
    ----------
    places : ndarray, shape (n, 2)
    least : float
        In their unit.

    Examples
    --------
    >>> spread_out(np.array([[0.0, 0.0], [2.0, 0.0], [9.0, 0.0]]), least=4.0).round(2).tolist()
    [[-1.0, 0.0], [3.0, 0.0], [9.0, 0.0]]
    """
    # Places that are the same go apart by an angle of their own each.
    angles = 2.4 * np.arange(len(places))
    found = places + least * 1e-3 * np.column_stack([np.cos(angles), np.sin(angles)])
    found = np.where(_distances(places)[1].min(axis=1, initial=np.inf)[:, None] > 0, places, found)
    for _ in range(_MOST_ROUNDS):
        away, distance = _distances(found)
        lacking = np.maximum(least - distance, 0.0)
        if not lacking.any():
            break
        found = found + (away * (lacking / (2 * distance))[..., None]).sum(axis=1)
    return found


def stack(heights: FloatArray, least: float) -> list[float]:
    """Move heights as little as need be so that no two are nearer than `least`, in their order.

    Those that crowd stand together around their mean.

    Parameters
    ----------
    heights : ndarray, shape (n,)
    least : float
        In their unit.

    Examples
    --------
    >>> stack(np.array([10.0, 0.0, 11.0, 9.0]), 4.0)
    [10.0, 0.0, 14.0, 6.0]
    """
    crowds: list[list[float]] = []  # each: the sum of where its members would stack from, how many
    order = np.argsort(heights, kind="stable")
    for rank, height in enumerate(heights[order].tolist()):
        crowds.append([height - least * rank, 1])
        while len(crowds) > 1 and _from(crowds[-1]) < _from(crowds[-2]):
            total, n = crowds.pop()
            crowds[-1][0] += total
            crowds[-1][1] += n
    starts = [_from(crowd) for crowd in crowds for _ in range(int(crowd[1]))]
    found = np.empty(len(heights))
    found[order] = np.array(starts) + least * np.arange(len(heights))
    return [float(height) for height in found]


def _from(crowd: list[float]) -> float:
    return crowd[0] / crowd[1]


def share_out(places: FloatArray, n_kinds: int) -> IntArray:
    """Give each place a kind, the same kind to places that are far from each other alone.

    While kinds are left each place gets one of its own; from then on, the kind whose nearest place
    is farthest away, of those that are given to the fewest places.

    Parameters
    ----------
    places : ndarray, shape (n, 2)
    n_kinds : int

    Returns
    -------
    ndarray, shape (n,)
        Kinds, from 0.

    Examples
    --------
    >>> share_out(np.array([[0.0, 0.0], [9.0, 0.0], [8.0, 0.0], [1.0, 0.0]]), 2).tolist()
    [0, 1, 0, 1]
    """
    distance = _distances(np.asarray(places, dtype=np.float64))[1]
    kinds = np.arange(len(places)) % n_kinds
    for place in range(n_kinds, len(places)):
        given = np.bincount(kinds[:place], minlength=n_kinds)
        nearest = [distance[place, :place][kinds[:place] == kind].min() for kind in range(n_kinds)]
        kinds[place] = np.argmax(np.where(given == given.min(), nearest, -1.0))
    return kinds.astype(np.int64)


def _distances(places: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Give the ways from each place to each, and their lengths; infinite to itself."""
    away = places[:, None] - places[None]
    distance = np.hypot(away[..., 0], away[..., 1])
    np.fill_diagonal(distance, np.inf)
    return away, distance
