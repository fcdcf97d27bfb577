"""Whether a service is up, and knows what it knew: seen by what it says of other tracks."""

from collections.abc import Awaitable, Callable, Sequence

from harvest.errors import CredentialsRefused, RequestError, TransientError, UnusableReply
from harvest.source import Reply
from harvest.worklist import Task

# Where no track was ever answered that could show whether the service is up, a failure is held
# against the service this often before it is held against the tracks.
BLIND_PAUSES = 3


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

    async def is_up(self, part: str, *, pauses: int = 0, error: RequestError | None = None) -> bool:
        """Say whether the service answers for a track that it answered for before.

        Where there is none, it does if it was heard in spite of `error`. While no token can be had
        nobody is answered.
        """
        if isinstance(error, TransientError) and error.is_of_token:
            return False
        known = await self._known_good()
        if known is None:
            is_heard = isinstance(error, UnusableReply) and error.is_heard
            return is_heard or pauses >= BLIND_PAUSES
        reply = await self._look(known, part)
        return reply is not None and not reply.missing

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

    async def _look(self, task: Task, part: str) -> Reply | None:
        """Ask for a track; None where what comes is no good answer."""
        try:
            return await self._ask(task, part)
        except (RequestError, CredentialsRefused):
            return None
