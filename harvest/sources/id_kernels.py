"""Numbers for ids of 16 bytes in a table with open addressing: compiled."""

import numpy as np
import numpy.typing as npt

from harvest.machine.compiling import compiled

Words = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int32]

_MIX, _MIX_MORE, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(32)


@compiled
def number_words(words: Words, keys: Words, slots: Numbers, n_known: int, numbers: Numbers) -> int:
    """Write each id's number, the next free one where it was never seen.

    Parameters
    ----------
    words : ndarray of uint64, shape (n, 2)
        The ids.
    keys : ndarray of uint64, shape (n_room, 2)
        Id of each number; added to. There is room for all.
    slots : ndarray of int32
        Numbers by hash, -1 where none is; added to. A power of two, larger than `n_room`.
    n_known : int
        How many ids have a number.
    numbers : ndarray of int32, shape (n,)
        Written.

    Returns
    -------
    int
        How many ids have a number now.
    """
    mask = len(slots) - 1
    for row in range(len(words)):
        first, second = words[row, 0], words[row, 1]
        mixed = (first * _MIX) ^ (second * _MIX_MORE)
        at = np.int64((mixed * _MIX) >> _HALF) & mask
        while slots[at] >= 0:
            number = slots[at]
            if keys[number, 0] == first and keys[number, 1] == second:
                break
            at = (at + 1) & mask
        if slots[at] < 0:
            keys[n_known, 0], keys[n_known, 1] = first, second
            slots[at] = n_known
            n_known += 1
        numbers[row] = slots[at]
    return n_known
