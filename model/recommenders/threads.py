"""Rows that need nothing of each other, worked on by threads."""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

from model.processors import processors

S = TypeVar("S")
T = TypeVar("T")
_LEAST_ROWS = 16
"""Rows that are worth a thread of their own."""
_own = threading.local()
"""Of a thread that was started here: `n_threads`, and `ended`, which those that wait for it set."""


class Unwanted(Exception):
    """Nobody waits any more for what this thread works on."""


def check_wanted() -> None:
    """End this thread's work if those who wait for it were interrupted.

    Raises
    ------
    Unwanted
    """
    if any(ended.is_set() for ended in getattr(_own, "ended", ())):
        raise Unwanted


def n_threads() -> int:
    """How many threads the calling one may start: within each other, they share the processors."""
    return int(getattr(_own, "n_threads", processors()))


def in_threads(work: Callable[[int, int], T], n_rows: int) -> list[T]:
    """Let each processor work on a run of rows.

    Parameters
    ----------
    work : callable
        Takes the first row and the one behind the last. Whatever it compiles runs beside others.
    n_rows : int

    Returns
    -------
    list
        What it gave, in the order of the rows; one result at least.

    Examples
    --------
    >>> in_threads(lambda first, stop: stop - first, 10)
    [10]
    """
    check_wanted()
    n_parts = max(1, min(n_threads(), n_rows // _LEAST_ROWS))
    if n_parts == 1:
        return [work(0, n_rows)]
    cuts = [n_rows * part // n_parts for part in range(n_parts + 1)]
    with _pool(n_parts, each_may_start=1) as pool:
        return list(pool.map(work, cuts[:-1], cuts[1:]))


def blocks_in_threads(work: Callable[[int, int], T], n_rows: int, *, size: int) -> list[T]:
    """Let each processor take the next block of rows, until none is left.

    Parameters
    ----------
    work : callable
        As of `in_threads`.
    n_rows : int
    size : int
        Rows of a block, but for the last one, however many processors there are.

    Returns
    -------
    list
        What it gave, in the order of the blocks.

    Examples
    --------
    >>> blocks_in_threads(lambda first, stop: (first, stop), 10, size=4)
    [(0, 4), (4, 8), (8, 10)]
    """
    check_wanted()

    def run(first: int) -> T:
        check_wanted()
        return work(first, min(first + size, n_rows))

    starts = range(0, n_rows, size)
    if min(n_threads(), len(starts)) <= 1:
        return [run(first) for first in starts]
    with _pool(min(n_threads(), len(starts)), each_may_start=1) as pool:
        return list(pool.map(run, starts))


def each_in_threads(work: Callable[[S], T], items: Iterable[S]) -> Iterator[T]:
    """Let each processor work on one of some large things at a time.

    Examples
    --------
    >>> list(each_in_threads(len, [[1, 2], [3]]))
    [2, 1]
    """
    check_wanted()
    # Things are not equally large: two threads for each keep all at work until the last is done.
    with _pool(n_threads(), each_may_start=2) as pool:
        yield from pool.map(work, items)


@contextmanager
def _pool(n: int, *, each_may_start: int) -> Iterator[ThreadPoolExecutor]:
    """Start threads; interrupted, tell them so, rather than wait until all is done."""
    ended = threading.Event()
    chain = (*getattr(_own, "ended", ()), ended)

    def begin() -> None:
        _own.n_threads, _own.ended = each_may_start, chain

    with ThreadPoolExecutor(n, initializer=begin) as pool:
        try:
            yield pool
        except BaseException:
            ended.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class _OneBlasThread:
    """Limits the threads once for all that hold it at a time.

    To find the libraries that compute products of matrices takes five thousandths of a second.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._n_holders = 0
        self._limits: Any = None

    def __enter__(self) -> None:
        with self._lock:
            if not self._n_holders:
                # It brings a library of its own, and only what is loaded can be limited.
                import_module("scipy.linalg")
                self._limits = threadpool_limits(1, user_api="blas")
            self._n_holders += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._n_holders -= 1
            if not self._n_holders:
                self._limits.restore_original_limits()


_one_blas_thread = _OneBlasThread()


def one_blas_thread() -> AbstractContextManager[None]:
    """Let products of matrices run in the thread that asks for them, within a ``with`` block.

    Those here are small: where other programs run too, threads that wait for each other at every
    product took ten times as long as one alone.
    """
    return _one_blas_thread
