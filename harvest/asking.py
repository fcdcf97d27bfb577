"""How one batch is asked for until each of its tracks has an answer, or is judged to get none.

A failing batch is cut in halves until the track that spoils it stands alone, unless the service
itself is down: then everybody pauses, longer each time, and no track is charged an attempt.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import count, cycle

import msgspec

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
from harvest.pacing import Pacer
from harvest.source import Reply, Source, read_believable
from harvest.transport import Request, Response
from harvest.worklist import Commit, State, Task

# Where no track was ever answered that could show whether the service is up, a failure is held
# against the service this often before it is held against the tracks.
BLIND_PAUSES = 3

# Tracks in a batch of which not all will be unknown by chance.
LARGE = 20

# Tries for tracks of which one has failed while the service was up: they have more rounds to come.
SUSPECT_TRIES = 2
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
        self._known_good = known_good
        self._others = others
        self._on_single = on_single
        self._clock = clock
        self._falling_back = asyncio.Lock()

    async def settle(self, tasks: Sequence[Task]) -> None:
        """Ask for every wanted part that `tasks` lack; tasks of one batch lack the same parts."""
        try:
            while (number := worklist.next_part(tasks, self.source.wanted)) is not None:
                is_suspect = any(task.attempts for task in tasks)
                tries = SUSPECT_TRIES if is_suspect else MAX_TRIES
                tasks = await self._ask(tasks, number, tries=tries)
        except NothingToAsk as error:
            await self._commit(Commit([worklist.missing(task, str(error)) for task in tasks]))

    async def _ask(
        self, tasks: Sequence[Task], number: int, *, tries: int = MAX_TRIES
    ) -> Sequence[Task]:
        """Ask for part `number` of `tasks`; return those of which more is worth asking for."""
        if len(tasks) <= self.source.batch_size:
            return await self._ask_together(tasks, number, tries=tries)
        return [left for task in tasks for left in await self._ask([task], number, tries=tries)]

    async def _ask_together(
        self, tasks: Sequence[Task], number: int, *, tries: int
    ) -> Sequence[Task]:
        source, part, is_up = self.source, self.source.parts[number], False
        for pauses in count():
            answered = self._pacer.tally.answered
            try:
                reply = await self._reply(tasks, part, tries=1 if is_up else tries)
                return await self._take(tasks, number, reply)
            except Forbidden as error:
                return await self._fall_back(source, tasks, number, error)
            except RequestRejected as error:
                return await self._narrow(tasks, number, error)
            except TokenRefused:
                if not await self._is_up(part, pauses=0):
                    raise
                return await self._narrow(tasks, number, UnusableReply(REFUSED_ALONE))
            except TransientError as error:
                was_up, is_up = is_up, await self._seems_up(tasks, part, pauses, answered, error)
                # An outage may have covered all the tries: a single track, which is to be charged,
                # has to fail between two signs that the service is up.
                if is_up and (was_up or len(tasks) > 1):
                    return await self._narrow(tasks, number, error)
        raise AssertionError("count() does not end")

    async def _reply(self, tasks: Sequence[Task], part: str, *, tries: int) -> Reply:
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
        try:
            reply = await self._call(tasks, part, tries=tries)
        except (RequestRejected, NothingThere) as error:
            is_many = len(tasks) > 1
            if is_many and isinstance(error, RequestRejected):
                raise
            if is_many or not await self._others_pass(tasks[0], part):
                raise self._in_doubt(error) from error
            return await self._verdict(tasks, part)  # it is well: what it says now counts
        except Unexpected as error:
            raise self._in_doubt(error) from error
        while self._is_blank(tasks, reply) and not await self._knows_what_it_knew(part):
            self._pacer.pause(None, "the service knows nothing, not even what it knew before")
            reply = await self._call(tasks, part, tries=tries)
        return reply

    async def _verdict(self, tasks: Sequence[Task], part: str) -> Reply:
        try:
            return await self._call(tasks, part, tries=1)
        except NothingThere:
            return Reply((), missing={tasks[0].spotify_id: "not found (404)"})

    async def _call(self, tasks: Sequence[Task], part: str, *, tries: int) -> Reply:
        return await self._client.call(*self._question(tasks, part), tries=tries)

    def _is_blank(self, tasks: Sequence[Task], reply: Reply) -> bool:
        return not reply.records and len(reply.missing) == len(tasks) >= LARGE

    async def _knows_what_it_knew(self, part: str) -> bool:
        return await self._known_good() is None or await self._is_up(part, pauses=0)

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
                question = single.request([task], part), partial(single.read, [task], part)
                return task, await self._client.call(*question)
            except (Forbidden, Unexpected) as error:
                raise CredentialsRefused(str(error)) from error
            except RequestRejected as error:
                return task, Reply((), rejected={task.spotify_id: str(error)})
            except TransientError as error:
                self._pacer.pause(None, f"no good answer from the service ({error})")
        raise AssertionError("cycle() does not end")

    def _question(
        self, tasks: Sequence[Task], part: str
    ) -> tuple[Request, Callable[[Response], Reply]]:
        read = partial(read_believable, self.source, tasks, part)
        return self.source.request(tasks, part), read

    async def _seems_up(
        self, tasks: Sequence[Task], part: str, pauses: int, answered: int, error: TransientError
    ) -> bool:
        """Say whether the service is up, by what `answered` was before; pause where it is not."""
        others_answered = self._pacer.tally.answered > answered
        if others_answered or await self._is_up(part, pauses=pauses):
            return True
        self._pacer.pause(None, f"no good answer from the service ({error})")
        return False

    async def _is_up(self, part: str, *, pauses: int) -> bool:
        """Say whether the service answers for a track that it answered for before."""
        known = await self._known_good()
        if known is None:
            return pauses >= BLIND_PAUSES
        reply = await self._look(known, part)
        return reply is not None and not reply.missing

    async def _others_pass(self, task: Task, part: str) -> bool:
        """Say whether the service has an answer for any other track, if there is any."""
        others = await self._others(task)
        for other in others:
            if await self._look(other, part):
                return True
        return not others

    async def _look(self, task: Task, part: str) -> Reply | None:
        """Ask once for a track only to see what comes; None where that is no good answer."""
        try:
            return await self._call([task], part, tries=1)
        except RequestError:
            return None

    def _in_doubt(self, error: RequestError) -> UnusableReply:
        """Return what an answer amounts to that a service should not give.

        One that has answered well before has a bad moment. One that never has is none.
        """
        if not self._pacer.tally.answered:
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
        if isinstance(error, RequestRejected):
            change = worklist.dead(task, str(error))
        else:
            change = worklist.failed(task, str(error), now=self._clock())
        await self._commit(Commit([change]))
        return []

    async def _take(self, tasks: Sequence[Task], number: int, reply: Reply) -> Sequence[Task]:
        """Commit what `reply` says, each track by itself."""
        now = self._clock()
        changes, answered, otherwise = [], [], []
        for task in tasks:
            if reason := reply.missing.get(task.spotify_id):
                other = self.source.otherwise(task)
                otherwise += [other] if other else []
                changes.append(worklist.unknown(task, reason, otherwise=other))
            elif reason := reply.rejected.get(task.spotify_id):
                changes.append(worklist.failed(task, reason, now=now))
            else:
                answered.append(task)
        self._pacer.tally.rejected += len(reply.rejected)
        if answered:
            changes.append(worklist.part_done(answered, number, wanted=self.source.wanted))
        await self._commit(Commit(changes, reply.records))
        if not answered or changes[-1].state == State.DONE:
            return otherwise
        parts = changes[-1].parts
        return [msgspec.structs.replace(task, parts=parts, attempts=0) for task in answered]
