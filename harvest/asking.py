"""How one batch is asked for until each of its tracks has an answer, or is judged to get none.

A failing batch is cut in halves until the track that spoils it stands alone, unless the service
itself is down: then everybody pauses, longer each time, and no track is charged an attempt.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import count, cycle

from harvest import worklist
from harvest.client import MAX_TRIES, Client
from harvest.errors import (
    CredentialsRefused,
    Forbidden,
    InputError,
    NothingThere,
    NothingToAsk,
    RequestError,
    RequestRejected,
    TokenRefused,
    TransientError,
    Unexpected,
    UnusableReply,
)
from harvest.health import BLIND_PAUSES, Health
from harvest.misses import Misses
from harvest.pacing import Pacer
from harvest.refusals import Kind, Refusal, Refusals
from harvest.shapes import Shapes
from harvest.source import Reply, Source, read_believable, read_reply
from harvest.taking import take
from harvest.worklist import Commit, Task

# Tries for tracks of which one has failed while the service was up: they have more rounds to come.
SUSPECT_TRIES = 2
FORGETFUL = "the service knows nothing, not even what it knew before"
REFUSED_ALONE = "refused (401), while others are served with the same token"


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
        self._others = others
        self._on_single = on_single
        self._clock = clock
        self._falling_back = asyncio.Lock()
        self._misses = Misses(clock=clock)
        self._shapes = Shapes(clock=clock)
        self._health = Health(
            lambda task, part: self._call([task], part, tries=1),
            known_good=known_good,
            others=others,
        )
        self._refusals = Refusals(pacer, self._health, clock=clock)

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
        await self._commit(Commit([worklist.missing(task, str(error)) for task in passed]))
        others = [task for task in tasks if task not in passed]
        return await self._ask(others, number) if others else []

    async def _ask_together(
        self, tasks: Sequence[Task], number: int, *, tries: int
    ) -> Sequence[Task]:
        source, part, is_up = self.source, self.source.parts[number], False
        for pauses in count():
            answered = self._pacer.tally.answered
            try:
                reply = await self._reply(tasks, part, tries=1 if is_up else tries, pauses=pauses)
                return await self._take(tasks, number, reply)
            except RequestRejected as error:
                return await self._narrow(tasks, number, error)
            except (Forbidden, CredentialsRefused) as error:
                kind = await self._refusals.judge(source, part, error)
                if kind is not Kind.PASSING:
                    return await self._refused(source, tasks, number, error, kind=kind)
            except TransientError as error:
                was_up, is_up = is_up, await self._seems_up(part, pauses, answered, error)
                # An outage may have covered all the tries: a single track, which is to be charged,
                # has to fail between two signs that the service is up.
                if is_up and (was_up or len(tasks) > 1):
                    return await self._narrow(tasks, number, error)
        raise AssertionError("count() does not end")

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

    async def _reply(self, tasks: Sequence[Task], part: str, *, tries: int, pauses: int) -> Reply:
        """Return what the service says of `tasks`, where that can be believed.

        Raises
        ------
        TransientError
            Where only another time can tell.
        RequestRejected
            Where something is wrong with one of `tasks`.
        InputError
            Where the service has never answered well: this is no such service.
        """
        since = self._misses.doubts
        try:
            reply = await self._call(tasks, part, tries=tries)
        except (RequestRejected, NothingThere) as error:
            is_many = len(tasks) > 1
            if is_many and isinstance(error, RequestRejected):
                raise
            if is_many or not await self._health.others_pass(tasks[0], part):
                raise await self._in_doubt(error, pauses) from error
            return await self._verdict(tasks, part)  # it is well: what it says now counts
        except Unexpected as error:
            raise await self._in_doubt(error, pauses) from error
        return await self._believable(tasks, part, reply, since=since, tries=tries)

    async def _verdict(self, tasks: Sequence[Task], part: str) -> Reply:
        try:
            return await self._call(tasks, part, tries=1)
        except NothingThere:
            return Reply((), missing={tasks[0].spotify_id: "not found (404)"})

    async def _call(self, tasks: Sequence[Task], part: str, *, tries: int) -> Reply:
        source = self.source
        read = partial(self._shapes.read, read_believable, source, tasks, part)
        reply = await self._client.call(source.request(tasks, part), read, tries=tries)
        self._refusals.served(source)
        return reply

    async def _believable(
        self, tasks: Sequence[Task], part: str, reply: Reply, *, since: int, tries: int
    ) -> Reply:
        """Return `reply`, or a later one where the service forgets what it knew for a while."""
        while self._misses.add(tasks, reply, since=since):
            if not await self._health.knows_what_it_knew(part):
                await self._commit(Commit(self._misses.take_back(tasks)))
                # What it says then counts as an answer, after which pauses would begin at a second.
                self._pacer.pause(self._misses.pause_s, FORGETFUL)
            elif self._misses.believe(since=since):
                break
            since = self._misses.doubts
            reply = await self._call(tasks, part, tries=tries)
        return reply

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
                self.source = single
                self._refusals.served(single)
                await self._on_single(source.address)
                if task in tasks:
                    survivors = await self._take([task], number, reply)
                    tasks = [other for other in tasks if other != task]
        return [*survivors, *await self._ask(tasks, number)] if tasks else survivors

    async def _ask_any(
        self, single: Source, tasks: Sequence[Task], number: int
    ) -> tuple[Task, Reply]:
        """Ask for one of `tasks`, or another, by itself, until there is an answer or a refusal."""
        part = single.parts[number]
        for task in cycle([*tasks, *await self._others(tasks[0])]):
            try:
                read = partial(self._shapes.read, read_reply, single, [task], part)
                return task, await self._client.call(single.request([task], part), read)
            except NothingToAsk:
                continue  # of another batch, which finds out by itself
            except (Forbidden, Unexpected) as error:
                raise CredentialsRefused(str(error)) from error
            except RequestRejected as error:
                return task, Reply((), rejected={task.spotify_id: str(error)})
            except TransientError as error:
                await self._pause(error)
        raise AssertionError("cycle() does not end")

    async def _seems_up(self, part: str, pauses: int, answered: int, error: TransientError) -> bool:
        """Say whether the service is up, by what `answered` was before; pause where it is not."""
        others_answered = self._pacer.tally.answered > answered and not error.is_of_token
        if others_answered or await self._health.is_up(part, pauses=pauses, error=error):
            return True
        await self._pause(error)
        return False

    async def _pause(self, error: TransientError) -> None:
        """Make everybody wait, unless what was heard so far is no such service at all."""
        self._shapes.require(self.source, error, is_known=await self._health.has_answered())
        self._pacer.pause(None, f"no good answer from the service ({error})")

    async def _in_doubt(self, error: RequestError, pauses: int) -> UnusableReply:
        """Return what an answer amounts to that a service should not give.

        One that has answered well before has a bad moment, if that is over after some pauses or was
        in this run. One that never has is none.
        """
        is_new = pauses >= BLIND_PAUSES or not await self._health.has_answered()
        if is_new and not self._pacer.tally.answered:
            advice = error.advice if isinstance(error, RequestRejected) else ""
            raise InputError("; ".join(filter(None, (str(error), advice)))) from error
        return UnusableReply(str(error), status=error.status)

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
        now = self._clock()
        change = worklist.dead(task, why) if is_final else worklist.failed(task, why, now=now)
        await self._commit(Commit([change]))
        return []

    async def _take(self, tasks: Sequence[Task], number: int, reply: Reply) -> Sequence[Task]:
        """Commit what `reply` says; return the tasks of which more is worth asking for."""
        taken = take(reply, tasks, number, source=self.source, now=self._clock())
        self._pacer.tally.rejected += len(reply.rejected)
        await self._commit(Commit(taken.changes, reply.records))
        return taken.left
