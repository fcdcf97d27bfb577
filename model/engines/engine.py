"""Where work is done: here, in processes of this machine, or by a Dask cluster.

Whatever the engine, results are the same: each piece of work opens the files that it needs, is
done on one thread, and depends on nothing else.
"""

import atexit
import contextlib
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from pathlib import Path
from typing import Any, Protocol, TypeVar

from joblib.externals.loky import ProcessPoolExecutor, get_reusable_executor, process_executor
from threadpoolctl import threadpool_limits

from model.engines.dask_engine import Cluster
from model.engines.outcomes import Outcome, attempt, result_of
from model.errors import ModelError

MAX_LOSSES = 3
"""Times in succession that workers may be lost before any piece of work was finished."""

IDLE_S = 300
"""How long workers wait for the next run before they end: to start them takes seconds."""

WATCH_EVERY_S = 0.5

FEEDER_S = 5
"""How long the thread that feeds workers is waited for after they have ended."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class Engine(Protocol):
    """Does pieces of work."""

    def run(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        *,
        needs: Sequence[Path] = (),
    ) -> Iterator[tuple[Item, Result]]:
        """Yield each item with its result, in any order, as soon as it is there.

        Parameters
        ----------
        work : callable
            A function of a module: processes import it by its name.
        items : sequence
            Small: they are sent to where the work is done.
        needs : sequence of Path
            Files that the work opens, and that every worker must see as they are here.

        Raises
        ------
        Exception
            The first that any piece of work raises, at once and as itself.
        """
        ...


class Here:
    """Does one piece after another in this process."""

    def run(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        *,
        needs: Sequence[Path] = (),
    ) -> Iterator[tuple[Item, Result]]:
        """Yield each item with its result, in order."""
        for item in items:
            with threadpool_limits(1):
                result = work(item)
            yield item, result


class Processes:
    """Does as many pieces at a time as there are workers, each a process with one thread.

    Workers outlive a run, so that the next one in this process starts at once. They end with this
    process, however it ends.

    Parameters
    ----------
    workers : int
        At least 1.
    are_kept : bool
        Whether workers outlive a run; if not, none of them has done anything before it.
    """

    def __init__(self, workers: int, *, are_kept: bool = True) -> None:
        self._workers = workers
        self._are_kept = are_kept

    def run(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        *,
        needs: Sequence[Path] = (),
    ) -> Iterator[tuple[Item, Result]]:
        """Yield each item with its result, as they come; what a lost worker had is done again.

        Left before its end, by an error, a signal or `close`, it ends the workers at once.

        Raises
        ------
        ModelError
            If workers are lost again and again.
        """
        left, losses = dict(enumerate(items)), 0
        while left:
            try:
                with contextlib.closing(self._try(work, left)) as outcomes:
                    for place, outcome in outcomes:
                        item, losses = left.pop(place), 0
                        yield item, result_of(outcome)
            except BrokenExecutor as error:
                losses += 1
                if losses == MAX_LOSSES:
                    raise _lost(self._workers) from error

    def _try(
        self, work: Callable[[Item], Result], left: dict[int, Item]
    ) -> Generator[tuple[int, Outcome[Result]], None, None]:
        """Keep a few pieces in line for each worker until all are done or a worker is lost."""
        pool = self._pool()
        waiting = deque(left.items())
        doing: dict[Future[Outcome[Result]], int] = {}
        try:
            while waiting or doing:
                while waiting and len(doing) < 2 * self._workers:
                    place, item = waiting.popleft()
                    doing[_submit(pool, work, item)] = place
                for future in wait(doing, return_when=FIRST_COMPLETED).done:
                    yield doing.pop(future), future.result()
        finally:
            if doing or not self._are_kept:
                _end(pool)

    def _pool(self) -> Any:
        with _undisturbed():
            if not self._are_kept:
                return ProcessPoolExecutor(self._workers, initializer=_settle_in)
            pool = get_reusable_executor(self._workers, timeout=IDLE_S, initializer=_settle_in)
            atexit.unregister(_end)
            atexit.register(_end, pool)
            return pool


def cluster_at(address: str | None) -> Engine | None:
    """Connect to a Dask scheduler, if there is an address; without one nobody is chosen.

    Raises
    ------
    InputError
        If the cluster cannot be used.
    """
    if address is None:
        return None
    cluster = Cluster(address)
    cluster.check()
    return cluster


def processes_for(workers: int) -> Engine:
    """Give as many processes of this machine; for one worker this process.

    Examples
    --------
    >>> sorted(processes_for(1).run(len, ["a", "bc"]))
    [('a', 1), ('bc', 2)]
    """
    return Processes(workers) if workers > 1 else Here()


def _submit(pool: Any, work: Callable[[Item], Result], item: Item) -> Future[Outcome[Result]]:
    """Hand a piece of work in; processes that this starts know nothing of Ctrl-C.

    A terminal sends it to all processes alike; theirs would each print a traceback.
    """
    with _undisturbed():
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            future: Future[Outcome[Result]] = pool.submit(attempt, work, item)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return future


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Put off signals that end this program: half made, a semaphore would be left behind.

    Blocking them is not enough, since another thread may be the one that they reach.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        if came:
            signal.raise_signal(came[0])


def _end(pool: Any) -> None:
    """End the workers, and wait for the thread that fed them.

    loky does not wait for it: this process, ending meanwhile, would now and then leave it no time
    to say that a semaphore is gone, and a warning of a leak would follow the last line.
    """
    with _undisturbed():
        # loky names this thread nowhere in public. It has none before the first piece of work, and
        # all feeders bear one name, so that looking for it by name could wait for another pool's.
        feeder = getattr(pool._call_queue, "_thread", None)  # noqa: SLF001
        pool.shutdown(wait=True, kill_workers=True)
        if feeder is not None:
            feeder.join(FEEDER_S)


def _settle_in() -> None:
    """Make a new worker ready."""
    # A worker that maps large files is taken for one that leaks memory, and started anew; loky has
    # no public name for that bound.
    process_executor._MAX_MEMORY_LEAK_SIZE = float("inf")  # noqa: SLF001
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process when its parent has ended without a word, as by SIGKILL."""
    while os.getppid() == parent:
        time.sleep(WATCH_EVERY_S)
    os._exit(1)


def _lost(workers: int) -> ModelError:
    return ModelError(
        f"worker processes ended {MAX_LOSSES} times before anything was finished, perhaps for "
        f"lack of memory: try fewer than {workers} with --workers; what was finished is kept"
    )
