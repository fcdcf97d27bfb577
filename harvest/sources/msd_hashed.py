"""Numbers of all songs that are named, by machine code: what `msd_ids` gives, in less time."""

import numpy as np
import pyarrow as pa

from harvest.sources.id_kernels import Words, number_words
from harvest.sources.msd_ids import raw
from harvest.sources.msd_parts import fixed
from harvest.sources.numbering import Ids

_PREFIX = np.frombuffer(b"TR", np.uint8)
_LEAST = 2**12


class Hashed:
    """Keeps all ids in one table.

    Parameters
    ----------
    known : FixedSizeBinaryArray
        Ids with a file; their places are their numbers.

    Notes
    -----
    Stays in memory: 24 to 48 bytes an id.
    """

    def __init__(self, known: pa.Array) -> None:
        self._n_files = len(known)
        self._n = 0
        self._keys: Words = np.empty((0, 2), np.uint64)
        self._slots: Ids = np.empty(0, np.int32)
        self.number(known)

    def number(self, ids: pa.Array) -> Ids:
        """Return the number of each id, a new one where it was never seen."""
        # All begin with TR, and what follows is two words.
        words = np.ascontiguousarray(raw(ids)[:, len(_PREFIX) :]).view(np.uint64)
        self._make_room(self._n + len(words))
        numbers = np.empty(len(words), np.int32)
        self._n = number_words(words, self._keys, self._slots, self._n, numbers)
        return numbers

    def others(self) -> pa.Array:
        """Return the ids that have no file, in order of their numbers."""
        ends = self._keys[self._n_files : self._n].view(np.uint8)
        return fixed(np.hstack([np.broadcast_to(_PREFIX, (len(ends), 2)), ends]).ravel())

    def _make_room(self, n: int) -> None:
        if n <= len(self._keys):
            return
        room = max(_LEAST, 1 << (n - 1).bit_length())
        known = self._keys[: self._n]
        self._keys = np.empty((room, 2), np.uint64)
        self._slots = np.full(2 * room, -1, np.int32)
        number_words(known, self._keys, self._slots, 0, np.empty(len(known), np.int32))
