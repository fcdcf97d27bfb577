"""Dense numbers for names, in order of first appearance."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]
Name = TypeVar("Name", str, bytes)


class DenseIds(Generic[Name]):
    """Numbers for names, in order of first appearance.

    Parameters
    ----------
    start : int
        The first number.

    Examples
    --------
    >>> ids = DenseIds()
    >>> ids.number(["b", "a", "b"]).tolist(), ids.number(["c", "a"]).tolist(), len(ids)
    ([0, 1, 0], [2, 1], 3)
    >>> list(ids)
    ['b', 'a', 'c']
    """

    def __init__(self, start: int = 0) -> None:
        self._ids: defaultdict[Name, int] = defaultdict()
        self._ids.default_factory = lambda: start + len(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[Name]:
        return iter(self._ids)

    def number(self, names: Sequence[Name]) -> Ids:
        """Give each name its number, a new one where it was never seen."""
        return np.fromiter(map(self._ids.__getitem__, names), np.int32, len(names))


def first_rows(codes: Ids, *, start: int = 0) -> npt.NDArray[np.intp]:
    """Rows at which each number occurs first.

    Parameters
    ----------
    codes : ndarray of int32, shape (n_rows,)
        Numbers in order of first appearance.
    start : int
        Numbers below this one are left out.

    Examples
    --------
    >>> first_rows(np.array([0, 0, 1, 0, 2], np.int32)).tolist()
    [0, 2, 4]
    >>> first_rows(np.array([2, 0, 3, 1, 3], np.int32), start=2).tolist()
    [0, 2]
    """
    highest = np.maximum.accumulate(np.maximum(codes, start - 1))
    return np.flatnonzero(np.diff(highest, prepend=np.int32(start - 1)))
