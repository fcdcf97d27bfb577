"""How one batch is asked for until each of its tracks has an answer, or is judged to get none.

A failing batch is cut in halves until the track that spoils it stands alone, unless the service
itself is down: then everybody pauses, longer each time, and no track is charged an attempt.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import count

import msgspec

from harvest import worklist
from harvest.errors import (
    CredentialsRefused,
    Forbidden,
    InputError,
    NothingThere,
    RequestError,
    RequestRejected,
    TransientError,
)
from harvest.pacing import Pacer
from harvest.source import Reply, Source
from harvest.transport import MAX_TRIES, Client, Request, Response
from harvest.worklist import Commit, State, Task

# Where no track was ever answered that could show whether the service is up, a failure is held
# against the service this often before it is held against the tracks.
BLIND_PAUSES = 3

# Tries for tracks of which one has failed while the service was up: they have more rounds to come.
SUSPECT_TRIES = 2


class Asker:
    """Asks a service for tasks, part by part, and hands on what is to be committed.

    Parameters
    ----------
    source : Source
    client : Client
    pacer : Pacer
        The client's own.
    commit : callable
        Takes each commit; may wait.
    known_good : callable
        Returns a task that the service has answered before, or None.
    others : callable
        Returns a few tasks other than the one given, those answered before first.
    on_single : callable
        Told the service's address where it refuses batches and serves single tracks.
    clock : callable
        Unix seconds.

    Attributes
    ----------
    source : Source
        As it is asked now.
    """

    def __init__(
        self,
        source: Source,
        *,
        client: Client,
        pacer: Pacer,
        commit: Callable[[Commit], Awaitable[None]],
        known_good: Callable[[], Awaitable[Task | None]],
        others: Callable[[Task], Awaitable[Sequence[Task]]],
        on_single: Callable[[str], Awaitable[None]],
        clock: Callable[[], float],
    ) -> None:
        self.source = source
        self._client = client
        self._pacer = pacer
        self._commit = commit
        self._known_good = known_good
        self._others = others
        self._on_single = on_single
        self._clock = clock
        self._falling_back = asyncio.Lock()

    async def settle(self, tasks: Sequence[Task]) -> None:
        """Ask for every part that `tasks` lack; tasks of one batch lack the same parts."""
        for number in range(len(self.source.parts)):
            if tasks and not tasks[0].parts >> number & 1:
                is_suspect = any(task.attempts for task in tasks)
                tries = SUSPECT_TRIES if is_suspect else MAX_TRIES
                tasks = await self._ask(tasks, number, tries=tries)

    async def _ask(
        self, tasks: Sequence[Task], number: int, *, tries: int = MAX_TRIES
    ) -> Sequence[Task]:
        """Ask for part `number` of `tasks`; return those whose later parts are worth asking for."""
        if len(tasks) <= self.source.batch_size:
            return await self._ask_together(tasks, number, tries=tries)
        return [left for task in tasks for left in await self._ask([task], number, tries=tries)]

    async def _ask_together(
        self, tasks: Sequence[Task], number: int, *, tries: int
    ) -> Sequence[Task]:
        source, part = self.source, self.source.parts[number]
        for pauses in count():
            answered = self._pacer.tally.answered
            try:
                reply = await self._client.call(*self._question(tasks, part), tries=tries)
            except Forbidden as error:
                return await self._fall_back(source, tasks, number, error)
            except RequestRejected as error:
                return await self._narrow(tasks, number, error)
            except NothingThere as error:
                return await self._take(tasks, number, await self._explain(tasks, part, error))
            except TransientError as error:
                others_answered = self._pacer.tally.answered > answered
                if others_answered or await self._is_up(tasks, part, pauses):
                    return await self._narrow(tasks, number, error)
                self._pacer.pause(None, f"no good answer from the service ({error})")
            else:
                return await self._take(tasks, number, reply)
        raise AssertionError("count() does not end")

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
                reply = await self._ask_once(single, tasks[0], number)
                self.source = single
                await self._on_single(source.address)
                survivors, tasks = await self._take(tasks[:1], number, reply), tasks[1:]
        return [*survivors, *await self._ask(tasks, number)] if tasks else survivors

    async def _ask_once(self, single: Source, task: Task, number: int) -> Reply:
        """Ask for one track by itself, until there is an answer or a refusal."""
        part = single.parts[number]
        while True:
            try:
                return await self._client.call(
                    single.request([task], part), partial(single.read, [task], part)
                )
            except (Forbidden, NothingThere) as error:
                raise CredentialsRefused(str(error)) from error
            except RequestRejected as error:
                return Reply((), rejected={task.spotify_id: str(error)})
            except TransientError as error:
                self._pacer.pause(None, f"no good answer from the service ({error})")

    def _question(
        self, tasks: Sequence[Task], part: str
    ) -> tuple[Request, Callable[[Response], Reply]]:
        return self.source.request(tasks, part), partial(self.source.read, tasks, part)

    async def _is_up(self, tasks: Sequence[Task], part: str, pauses: int) -> bool:
        """Say whether the service answers for a track that it answered for before."""
        known = await self._known_good()
        if known is None:
            return pauses >= BLIND_PAUSES
        try:
            await self._client.call(*self._question([known], part), tries=1)
        except TransientError:
            return False
        except RequestError:
            return True  # an answer, if not the one hoped for
        return True

    async def _explain(self, tasks: Sequence[Task], part: str, error: NothingThere) -> Reply:
        """Tell an unknown track from a wrong address, which knows no other track either."""
        if len(tasks) == 1:
            for other in await self._others(tasks[0]):
                try:
                    reply = await self._client.call(*self._question([other], part), tries=1)
                except RequestError:
                    continue
                if reply.records:
                    return Reply((), missing={tasks[0].spotify_id: "not found (404)"})
        raise InputError(str(error)) from error

    async def _narrow(
        self, tasks: Sequence[Task], number: int, error: RequestError
    ) -> Sequence[Task]:
        """Ask for each half by itself; charge a single track with the failure."""
        if len(tasks) > 1:
            middle = len(tasks) // 2
            first = await self._ask(tasks[:middle], number, tries=SUSPECT_TRIES)
            return [*first, *await self._ask(tasks[middle:], number, tries=SUSPECT_TRIES)]
        (task,) = tasks
        if isinstance(error, RequestRejected):
            change = worklist.dead(task, str(error))
        else:
            change = worklist.failed(task, str(error), now=self._clock())
        await self._commit(Commit([change]))
        return []

    async def _take(self, tasks: Sequence[Task], number: int, reply: Reply) -> Sequence[Task]:
        """Commit what `reply` says, each track by itself."""
        now, n_parts = self._clock(), len(self.source.parts)
        changes, answered = [], []
        for task in tasks:
            if reason := reply.missing.get(task.spotify_id):
                changes.append(worklist.missing(task, reason))
            elif reason := reply.rejected.get(task.spotify_id):
                changes.append(worklist.failed(task, reason, now=now))
            else:
                answered.append(task)
        self._pacer.tally.rejected += len(reply.rejected)
        if answered:
            changes.append(worklist.part_done(answered, number, n_parts=n_parts))
        await self._commit(Commit(changes, reply.records))
        if not answered or changes[-1].state == State.DONE:
            return []
        parts = changes[-1].parts
        return [msgspec.structs.replace(task, parts=parts, attempts=0) for task in answered]
