"""Pieces of an input -> part files, in this process or in several; what is there is reused.

A part file holds tables as Arrow streams, one behind the other. It is named by the fingerprint of
the piece that it was made from and appears whole or not at all, so that a part which exists need
not be made.
"""

import contextlib
import gc
import hashlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from harvest.errors import Postponed
from harvest.tables import opened
from harvest.whole_files import whole

WORKER_LOST = (
    "a worker process was killed, maybe for want of memory; run the same again, and it goes on"
    " where it stopped"
)

Piece = TypeVar("Piece")
Make = Callable[[Piece, Path], object]

_SUFFIX = ".part"
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")  # read in a third of zstd's time


def part_path(directory: Path, fingerprint: str, *, version: int) -> Path:
    """Where the part of a piece lies.

    Parameters
    ----------
    directory : Path
        Of the part files.
    fingerprint : str
        Of the piece.
    version : int
        Of the part's layout; parts of another one are not used.
    """
    name = hashlib.sha256(f"{version} {fingerprint}".encode()).hexdigest()
    return directory / f"{name[:32]}{_SUFFIX}"


def keep_only(directory: Path, wanted: Collection[Path]) -> int:
    """Make a folder of parts; of what lies in it, keep and count the wanted, delete the rest."""
    directory.mkdir(exist_ok=True)
    kept = 0
    for found in directory.iterdir():
        if found in wanted:
            kept += 1
        else:
            found.unlink()
    return kept


def tidy(directory: Path, wanted: Collection[Path]) -> None:
    """Do so as well as it can be done, and delete the folder where no part is left."""
    with contextlib.suppress(OSError):
        keep_only(directory, wanted)
        directory.rmdir()


def make_parts(
    pieces: Sequence[Piece], paths: Sequence[Path], make: Make[Piece], *, workers: int
) -> Generator[Path]:
    """Make the parts that are missing, and yield the path of each, in order.

    Parameters
    ----------
    pieces : sequence
        In the order wanted; picklable.
    paths : sequence of Path
        Of their parts.
    make : callable
        Writes a piece's part; of a module's top level, so that another process finds it.
    workers : int
        Processes that do so; with 1, or where no more than one part is missing, it is done here.

    Yields
    ------
    Path
        No more than `workers` + 1 pieces are under way beyond the one yielded.

    Raises
    ------
    Postponed
        A worker process was killed. What `make` raises comes through.
    """
    n_missing = sum(not path.exists() for path in paths)
    if min(workers, n_missing) <= 1:
        for piece, path in zip(pieces, paths, strict=True):
            if not path.exists():
                _make_one(make, piece, path)
            yield path
        return
    try:
        with _pool(min(workers, n_missing)) as pool:
            yield from _made_ahead(pieces, paths, make, pool, n_ahead=workers + 1)
    except BrokenProcessPool as error:
        raise Postponed(WORKER_LOST) from error


def write_part(path: Path, tables: Mapping[str, pa.Table], *, is_compressed: bool = True) -> None:
    """Write a part so that it appears whole, and stays after a power cut.

    Parameters
    ----------
    path : Path
    tables : mapping of str to pyarrow.Table
    is_compressed : bool
        Not worth it where most of the part is all but random, such as ids.
    """
    options = _OPTIONS if is_compressed else pa.ipc.IpcWriteOptions()
    with whole(path) as file:
        for table in tables.values():
            with pa.ipc.new_stream(file, table.schema, options=options) as stream:
                stream.write_table(table)


def read_part(path: Path, names: Sequence[str]) -> dict[str, pa.Table] | None:
    """Read a part's tables, the first so many as `names` says; None where it is damaged."""
    try:
        # Not mapped, because a table that is kept would keep all of the file in memory.
        with opened(path) as file:
            return {name: pa.ipc.open_stream(file).read_all() for name in names}
    except (OSError, ValueError, pa.ArrowException):
        return None


def _make_one(make: Make[Piece], piece: Piece, path: Path) -> None:
    """Make a part without looking for cycles: a piece makes many objects, and none of these."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        make(piece, path)
    finally:
        if was_on:
            gc.enable()


def _made_ahead(
    pieces: Sequence[Piece],
    paths: Sequence[Path],
    make: Make[Piece],
    pool: ProcessPoolExecutor,
    *,
    n_ahead: int,
) -> Iterator[Path]:
    waiting: deque[tuple[Path, Future[None] | None]] = deque()
    for piece, path in zip(pieces, paths, strict=True):
        waiting.append((path, None if path.exists() else _submit(pool, make, piece, path)))
        if len(waiting) > n_ahead:
            yield _next(waiting)
    while waiting:
        yield _next(waiting)


def _next(waiting: deque[tuple[Path, Future[None] | None]]) -> Path:
    path, future = waiting.popleft()
    if future is not None:
        future.result()
    return path


def _submit(
    pool: ProcessPoolExecutor, make: Make[Piece], piece: Piece, path: Path
) -> "Future[None]":
    with _interrupts_held():
        return pool.submit(_make_one, make, piece, path)


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
