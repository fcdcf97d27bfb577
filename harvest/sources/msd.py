"""The Million Song Dataset's last.fm files -> `state/msd`: every file parsed once, then merged.

Chunks of files are parsed into part files under `state/msd/.parts`; when all are there, their songs
get their numbers, and the tables are written. Whatever ends the run, the parts stay, and the next
run takes up where this one stopped. The tables that were there stay until the new ones are whole.
"""

import contextlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from harvest.errors import HarvestError, InputError
from harvest.machine.processors import default_workers
from harvest.sources.msd_chunks import Chunk
from harvest.sources.msd_ids import IdNumbers, LookedUp, copied
from harvest.sources.msd_input import WANTED, Input, find_input
from harvest.sources.msd_merge import Merger, SongNumbers
from harvest.sources.msd_parts import Tables, make_part, part_path, read_part
from harvest.sources.msd_tables import (
    MALFORMED_NAME,
    MSD_SCHEMAS,
    MsdCounts,
    MsdInput,
    MsdManifest,
    read_msd_manifest,
)
from harvest.sources.part_files import keep_only, make_parts, tidy
from harvest.table_writer import publish, stamps, writers, writing
from harvest.tables import SCRATCH_NAME
from harvest.whole_files import durable_text

MANY_FILES = 100_000  # beyond, machine code is worth making, once a machine: 15 seconds
PAGE_SIMILARS = 2**21  # looked up together; four times as many take 400 MB more
FEW_SIMILARS = 2**17  # where it costs no more, so that memory is used again while it is warm
TOP_TAGS = 10  # as many as the study names
COMMAND = "harvest msd"

OnFiles = Callable[[int, int], None]
OnPhase = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class MsdReport:
    """What an ingest found and did.

    Parameters
    ----------
    manifest : MsdManifest
        Of the tables.
    files_reused : int
        Read already by a run that was interrupted.
    is_unchanged : bool
        The tables were made from this input before; nothing was done.
    is_replacement : bool
        There were tables made from another input.
    """

    manifest: MsdManifest
    files_reused: int = 0
    is_unchanged: bool = False
    is_replacement: bool = False


def ingest_msd(
    paths: Sequence[Path],
    msd_dir: Path,
    *,
    workers: int | None = None,
    on_files: OnFiles | None = None,
    on_phase: OnPhase | None = None,
) -> MsdReport:
    """Read the Million Song Dataset's last.fm files into tables.

    Parameters
    ----------
    paths : sequence of Path
        Zips, read in place, and folders; of a song that occurs twice the first file counts.
    msd_dir : Path
        Where the tables go; made if need be.
    workers : int, optional
        Processes that parse; 1 = in this process, None = `default_workers`. The tables' bytes do
        not depend on it.
    on_files : callable, optional
        Told (files read, files in all) as they are read.
    on_phase : callable, optional
        Told what begins when all are read.

    Returns
    -------
    MsdReport
        With the input of the last time, nothing is done and `is_unchanged` is set.

    Raises
    ------
    InputError
        The input cannot be used, or none of its files; tables that exist are untouched.
    StorageError
        The tables cannot be written; those that exist are untouched.
    StateInUse
        Another ingest writes them.
    Postponed
        A worker process was killed.
    """
    inputs = [find_input(path) for path in paths]
    made_from = [MsdInput(each.name, each.n_files, each.fingerprint) for each in inputs]
    manifest = read_msd_manifest(msd_dir)
    job = _Job(inputs, msd_dir / SCRATCH_NAME)
    if manifest and _hashes(manifest.inputs) == _hashes(made_from):
        job.sweep()
        return MsdReport(manifest, is_unchanged=True)
    with writing(msd_dir, command=COMMAND):
        keep_only(job.scratch, set(job.paths))
        n_reused = job.n_read()
        try:
            ids = job.make_parts(workers or default_workers(), on_files)
            if on_phase:
                on_phase("every file is read; the tables are put together")
            new = job.merge(SongNumbers(ids), made_from)
        except BaseException:
            tidy(job.scratch, set(job.paths))
            raise
        publish(job.scratch, msd_dir, new, files=_FILES)
        shutil.rmtree(job.scratch)
    return MsdReport(new, files_reused=n_reused, is_replacement=manifest is not None)


