"""How one batch is asked for until each of its tracks has an answer, or is judged to get none.

A failing batch is cut in halves until the track that spoils it stands alone, unless the service
itself is down: then everybody pauses, longer each time, and no track is charged an attempt.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import cycle

from harvest import worklist
from harvest.asking.answers import Answers, Means
from harvest.asking.health import is_of_service
from harvest.asking.refusals import Kind, Refusal
from harvest.asking.taking import take
from harvest.errors import (
    CredentialsRefused,
    Forbidden,
    NothingToAsk,
    RequestError,
    RequestRejected,
    TokenRefused,
    TransientError,
    Unexpected,
    UnusableReply,
)
from harvest.sending.client import MAX_TRIES
from harvest.source import Reply, Source, read_reply
from harvest.worklist import Commit, Task

# Tries for tracks of which one has failed while the service was up: they have more rounds to come.
SUSPECT_TRIES = 2
# Signs in a row that the service is up, between which tracks fail. A single track, which is to be
# charged, fails between two, for an outage may have covered all its tries; and where what comes
# speaks of the service rather than the track, so often that hardly any part of requests that fails
# would show a service to be up each time, and the track not to be answered.
SURE, SURE_OF_SERVICE = 2, 5
ENOUGH_REFUSED = 3  # single tracks, to take it that all are
REFUSED_ALONE = "refused (401), while others are served with the same token"


class Asker:
    """Asks a service for tasks, part by part, and hands on what is to be committed.

    Parameters
    ----------
    source : Source
    means : Means
    on_single : callable
        Told the service's address where it refuses batches and serves single tracks.

    """

    def __init__(
        self, source: Source, means: Means, *, on_single: Callable[[str], Awaitable[None]]
    ) -> None:
        self._means = means
        self._on_single = on_single
        self._falling_back = asyncio.Lock()
        self._answers = Answers(source, means)
        self._health = self._answers.health
        self._refusals = self._answers.refusals

    @property
    def source(self) -> Source:
        """The service as it is asked now."""
        return self._answers.source

    async def settle(self, tasks: Sequence[Task]) -> None:
        """Ask for every wanted part that `tasks` lack; tasks of one batch lack the same parts."""
        while (number := worklist.next_part(tasks, self.source.wanted)) is not None:
            is_suspect = any(task.attempts for task in tasks)
            tries = SUSPECT_TRIES if is_suspect else MAX_TRIES
            tasks = await self._ask(tasks, number, tries=tries)

    async def _ask(
        self, tasks: Sequence[Task], number: int, *, tries: int = MAX_TRIES
    ) -> Sequence[Task]:
        """Ask for part `number` of `tasks`; return those of which more is worth asking for."""
        if len(tasks) <= self.source.batch_size:
            try:
                return await self._ask_together(tasks, number, tries=tries)
            except NothingToAsk as error:
                return await self._pass_over(tasks, number, error)
        return [left for task in tasks for left in await self._ask([task], number, tries=tries)]

    async def _pass_over(
        self, tasks: Sequence[Task], number: int, error: NothingToAsk
    ) -> Sequence[Task]:
        """Take tracks that nothing can be asked by for unknown, and ask for the others."""
        passed = [task for task in tasks if error.concerns(task.spotify_id)]
        await self._means.commit(Commit([worklist.missing(task, str(error)) for task in passed]))
        others = [task for task in tasks if task not in passed]
        return await self._ask(others, number) if others else []

    async def _ask_together(
        self, tasks: Sequence[Task], number: int, *, tries: int
    ) -> Sequence[Task]:
        source, part = self.source, self.source.parts[number]
        pauses = signs = 0
        while True:
            answered = self._means.pacer.tally.answered
            try:
                reply = await self._answers.reply(
                    tasks, part, tries=1 if signs else tries, pauses=pauses
                )
                return await self._take(tasks, number, reply)
            except RequestRejected as error:
                return await self._narrow(tasks, number, error)
            except (Forbidden, CredentialsRefused) as error:
                kind = await self._refusals.judge(source, tasks, part, error)
                if kind is not Kind.PASSING:
                    return await self._refused(source, tasks, number, error, kind=kind)
            except TransientError as error:
                is_up = await self._seems_up(tasks, part, pauses, answered, error)
                signs = signs + 1 if is_up else 0
                if signs >= _signs_needed(tasks, error):
                    return await self._narrow(tasks, number, error)
            pauses += not signs

    async def _refused(
        self, source: Source, tasks: Sequence[Task], number: int, error: Refusal, *, kind: Kind
    ) -> Sequence[Task]:
        """Hold a refusal against `tasks` where others are served; else take it."""
        if kind is Kind.ALONE:
            why = REFUSED_ALONE if isinstance(error, TokenRefused) else f"{error}; others are not"
            return await self._narrow(tasks, number, UnusableReply(why))
        if isinstance(error, Forbidden):
            return await self._fall_back(source, tasks, number, error)
        raise error

    async def _fall_back(
        self, source: Source, tasks: Sequence[Task], number: int, error: Forbidden
    ) -> Sequence[Task]:
        """Ask for single tracks where batches are refused; raise where these are refused too."""
        survivors: Sequence[Task] = []
        async with self._falling_back:
            if self.source is source:
                single = source.single()
                if single is None:
                    raise CredentialsRefused(str(error)) from error
                task, reply = await self._ask_any(single, tasks, number)
                self._answers.source = single
                self._refusals.served(single)
                await self._on_single(source.address)
                if task in tasks:
                    survivors = await self._take([task], number, reply)
                    tasks = [other for other in tasks if other != task]
        return [*survivors, *await self._ask(tasks, number)] if tasks else survivors

    async def _ask_any(
        self, single: Source, tasks: Sequence[Task], number: int
    ) -> tuple[Task, Reply]:
        """Ask for one of `tasks`, or another, by itself, until one is answered or some refused."""
        part, refused = single.parts[number], set()
        candidates = [*tasks, *await self._means.others(tasks[0])]
        enough = min(ENOUGH_REFUSED, len({task.spotify_id for task in candidates}))
        for task in cycle(candidates):
            try:
                read = partial(self._answers.shapes.read, read_reply, single, [task], part)
                return task, await self._means.client.call(single.request([task], part), read)
            except NothingToAsk:
                continue  # of another batch, which finds out by itself
            except (Forbidden, Unexpected) as error:
                refused.add(task.spotify_id)
                if len(refused) >= enough:
                    raise CredentialsRefused(str(error)) from error
            except RequestRejected as error:
                return task, Reply((), rejected={task.spotify_id: str(error)})
            except TransientError as error:
                await self._answers.pause(error)
        raise AssertionError("cycle() does not end")

    async def _seems_up(
        self,
        tasks: Sequence[Task],
        part: str,
        pauses: int,
        answered: int,
        error: TransientError,
    ) -> bool:
        """Say whether the service is up, by what `answered` was before; pause where it is not.

        That others were answered meanwhile shows nothing where some of all requests fail.
        """
        if self._means.pacer.tally.answered > answered and not is_of_service(error):
            return True
        if await self._health.is_up(part, tasks=tasks, pauses=pauses, error=error):
            return True
        await self._answers.pause(error)
        return False

    async def _narrow(
        self, tasks: Sequence[Task], number: int, error: RequestError
    ) -> Sequence[Task]:
        """Ask for each half by itself; charge a single track with the failure."""
        if len(tasks) > 1:
            middle = len(tasks) // 2
            first = await self._ask(tasks[:middle], number, tries=SUSPECT_TRIES)
            return [*first, *await self._ask(tasks[middle:], number, tries=SUSPECT_TRIES)]
        (task,) = tasks
        is_final, why = isinstance(error, RequestRejected), str(error)
        now = self._means.clock()
        change = worklist.dead(task, why) if is_final else worklist.failed(task, why, now=now)
        await self._means.commit(Commit([change]))
        return []

    async def _take(self, tasks: Sequence[Task], number: int, reply: Reply) -> Sequence[Task]:
        """Commit what `reply` says; return the tasks of which more is worth asking for."""
        taken = take(reply, tasks, number, source=self.source, now=self._means.clock())
        self._means.pacer.tally.rejected += len(reply.rejected)
        await self._means.commit(Commit(taken.changes, reply.records))
        return taken.left


def _signs_needed(tasks: Sequence[Task], error: TransientError) -> int:
    """Return how many signs that the service is up hold a failure against `tasks`."""
    if is_of_service(error):
        return SURE_OF_SERVICE if len(tasks) == 1 else SURE
    return SURE if len(tasks) == 1 else 1
