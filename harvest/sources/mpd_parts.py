"""Slices -> part files, in this process or in several; what is there already is reused.

A part file is a slice's three tables as Arrow streams, one behind the other. It is named by its
slice's fingerprint and appears whole or not at all, so that a part which exists need not be made.
"""

import contextlib
import hashlib
import json
import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Collection, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import fields
from multiprocessing.connection import Connection
from pathlib import Path

import pyarrow as pa

from harvest.errors import Postponed
from harvest.sources.mpd_input import Slice, read_slice
from harvest.sources.mpd_slice import SliceTables, slice_tables

PART_VERSION = 1
WORKER_LOST = (
    "a worker process was killed, maybe for want of memory; run the same again, and it goes on at"
    " the slice where it stopped"
)

_TABLES = [field.name for field in fields(SliceTables) if field.name != "tallies"]
_TALLIES = b"tallies"
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")  # read in a third of zstd's time


def part_path(directory: Path, source: Slice) -> Path:
    """Where a slice's part lies."""
    name = hashlib.sha256(f"{PART_VERSION} {source.fingerprint}".encode()).hexdigest()
    return directory / f"{name[:32]}.part"


def parse(source: Slice, *, known_pids: Collection[int] = ()) -> SliceTables:
    """Read a slice and turn it into tables, leaving out the playlists met before."""
    return slice_tables(read_slice(source), name=source.name, known_pids=known_pids)


def parts(slices: Sequence[Slice], directory: Path, *, workers: int) -> Generator[SliceTables]:
    """Yield each slice's tables in order; make the parts that are missing.

    Parameters
    ----------
    slices : sequence of Slice
        In the order wanted.
    directory : Path
        Of the part files.
    workers : int
        Processes that parse; with 1, or where no more than one part is missing, it is done here.

    Yields
    ------
    SliceTables
        No more than `workers` + 1 slices are under way beyond the one yielded.

    Raises
    ------
    InputError
        A slice is not usable.
    Postponed
        A worker process was killed.
    """
    n_missing = sum(not part_path(directory, each).exists() for each in slices)
    if min(workers, n_missing) <= 1:
        yield from (_made(each, directory) for each in slices)
        return
    try:
        with _pool(min(workers, n_missing)) as pool:
            yield from _made_ahead(slices, directory, pool, n_ahead=workers + 1)
    except BrokenProcessPool as error:
        raise Postponed(WORKER_LOST) from error


def write_part(tables: SliceTables, path: Path) -> None:
    """Write a part so that it appears whole, and stays after a power cut."""
    # The process id, because a worker of a run just killed may still be writing its own.
    unfinished = path.with_suffix(f".{os.getpid()}")
    with unfinished.open("wb") as file:
        for name in _TABLES:
            table = getattr(tables, name).replace_schema_metadata(
                {_TALLIES: json.dumps(tables.tallies)}
            )
            with pa.ipc.new_stream(file, table.schema, options=_OPTIONS) as stream:
                stream.write_table(table)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def read_part(path: Path) -> SliceTables | None:
    """Read a part; None where it does not exist or is damaged."""
    try:
        with pa.memory_map(str(path)) as file:
            tables = {name: pa.ipc.open_stream(file).read_all() for name in _TABLES}
        tallies = json.loads(tables[_TABLES[0]].schema.metadata[_TALLIES])
    except (OSError, ValueError, pa.ArrowException):
        return None
    return SliceTables(**tables, tallies=Counter(tallies))


def _make(source: Slice, path: Path) -> SliceTables:
    tables = parse(source)
    write_part(tables, path)
    return tables


def _made(source: Slice, directory: Path) -> SliceTables:
    path = part_path(directory, source)
    return read_part(path) or _make(source, path)


def _make_quietly(source: Slice, path: Path) -> None:
    _make(source, path)


def _made_ahead(
    slices: Sequence[Slice], directory: Path, pool: ProcessPoolExecutor, *, n_ahead: int
) -> Iterator[SliceTables]:
    waiting: deque[tuple[Slice, Future[None] | None]] = deque()
    for source in slices:
        path = part_path(directory, source)
        waiting.append((source, None if path.exists() else _submit(pool, source, path)))
        if len(waiting) > n_ahead:
            yield _next(waiting, directory)
    while waiting:
        yield _next(waiting, directory)


def _next(waiting: deque[tuple[Slice, Future[None] | None]], directory: Path) -> SliceTables:
    source, future = waiting.popleft()
    if future is not None:
        future.result()
    return _made(source, directory)


def _submit(pool: ProcessPoolExecutor, source: Slice, path: Path) -> "Future[None]":
    with _interrupts_held():
        return pool.submit(_make_quietly, source, path)


@contextlib.contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Start workers that end as soon as this process leaves the block, by whatever way."""
    context = multiprocessing.get_context("spawn")
    receiver, lifeline = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(
        workers, mp_context=context, initializer=_end_with, initargs=(receiver,)
    )
    try:
        yield pool
        pool.shutdown()
    finally:
        lifeline.close()
        pool.shutdown(cancel_futures=True)
        receiver.close()


def _end_with(lifeline: Connection) -> None:
    threading.Thread(target=_await_end, args=(lifeline,), daemon=True).start()


def _await_end(lifeline: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        lifeline.recv_bytes()
    os._exit(1)


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back; a process started meanwhile never sees it, and is ended by its parent."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