class _Job:
    """What is to be read, and where its parts lie."""

    def __init__(self, inputs: Sequence[Input], scratch: Path) -> None:
        self.scratch = scratch
        named = [(each.name, chunk) for each in inputs for chunk in each.chunks]
        self._names = [name for name, _ in named]
        self._chunks: Sequence[Chunk] = [chunk for _, chunk in named]
        self.paths = [part_path(scratch, chunk) for chunk in self._chunks]
        self._n_files = sum(chunk.n_files for chunk in self._chunks)

    def n_read(self) -> int:
        """Files whose part is there."""
        pairs = zip(self._chunks, self.paths, strict=True)
        return sum(chunk.n_files for chunk, path in pairs if path.exists())

    def sweep(self) -> None:
        """Delete the parts, should a run have ended between publishing and deleting them."""
        if any(path.exists() for path in self.paths):
            with contextlib.suppress(HarvestError), writing(self.scratch.parent, command=COMMAND):
                shutil.rmtree(self.scratch)

    def make_parts(self, workers: int, on_files: OnFiles | None) -> list[pa.Array]:
        """Make the parts that are missing; return the ids of each chunk's songs."""
        ids, n_done = [], 0
        made = make_parts(self._chunks, self.paths, self._make(), workers=workers)
        with contextlib.closing(made):
            for chunk, path in zip(self._chunks, made, strict=True):
                songs = read_part(chunk, path, ("songs",))["songs"]
                ids.append(copied(songs["id"].combine_chunks()))
                n_done += chunk.n_files
                if on_files:
                    on_files(n_done, self._n_files)
        return ids

    def _make(self) -> Callable[[Chunk, Path], object]:
        """Choose how parts are made; both ways give the same."""
        if self._n_files - self.n_read() < MANY_FILES:
            return make_part
        from harvest.sources import msd_scan  # noqa: PLC0415  # it loads a compiler

        msd_scan.prepare()
        return msd_scan.make_part

    def merge(self, numbers: SongNumbers, made_from: list[MsdInput]) -> MsdManifest:
        """Write the tables into the scratch folder; return their manifest."""
        if not len(numbers.distinct):
            raise InputError(self._nothing_read())
        with (
            writers(self.scratch, MSD_SCHEMAS, plain=["lastfm_track", "lastfm_similar"]) as opened,
            durable_text(self.scratch / MALFORMED_NAME) as malformed,
        ):
            ids, page_similars = self._ids(numbers.distinct)
            merger = Merger(opened, numbers, ids, malformed, page_similars=page_similars)
            for _ in merger.add_all(self._read_parts()):
                pass
        counts = MsdCounts(
            files=self._n_files,
            songs=len(numbers.distinct),
            named_only=opened["lastfm_track"].rows - len(numbers.distinct),
            tags=opened["lastfm_tag"].rows,
            similars=opened["lastfm_similar"].rows,
            duplicates=numbers.n_duplicates,
            malformed=merger.n_malformed,
        )
        top_tags, first = merger.tags.top(TOP_TAGS), merger.first_malformed
        return MsdManifest(made_from, counts, top_tags, first, stamps(self.scratch, MSD_SCHEMAS))

    def _ids(self, known: pa.Array) -> tuple[IdNumbers, int]:
        """Choose how ids are numbered, and how many together; both ways give the same."""
        if self._n_files < MANY_FILES:
            return LookedUp(known), PAGE_SIMILARS
        from harvest.sources.msd_hashed import Hashed  # noqa: PLC0415  # it loads a compiler

        return Hashed(known), FEW_SIMILARS

    def _read_parts(self) -> Iterator[tuple[str, Tables]]:
        for name, chunk, path in zip(self._names, self._chunks, self.paths, strict=True):
            yield name, read_part(chunk, path)

    def _nothing_read(self) -> str:
        (first, *_) = read_part(self._chunks[0], self.paths[0])["malformed"].to_pylist()
        what = f"{first['file']} {first['reason']}"
        return f"no file of {self._n_files:,} can be read; {what}; give {WANTED}"


def _hashes(inputs: Sequence[MsdInput]) -> list[str]:
    return [each.sha256 for each in inputs]


_FILES = (MALFORMED_NAME, *(f"{name}.parquet" for name in MSD_SCHEMAS))
