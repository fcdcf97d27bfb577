"""How the playlists of a part are cut up, for the study's six batches and for workers."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from model.ragged import IntArray
from model.settings import Part, Settings
from model.split import Split

N_BATCHES = 6
"""Batches of a part in the study."""

CHUNK_PLAYLISTS = 2000
"""Playlists of a chunk: a few seconds' work, which is what an interruption costs."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some playlists of a part.

    Parameters
    ----------
    number : int
        From 0.
    start : int
        Place of its first playlist in the part.
    rows : ndarray, shape (n_playlists,)
        Numbers of its playlists in the corpus.
    """

    number: int
    start: int
    rows: IntArray


@dataclass(frozen=True, slots=True)
class Chunk:
    """What a worker does at a time: some playlists of one batch of a part.

    Parameters
    ----------
    part : {"train", "validation", "test"}
    batch : int
        Number of the batch.
    first, last : int
        Places of its playlists in the batch, the last one not included.
    """

    part: Part
    batch: int
    first: int
    last: int

    @property
    def name(self) -> str:
        """A name that sorts in the order of the playlists.

        Examples
        --------
        >>> Chunk("test", 0, 2000, 4000).name
        'test-0-00002000'
        """
        return f"{self.part}-{self.batch}-{self.first:08d}"


def batches_of(split: Split, part: Part, settings: Settings) -> list[Batch]:
    """Cut a part into the batches of the protocol: one in order, or the study's six."""
    rows = split.part(part)
    if settings.protocol == "published":
        return list(published_batches(rows, settings.random_state))
    return [Batch(0, 0, rows)]


def chunks_of(split: Split, settings: Settings, *, size: int = CHUNK_PLAYLISTS) -> list[Chunk]:
    """Cut all parts that are asked for into chunks, each of one batch, in order."""
    return [
        Chunk(part, batch.number, first, min(first + size, len(batch.rows)))
        for part in settings.parts
        for batch in batches_of(split, part, settings)
        for first in range(0, len(batch.rows), size)
    ]


def published_batches(rows: IntArray, random_state: int) -> Iterator[Batch]:
    """Shuffle a part and cut it into six, as published; empty ones are left out.

    Examples
    --------
    >>> [batch.start for batch in published_batches(np.arange(8), 0)]
    [0, 2, 4, 5, 6, 7]
    """
    shuffled = np.random.default_rng(random_state).permutation(rows)
    start = 0
    for number, batch in enumerate(np.array_split(shuffled, N_BATCHES)):
        if len(batch):
            yield Batch(number, start, batch)
        start += len(batch)
