"""A Dask cluster, for those who outgrow one machine.

Workers open the same files as this process does: the state directory has to lie at the same path on
all machines, on a file system that they share, and the same versions have to be installed. Both
are looked at before work is sent.
"""

import asyncio
import contextlib
import importlib
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from model.engines.outcomes import Outcome, attempt, result_of
from model.errors import InputError, ModelError
from model.storage.recipes import hash_file, library_versions

WAIT_S = 10.0
"""How long to wait for the scheduler, and then for the first worker, in seconds."""

IN_LINE = 2
"""Pieces of work that are sent for each thread of the cluster, the one at work among them."""

MAX_LOSSES = 3
"""Times that one piece of work may be given up by the cluster, its workers having died of it."""

Item = TypeVar("Item")
Result = TypeVar("Result")
_Sight: TypeAlias = tuple[dict[str, str], dict[Path, str | None]]


class Cluster:
    """Sends pieces of work to the workers of a Dask cluster.

    Parameters
    ----------
    address : str
        Of the scheduler, ``tcp://HOST:PORT``.
    wait_s : float
        How long to wait for the scheduler, and for the first worker.
    """

    def __init__(self, address: str, *, wait_s: float = WAIT_S) -> None:
        self._address = address
        self._wait_s = wait_s

    def check(self, needs: Sequence[Path] = ()) -> None:
        """Look whether the cluster can do the work.

        Parameters
        ----------
        needs : sequence of Path
            Files that every worker must see as they are here.

        Raises
        ------
        InputError
            If Dask is not installed here, no scheduler answers, there are no workers, or one of
            them has other versions or other files.
        """
        with self._connected() as client:
            _check_workers(client, needs)

    def run(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        *,
        needs: Sequence[Path] = (),
    ) -> Iterator[tuple[Item, Result]]:
        """Yield each item with its result, as they come; what a lost worker had is done again.

        Left before its end, it takes back what no worker has begun.

        Raises
        ------
        InputError
            As `check`.
        ModelError
            If the scheduler is lost, or workers die of one piece of work again and again.
        """
        with self._connected() as client:
            _check_workers(client, needs)
            for place, outcome in self._outcomes(client, work, items):
                yield items[place], result_of(outcome)

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Any]:
        distributed = _import()
        client = _connect(distributed, self._address, self._wait_s)
        try:
            _await_worker(client, self._address, self._wait_s)
            yield client
        finally:
            client.close(timeout=self._wait_s)

    def _outcomes(
        self, client: Any, work: Callable[[Item], Result], items: Sequence[Item]
    ) -> Iterator[tuple[int, Outcome[Result]]]:
        """Keep a few pieces in line for each thread; their number follows the cluster's size."""
        done = _import().as_completed(with_results=True, raise_errors=False, loop=client.loop)
        waiting, losses = deque(range(len(items))), Counter[int]()
        doing: dict[Any, int] = {}
        while waiting or doing:
            for _ in range(min(len(waiting), _room(client, self._address) - len(doing))):
                place = waiting.popleft()
                future = client.submit(attempt, work, items[place], pure=False)
                doing[future] = place
                done.add(future)
            future, outcome = next(done)
            place = doing.pop(future)
            if future.status == "finished":
                yield place, outcome
            else:
                losses[place] += 1
                _check_loss(outcome, losses[place], self._address)
                waiting.append(place)


def _import() -> Any:
    try:
        import distributed  # noqa: PLC0415  # An extra, and slow to import.
    except ImportError as error:
        msg = "--dask needs Dask, which is not installed: pip install 'playlist-harvest[dask]'"
        raise InputError(msg) from error
    return distributed


def _connect(distributed: Any, address: str, wait_s: float) -> Any:
    # Others than TCP have no time-out, or no other machines.
    if not re.fullmatch(r"(tcp://)?(\[[^\]]+\]|[^:/\s]+):\d+/?", address):
        msg = f"--dask {address!r}: expected tcp://HOST:PORT, as the Dask scheduler prints it"
        raise InputError(msg)
    try:
        # A client by itself waits for ever on something that listens there and is no scheduler.
        asyncio.run(asyncio.wait_for(_greet(address, wait_s), wait_s + 1))
        return distributed.Client(address, timeout=wait_s, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        msg = (
            f"no Dask scheduler answers at {address} within {wait_s:g} s: is it running, and can "
            "it be reached from here?"
        )
        raise InputError(msg) from error


async def _greet(address: str, wait_s: float) -> None:
    """Say hello, which only a Dask process answers."""
    connect = importlib.import_module("distributed.comm").connect

    comm = await connect(address, timeout=wait_s)
    comm.abort()


def _await_worker(client: Any, address: str, wait_s: float) -> None:
    try:
        client.wait_for_workers(1, timeout=wait_s)
    except TimeoutError as error:
        msg = (
            f"the Dask cluster at {address} has no workers, nor got one within {wait_s:g} s: start "
            f"some with `dask worker {address} --nthreads 1`"
        )
        raise InputError(msg) from error


def _check_workers(client: Any, needs: Sequence[Path]) -> None:
    """Compare what each worker has with what is here."""
    here = _look(needs)
    for worker, there in client.run(_look, needs, on_error="return").items():
        if isinstance(there, BaseException):
            msg = (
                f"the Dask worker {worker} cannot run this program ({there}): install the same "
                f"version of it there as here"
            )
            raise InputError(msg)
        _compare(here, there, worker)


def _look(needs: Sequence[Path]) -> _Sight:
    """Say which versions there are, and what the files hold; None where one cannot be read."""
    return library_versions(), {path: _hash(path) for path in needs}


def _hash(path: Path) -> str | None:
    try:
        return hash_file(path)
    except OSError:
        return None


def _compare(here: _Sight, there: _Sight, worker: str) -> None:
    for name, version in here[0].items():
        if there[0].get(name) != version:
            msg = (
                f"the Dask worker {worker} has {name} {there[0].get(name)}, here is {version}: "
                "results could differ; install the same version"
            )
            raise InputError(msg)
    for path, content in here[1].items():
        if there[1][path] != content or content is None:
            what = "cannot read" if there[1][path] is None else "has something else at"
            msg = (
                f"the Dask worker {worker} {what} {path}: the state directory must lie at the same "
                "path on all machines, on a file system that they share"
            )
            raise InputError(msg)


def _room(client: Any, address: str) -> int:
    """How many pieces of work may be with the cluster at a time."""
    try:
        return max(IN_LINE, IN_LINE * sum(map(int, client.nthreads().values())))
    except (OSError, ValueError) as error:
        raise _scheduler_lost(address) from error


def _check_loss(outcome: object, losses: int, address: str) -> None:
    """Let a piece of work be done again, if that may help."""
    if isinstance(outcome, CancelledError):
        raise _scheduler_lost(address) from outcome
    error = outcome[1] if isinstance(outcome, tuple) else outcome
    assert isinstance(error, BaseException)
    if not isinstance(error, _import().KilledWorker):
        raise error
    if losses == MAX_LOSSES:
        msg = (
            f"workers of the Dask cluster at {address} ended again and again over one piece of "
            "work, perhaps for lack of memory; what was finished is kept"
        )
        raise ModelError(msg) from error


def _scheduler_lost(address: str) -> ModelError:
    return ModelError(
        f"lost the Dask scheduler at {address}; what was finished is kept: run the same again"
    )
