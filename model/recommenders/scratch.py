"""Large arrays that a thread writes to again and again.

To make them anew for each block of playlists would take longer than what is done in them: with
millions of songs most of such an array is never looked at.
"""

import threading
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class _Held(threading.local):
    """What the calling thread keeps, by use."""

    def __init__(self) -> None:
        self.arrays: dict[str, NDArray[Any]] = {}


_held = _Held()


def zeros(use: str, size: int, dtype: DTypeLike) -> NDArray[Any]:
    """Give an array of zeros, which has to be left all 0.

    Parameters
    ----------
    use : str
        What for: two arrays of one use are the same memory.
    size : int
    dtype : dtype
        One for each use.

    Examples
    --------
    >>> marks = zeros("example", 3, np.int32)
    >>> marks[1] = 5; marks[1] = 0
    >>> zeros("example", 2, np.int32).tolist()
    [0, 0]
    """
    held = _held.arrays.get(use)
    if held is None or len(held) < size:
        held = _held.arrays[use] = np.zeros(size, dtype=dtype)
    return held[:size]
