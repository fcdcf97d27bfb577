"""Numbers of all songs that are named: those with a file first, then the others as they appear."""

from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harvest.sources.msd_parts import fixed
from harvest.sources.numbering import DenseIds, Ids


class IdNumbers(Protocol):
    """Gives ids their numbers."""

    def number(self, ids: pa.Array) -> Ids:
        """Return the number of each id, a new one where it was never seen."""

    def others(self) -> pa.Array:
        """Return the ids that have no file, in order of their numbers."""


class LookedUp:
    """Finds ids by Arrow, which costs as much for few as for millions.

    Parameters
    ----------
    known : FixedSizeBinaryArray
        Ids with a file; their places are their numbers.

    Notes
    -----
    Stays in memory: some 200 bytes for each id that has no file.

    Examples
    --------
    >>> ids = LookedUp(fixed(b"TRAAAAAAAAAAAAAAAA"))
    >>> ids.number(fixed(b"TRAAAAAAAAAAAAAAAB" b"TRAAAAAAAAAAAAAAAA")).tolist()
    [1, 0]
    >>> ids.others().to_pylist()
    [b'TRAAAAAAAAAAAAAAAB']
    """

    def __init__(self, known: pa.Array) -> None:
        self._known = known
        self._named: DenseIds[bytes] = DenseIds(len(known))

    def number(self, ids: pa.Array) -> Ids:
        """Return the number of each id, a new one where it was never seen."""
        found = pc.index_in(ids, value_set=self._known)
        is_unknown = found.is_null()
        unknown = ids.filter(is_unknown).dictionary_encode()
        numbers = self._named.number(unknown.dictionary.to_pylist())[unknown.indices.to_numpy()]
        made: Ids = pc.replace_with_mask(found, is_unknown, pa.array(numbers)).to_numpy(
            zero_copy_only=False
        )
        return made

    def others(self) -> pa.Array:
        """Return the ids that have no file, in order of their numbers."""
        return fixed(b"".join(self._named))


def as_text(ids: pa.Array) -> pa.Array:
    """Return ids as strings."""
    return ids.cast(pa.binary()).cast(pa.string())


def copied(ids: pa.Array) -> pa.Array:
    """Return ids that do not keep the table they are of in memory."""
    return fixed(raw(ids).copy())


def raw(ids: pa.Array) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Return the bytes of ids, shape (n, ID_LENGTH); not a copy."""
    width = ids.type.byte_width
    content = np.frombuffer(ids.buffers()[1] or b"", np.uint8)
    return content[ids.offset * width : (ids.offset + len(ids)) * width].reshape(-1, width)
