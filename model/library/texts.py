"""Many texts end to end in one file; what is not looked at is not read."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from model.storage.artifacts import Artifact

Bytes: TypeAlias = NDArray[np.uint8]
Longs: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Texts(Sequence[str]):
    """Texts by number.

    Parameters
    ----------
    letters : ndarray of uint8
        UTF-8.
    ends : ndarray of int64, shape (n_texts + 1,)
        Text ``i`` is ``letters[ends[i]:ends[i + 1]]``.

    Examples
    --------
    >>> texts = Texts.of(["Creep", "", "夜"])
    >>> len(texts), texts[0], texts[2]
    (3, 'Creep', '夜')
    """

    letters: Bytes
    ends: Longs

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Texts":
        """Put texts end to end; halves of surrogate pairs, which are no text, become "?"."""
        encoded = [text.encode("utf-8", errors="replace") for text in texts]
        ends = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum([len(one) for one in encoded], out=ends[1:])
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), ends)

    @classmethod
    def open(cls, artifact: Artifact, name: str) -> "Texts":
        """Map the files that hold `arrays` into memory."""
        return cls(artifact.array(f"{name}_letters"), artifact.array(f"{name}_ends"))

    def arrays(self, name: str) -> dict[str, Bytes | Longs]:
        """Name both arrays as they are kept in files."""
        return {f"{name}_letters": self.letters, f"{name}_ends": self.ends}

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, number):  # type: ignore[no-untyped-def]
        return self.raw(number).decode()

    def raw(self, number: int) -> bytes:
        """Give a text as UTF-8."""
        return self.letters[self.ends[number] : self.ends[number + 1]].tobytes()

    def span(self, start: str, *, is_whole: bool = False) -> tuple[int, int]:
        """Give the run of texts that begin with `start`, of texts that ascend as UTF-8.

        Parameters
        ----------
        start : str
        is_whole : bool
            Only those that are `start`.

        Examples
        --------
        >>> texts = Texts.of(["a", "ab", "b"])
        >>> texts.span("a"), texts.span("a", is_whole=True), texts.span("c")
        ((0, 2), (0, 1), (3, 3))
        """
        low = start.encode("utf-8", errors="replace")
        # No byte of UTF-8 is 255.
        high = low + (b"\x00" if is_whole else b"\xff")
        first = bisect_left(range(len(self)), low, key=self.raw)
        return first, bisect_left(range(len(self)), high, lo=first, key=self.raw)
