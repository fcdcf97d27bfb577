"""Similar songs found in shards, wherever an engine does its work."""

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from model.engines.engine import Engine
from model.similarity.cooccurrence import (
    N_SHARDS,
    Neighbours,
    Run,
    find_published_shard,
    find_shard,
    join,
    shards,
)
from model.similarity.interactions import Interactions
from model.similarity.weighting import Weighting


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: the arguments of `find_similar`, or of `find_published`.

    Parameters
    ----------
    k : int
    min_count : int
    weighting : Weighting or None
        None for counts as published, of interactions with repeats.
    """

    k: int
    min_count: int
    weighting: Weighting | None


@dataclass(frozen=True, slots=True)
class Shard:
    """A run of songs, and the folder where the interactions lie and the part is put."""

    folder: Path
    number: int
    run: Run
    search: Search

    @property
    def part(self) -> Path:
        """Where its songs' neighbours are put."""
        return self.folder / f"part-{self.number:05d}"


def find_over(
    engine: Engine, held: Interactions, search: Search, folder: Path, *, n_shards: int = N_SHARDS
) -> Neighbours:
    """Find similar songs, shard by shard, over an engine.

    Interactions and parts go through files: neither is sent from process to process. The result
    has the bytes that `find_similar` or `find_published` gives.

    Parameters
    ----------
    engine : Engine
    held : Interactions
    search : Search
    folder : Path
        An existing one that all workers see, with room for the interactions and the result; left
        as it was.
    n_shards : int
        At least 1; changes no result.

    Returns
    -------
    Neighbours

    Raises
    ------
    InputError
        As `find_similar`.
    OSError
        If the files cannot be written or read.
    """
    with TemporaryDirectory(dir=folder, prefix=".shards-", ignore_cleanup_errors=True) as scratch:
        place = Path(scratch).resolve()
        held.save(place)
        runs = enumerate(shards(held, n_shards))
        wanted = [Shard(place, number, run, search) for number, run in runs]
        for _ in engine.run(_find, wanted, needs=[place / "has_repeats.npy"]):
            pass
        return join(_take(wanted))


def _find(shard: Shard) -> None:
    """Find a shard's neighbours, and put them in place in full; twice done, once is kept."""
    held, search = Interactions.open(shard.folder), shard.search
    if search.weighting is None:
        found = find_published_shard(held, shard.run, k=search.k, min_count=search.min_count)
    else:
        found = find_shard(
            held, shard.run, k=search.k, weighting=search.weighting, min_count=search.min_count
        )
    scratch = shard.part.with_name(f".{uuid.uuid4().hex}")
    scratch.mkdir()
    found.save(scratch)
    try:
        scratch.rename(shard.part)
    except OSError:
        if not shard.part.exists():
            raise
        shutil.rmtree(scratch)


def _take(wanted: list[Shard]) -> Iterator[Neighbours]:
    """Open one part after another; each goes when the next is asked for, to save room."""
    for shard in wanted:
        yield Neighbours.open(shard.part)
        # Some file systems keep what is still mapped; it goes with the folder.
        shutil.rmtree(shard.part, ignore_errors=True)
