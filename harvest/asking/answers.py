"""What a service says to one question, and whether that can be believed."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from harvest.asking.health import BLIND_PAUSES, Health
from harvest.asking.misses import Misses
from harvest.asking.refusals import Refusals
from harvest.asking.shapes import Shapes
from harvest.errors import (
    InputError,
    NothingThere,
    RequestError,
    RequestRejected,
    TransientError,
    Unexpected,
    UnusableReply,
)
from harvest.pacing import Pacer
from harvest.sending.client import Client
from harvest.source import Reply, Source, read_believable
from harvest.worklist import Commit, Task

FORGETFUL = "the service knows nothing, not even what it knew before"
# Tracks that a service did not know by a bare 404 while it knew another: then it says it so.
ENOUGH_BARE = 3


@dataclass(frozen=True, slots=True)
class Means:
    """The ways out of asking: to the service, to the resume log, to the clock.

    Parameters
    ----------
    client : Client
    pacer : Pacer
        The client's own.
    commit : callable
        Takes each commit; may wait.
    known_good : callable
        Returns a task that the service has answered before, or None.
    others : callable
        Returns a few tasks other than the one given, those answered before first.
    clock : callable
        Unix seconds.
    """

    client: Client
    pacer: Pacer
    commit: Callable[[Commit], Awaitable[None]]
    known_good: Callable[[], Awaitable[Task | None]]
    others: Callable[[Task], Awaitable[Sequence[Task]]]
    clock: Callable[[], float]


class Answers:
    """Asks a service, and doubts what it should not say.

    Parameters
    ----------
    source : Source
    means : Means

    Attributes
    ----------
    source : Source
        As it is asked now.
    health : Health
    refusals : Refusals
        Told of each good reply which source it is of.
    shapes : Shapes
    """

    def __init__(self, source: Source, means: Means) -> None:
        self.source = source
        self._means = means
        self._misses = Misses(clock=means.clock)
        self._n_bare = 0
        self.shapes = Shapes(clock=means.clock)
        self.health = Health(
            lambda task, part: self._call([task], part, tries=1),
            known_good=means.known_good,
            others=means.others,
        )
        self.refusals = Refusals(means.pacer, self.health, clock=means.clock)

    async def reply(self, tasks: Sequence[Task], part: str, *, tries: int, pauses: int) -> Reply:
        """Return what the service says of `tasks`, where that can be believed.

        Parameters
        ----------
        tasks : sequence of Task
        part : str
        tries : int
        pauses : int
            That `tasks` have waited for before.

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
        except RequestRejected as error:
            if len(tasks) == 1:
                return await self._bare(tasks, part, error, pauses=pauses)
            raise
        except NothingThere as error:
            if len(tasks) > 1:
                raise await self._in_doubt(error, pauses) from error
            reply = await self._bare(tasks, part, error, pauses=pauses)
        except Unexpected as error:
            if await self._is_of(tasks, part, pauses=pauses):
                raise UnusableReply(f"{error}; others are answered", status=error.status) from error
            raise await self._in_doubt(error, pauses) from error
        return await self._believable(tasks, part, reply, since=since, tries=tries)

    async def pause(self, error: TransientError) -> None:
        """Make everybody wait, unless what was heard so far is no such service at all."""
        self.shapes.require(self.source, error, is_known=await self.health.has_answered())
        self._means.pacer.pause(None, f"no good answer from the service ({error})")

    async def _is_of(self, tasks: Sequence[Task], part: str, *, pauses: int) -> bool:
        """Say whether an odd answer is one to `tasks` rather than to all; a batch is let pause."""
        may_pass = len(tasks) > 1 and not pauses and await self.health.has_answered()
        return not may_pass and await self.health.another_passes(tasks, part)

    async def _bare(
        self, tasks: Sequence[Task], part: str, error: RequestError, *, pauses: int
    ) -> Reply:
        """Return what an answer to a single track means that may be one to all."""
        unknown = Reply((), missing={tasks[0].spotify_id: "not found (404)"})
        if isinstance(error, NothingThere) and self._n_bare >= ENOUGH_BARE:
            return unknown
        if not await self.health.others_pass(tasks[0], part):
            raise await self._in_doubt(error, pauses) from error
        try:  # it is well: what it says now counts
            return await self._call(tasks, part, tries=1)
        except NothingThere:
            self._n_bare += 1
            return unknown

    async def _call(self, tasks: Sequence[Task], part: str, *, tries: int) -> Reply:
        source = self.source
        read = partial(self.shapes.read, read_believable, source, tasks, part)
        reply = await self._means.client.call(source.request(tasks, part), read, tries=tries)
        self.refusals.served(source)
        return reply

    async def _believable(
        self, tasks: Sequence[Task], part: str, reply: Reply, *, since: int, tries: int
    ) -> Reply:
        """Return `reply`, or a later one where the service forgets what it knew for a while."""
        while self._misses.add(tasks, reply, since=since):
            if not await self.health.knows_what_it_knew(part):
                await self._means.commit(Commit(self._misses.take_back(tasks)))
                # What it says then counts as an answer, after which pauses would begin at a second.
                self._means.pacer.pause(self._misses.pause_s, FORGETFUL)
                self._n_bare = 0
            elif self._misses.believe(since=since):
                break
            since = self._misses.doubts
            reply = await self._again(tasks, part, tries=tries)
        return reply

    async def _again(self, tasks: Sequence[Task], part: str, *, tries: int) -> Reply:
        """Ask once more for what was said to be unknown."""
        try:
            return await self._call(tasks, part, tries=tries)
        except NothingThere:
            if len(tasks) > 1:
                raise
            return Reply((), missing={tasks[0].spotify_id: "not found (404)"})

    async def _in_doubt(self, error: RequestError, pauses: int) -> UnusableReply:
        """Return what an answer amounts to that a service should not give.

        One that has answered well before has a bad moment, if that is over after some pauses or was
        in this run. One that never has is none.
        """
        is_new = pauses >= BLIND_PAUSES or not await self.health.has_answered()
        if is_new and not self._means.pacer.tally.answered:
            advice = error.advice if isinstance(error, RequestRejected) else ""
            raise InputError("; ".join(filter(None, (str(error), advice)))) from error
        return UnusableReply(str(error), status=error.status)
