"""Whether a service is up, and knows what it knew: seen by what it says of other tracks."""

import random
from collections.abc import Awaitable, Callable, Sequence

from harvest.errors import (
    CredentialsRefused,
    RateLimited,
    RequestError,
    ServiceUnavailable,
    TransientError,
    UnusableReply,
)
from harvest.source import Reply
from harvest.worklist import Task

# Where no track was ever answered that could show whether the service is up, an answer that is none
# is held against the service this often before it is held against the tracks.
BLIND_PAUSES = 3

# Where hardly any track is left, and none was ever answered, one that every service of such a kind
# should have something to say of shows after so many pauses, of five minutes together, whether it
# is up. Where many are left, that nobody is answered is an outage, however long it lasts.
LONELY_PAUSES = 10
HARDLY_ANY = 3
# Spotify's documentation has it in its examples: every provider of its features should know it.
WELL_KNOWN = Task("11dFghVXANMlKmJXsNCbNl", "Carly Rae Jepsen", "Cut To The Feeling")


def is_of_service(error: RequestError) -> bool:
    """Say whether a failure speaks of the service, whatever it was asked: no connection, 5xx, 429.

    No track is charged for such while nobody else is served.
    """
    return isinstance(error, ServiceUnavailable | RateLimited)


class Health:
    """Asks a service for a track only to see what comes.

    Parameters
    ----------
    ask : callable
        Asks once for a part of a track.
    known_good : callable
        Returns a task that the service has answered before, or None.
    others : callable
        Returns a few tasks other than the one given, those answered before first.
    """

    def __init__(
        self,
        ask: Callable[[Task, str], Awaitable[Reply]],
        *,
        known_good: Callable[[], Awaitable[Task | None]],
        others: Callable[[Task], Awaitable[Sequence[Task]]],
    ) -> None:
        self._ask = ask
        self._known_good = known_good
        self._others = others

    async def has_answered(self) -> bool:
        """Say whether the service has answered for a track, in this run or an earlier one."""
        return await self._known_good() is not None

    async def is_up(
        self,
        part: str,
        *,
        tasks: Sequence[Task] = (),
        pauses: int = 0,
        error: RequestError | None = None,
    ) -> bool:
        """Say whether the service answers for a track that it answered for before.

        Where there is none, it does if it was heard in spite of `error`, or answers for another
        track than `tasks`, in the end for one that is well known. While no token can be had nobody
        is answered.
        """
        if isinstance(error, TransientError) and error.is_of_token:
            return False
        known = await self._known_good()
        if known is None:
            return await self._is_up_unknown(part, tasks, pauses, error)
        reply = await self._look(known, part)
        return reply is not None and not reply.missing

    async def _is_up_unknown(
        self, part: str, tasks: Sequence[Task], pauses: int, error: RequestError | None
    ) -> bool:
        """Say whether a service is up that has never answered for any track."""
        if error is not None and is_of_service(error):
            others = await self._others(tasks[0]) if tasks else ()
            if others and await self._look(random.choice(others), part) is not None:
                return True
            is_lonely = len(others) <= HARDLY_ANY and pauses >= LONELY_PAUSES
            return is_lonely and await self._look(WELL_KNOWN, part) is not None
        is_heard = isinstance(error, UnusableReply) and error.is_heard
        return is_heard or pauses >= BLIND_PAUSES

    async def knows_what_it_knew(self, part: str) -> bool:
        """Say whether a track that it knew is known yet; True where it never knew any."""
        return not await self.has_answered() or await self.is_up(part)

    async def others_pass(self, task: Task, part: str) -> bool:
        """Say whether the service has an answer for any other track, if there is any."""
        others = await self._others(task)
        for other in others:
            if await self._look(other, part):
                return True
        return not others

    async def another_passes(self, tasks: Sequence[Task], part: str) -> bool:
        """Say whether the service has an answer for any other track, asked for by itself.

        Where it is a batch that was refused, batches may be: two are enough to see that.
        """
        others = await self._others(tasks[0])
        for other in others if len(tasks) == 1 else others[:2]:
            if await self._look(other, part):
                return True
        return False

    async def _look(self, task: Task, part: str) -> Reply | None:
        """Ask for a track; None where what comes is no good answer."""
        try:
            return await self._ask(task, part)
        except (RequestError, CredentialsRefused):
            return None
