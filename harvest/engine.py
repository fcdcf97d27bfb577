"""Feeder → workers → one writer: asks for every pending task, and loses nothing on the way.

The feeder pages due tasks from the store, workers ask for them, and one writer commits rows and
tasks together, as many at a time as have come in. Whatever ends a job goes through `Stop`: nothing
new is sent, what is in flight has ten seconds to arrive, what arrived is committed.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, TypeVar

from harvest import terms
from harvest.asking.answers import Means
from harvest.asking.asker import Asker
from harvest.asking.known import KnownTracks
from harvest.database.changes import Written
from harvest.database.runs import RunLog
from harvest.errors import DatabaseHeld
from harvest.pacing import Pacer
from harvest.patience.stopping import Stop, Stopped
from harvest.progress import Progress
from harvest.sending.client import Client
from harvest.source import Source
from harvest.store import FROM_THE_START, Store
from harvest.worklist import LONGEST_RETRY_S, Commit, State, Task, batches

PAGE_TASKS = 4000
LARGEST_COMMIT = 128
ENOUGH_ANSWERS = 32  # are worth a commit at once
ENOUGH_TRACKS = 1600  # the same, of answers for many tracks
GATHER_S = 0.01  # a commit costs as much as ten answers; at ten a second it waits for none
DRAIN_S = 10.0
HELD_TRIES = 30  # of ten seconds each, as `database.opening.BUSY_TIMEOUT_S` has it
HELD = "another program is writing to {}; waiting for it, for five minutes at most"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Effort:
    """How much a run may do.

    Attributes
    ----------
    limit : int or None
        Tasks to ask for at most.
    concurrency : int
        Requests at a time.
    max_bytes : int or None
        Of the service's data; once so much is stored, the run stops for later.
    """

    limit: int | None
    concurrency: int
    max_bytes: int | None = None


class Engine:
    """Runs one job once.

    Parameters
    ----------
    source : Source
        The service.
    store : Store
        Open for writing, the job's tasks in it.
    client : Client
    pacer : Pacer
        The client's own.
    stop : Stop
        Ends the run.
    progress : Progress
    effort : Effort
    clock : callable
        Unix seconds.

    Attributes
    ----------
    settled : int
        Tasks that were asked for and came to rest, their twins not counted.
    """

    def __init__(
        self,
        source: Source,
        *,
        store: Store,
        client: Client,
        pacer: Pacer,
        stop: Stop,
        progress: Progress,
        effort: Effort,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.settled = 0
        self._job = source.job
        self._provider = source.provider
        self._store = store
        self._pacer = pacer
        self._stop = stop
        self._progress = progress
        self._effort = effort
        self._clock = clock
        self._batches: asyncio.Queue[Sequence[Task]] = asyncio.Queue()
        self._is_low = asyncio.Event()
        self._low = 0
        self._commits: asyncio.Queue[Commit | None] = asyncio.Queue(LARGEST_COMMIT)
        self._thread = ThreadPoolExecutor(1, "store")
        self._known = KnownTracks(store, source, in_thread=self._in_thread, clock=clock)
        means = Means(
            client=client,
            pacer=pacer,
            commit=self._commits.put,
            known_good=self._known.good,
            others=self._known.others,
            clock=clock,
        )
        self._asker = Asker(source, means, on_single=self._on_single)

    async def run(self, run_id: int) -> None:
        """Ask for all that is due, until nothing is pending, the limit is reached, or a stop.

        Raises
        ------
        HarvestError
            Whatever brought the job to rest before its end.
        """
        writer = asyncio.create_task(self._write(run_id))
        workers = [self._hire(self._work()) for _ in range(self._effort.concurrency)]
        others = [self._hire(self._feed()), self._hire(self._tick())]
        await self._stop.wait()
        await asyncio.wait(workers, timeout=DRAIN_S)
        for member in (*workers, *others):
            member.cancel()
        await asyncio.gather(*workers, *others, return_exceptions=True)
        await self._commits.put(None)
        await writer
        self._thread.shutdown()
        if self._stop.reason:
            raise self._stop.reason

    def note(self) -> None:
        """Have what was counted written soon, though no answer may come for a while."""
        if not self._commits.full():
            self._commits.put_nowait(Commit(()))

    def _hire(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start `work`; an error in it brings everybody to rest."""

        async def watched() -> None:
            try:
                await work
            except Stopped:
                return
            except Exception as error:
                self._stop.request(error)  # `run` raises it once all has come to rest

        return asyncio.create_task(watched())

    async def _feed(self) -> None:
        """Go through the due tasks, again and again, until none is pending."""
        left = self._effort.limit
        while left is None or left > 0:
            fed = await self._feed_once(left)
            await self._stop.unless(self._batches.join())
            await self._stop.unless(self._commits.join())
            left = None if left is None else left - fed
            if not await self._wait_for_due():
                break
        self._stop.request(None)

    async def _wait_for_due(self) -> bool:
        """Wait until a pending task is due; return False where there is none."""
        now = self._clock()
        due_at = await self._in_thread(self._store.next_due_at, self._job)
        if due_at is None:
            return False
        if due_at > now + LONGEST_RETRY_S:  # the clock was set back meanwhile
            bring = partial(self._store.bring_forward, latest=now + LONGEST_RETRY_S)
            await self._in_thread(bring, self._job)
        await self._stop.sleep(min(max(due_at - now, 0), LONGEST_RETRY_S))
        return True

    async def _feed_once(self, left: int | None) -> int:
        """Queue the tasks due by now, `left` at most; return how many.

        Those that fail meanwhile are due later than now, so that no task is in flight twice.
        """
        before, after, fed = self._clock(), FROM_THE_START, 0
        while left is None or fed < left:
            size = self._asker.source.batch_size
            page_size = max(PAGE_TASKS // size, 1) * size
            limit = page_size if left is None else min(page_size, left - fed)
            due = partial(self._store.due, before=before, after=after, limit=limit)
            page = await self._in_thread(due, self._job)
            if not page:
                break
            for batch in batches(page, size):
                self._batches.put_nowait(batch)
            # The next page may have to wait for a commit: it is fetched while half of this is left.
            self._low = max(self._batches.qsize() // 2, self._effort.concurrency)
            self._is_low.clear()
            await self._stop.unless(self._is_low.wait())
            after, fed = (page[-1].next_at, page[-1].seq), fed + len(page)
        return fed

    async def _work(self) -> None:
        while not self._stop:
            batch = await self._next_batch()
            try:
                await self._asker.settle(batch)
            finally:
                self._batches.task_done()

    async def _next_batch(self) -> Sequence[Task]:
        if self._batches.qsize() <= self._low:
            self._is_low.set()
        if self._batches.empty():
            return await self._stop.unless(self._batches.get())
        return self._batches.get_nowait()

    async def _tick(self) -> None:
        written = 0
        while True:
            await self._stop.sleep(1)
            self._progress.tick()
            await self._in_thread(self._store.require_place)
            if self._pacer.tally.sent != written:
                written = self._pacer.tally.sent
                self.note()

    async def _write(self, run_id: int) -> None:
        """Commit what comes in, until None comes."""
        is_open = True
        while is_open:
            ready = [await self._commits.get()]
            if not self._are_enough(self._commits.qsize()):
                await asyncio.sleep(GATHER_S)
            while not self._commits.empty() and len(ready) < LARGEST_COMMIT:
                ready.append(self._commits.get_nowait())
            commits = [commit for commit in ready if commit is not None]
            is_open = len(commits) == len(ready)
            await self._commit(commits, run_id)
            for _ in ready:
                self._commits.task_done()

    def _are_enough(self, n_answers: int) -> bool:
        n_tracks = n_answers * self._asker.source.batch_size
        return n_answers >= ENOUGH_ANSWERS or n_tracks >= ENOUGH_TRACKS

    async def _commit(self, commits: Sequence[Commit], run_id: int) -> None:
        try:
            written = await self._written(commits, run_id)
        except Exception as error:
            # The tasks stay pending: they will be asked for again.
            self._stop.request(error)
            return
        settled = [c for commit in commits for c in commit.changes if c.state != State.PENDING]
        self.settled += sum(len(change.tasks) for change in settled)
        self._known.keep(change.tasks[0] for change in settled if change.state == State.DONE)
        for change in written.changes:
            if change.state != State.PENDING:
                self._progress.settle(change.state, len(change.tasks))
        full = terms.fullness(self._job, written.stored_bytes, self._effort.max_bytes)
        if full:
            self._stop.request(full)

    async def _written(self, commits: Sequence[Commit], run_id: int) -> Written:
        """Write; where another program keeps the file locked, go on trying for some minutes."""
        write = partial(
            self._store.commit, provider=self._provider, run_id=run_id, tally=self._pacer.tally
        )
        for n_tries in count(1):
            try:
                return await self._in_thread(write, self._job, commits)
            except DatabaseHeld:
                if n_tries >= HELD_TRIES or self._stop:
                    raise
                if n_tries == 1:
                    self._progress.say(f"{self._job}: {HELD.format(self._store.path)}")
        raise AssertionError("count() does not end")

    async def _on_single(self, address: str) -> None:
        self._progress.say(
            f"{self._job}: {address} refuses batches (403) and serves single tracks; "
            "going on one by one"
        )
        await self._in_thread(RunLog(self._store).set_single_at, self._job, address)

    async def _in_thread(self, work: Callable[..., T], *args: object) -> T:
        """Run `work`, which touches the store, in the store's one thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)
