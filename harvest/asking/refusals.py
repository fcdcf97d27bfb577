"""What a refusal of a service means that has served before: a moment's, some tracks', or all's."""

import asyncio
from collections.abc import Callable, Sequence
from enum import Enum

from harvest.asking.health import Health
from harvest.errors import CredentialsRefused, Forbidden, TokenRefused
from harvest.pacing import PASSING_S, Pacer
from harvest.source import Source
from harvest.worklist import Task

Refusal = Forbidden | CredentialsRefused


class Kind(Enum):
    """Of refusals."""

    PASSING = "to be asked again"
    ALONE = "of these tracks, while others are served"
    LASTING = "of all that is asked so"


class Refusals:
    """Judges refusals by what the same source served before, and serves others now.

    Parameters
    ----------
    pacer : Pacer
    health : Health
    clock : callable
        Seconds.
    """

    def __init__(self, pacer: Pacer, health: Health, *, clock: Callable[[], float]) -> None:
        self._pacer = pacer
        self._health = health
        self._clock = clock
        self._served_by: Source | None = None
        self._refused_all: Source | None = None
        self._judging = asyncio.Lock()
        self._since: float | None = None

    def served(self, source: Source) -> None:
        """Note that `source` was served."""
        self._served_by, self._refused_all = source, None
        self._since = None

    async def judge(self, source: Source, tasks: Sequence[Task], part: str, error: Refusal) -> Kind:
        """Say what a refusal of `tasks` by `source` is; where it may pass, after a pause."""
        if self._served_by is not source:
            return await self._judge_first(source, tasks, part, error)
        if await self._others_are_served(tasks, part):
            return Kind.ALONE
        if self._refused_for() >= PASSING_S:
            return Kind.LASTING
        self._pacer.pause(None, f"refused, though served before ({error})")
        return Kind.PASSING

    async def _others_are_served(self, tasks: Sequence[Task], part: str) -> bool:
        """Say whether one that was known is or, in a run that has not come so far, any."""
        if await self._health.has_answered():
            return await self._health.is_up(part)
        return await self._health.another_passes(tasks, part)

    async def _judge_first(
        self, source: Source, tasks: Sequence[Task], part: str, error: Refusal
    ) -> Kind:
        """Say what a refusal is of what was never served: for all workers, others are asked once.

        A key that is refused is so for all.
        """
        async with self._judging:
            if self._refused_all is source or not isinstance(error, Forbidden | TokenRefused):
                return Kind.LASTING
            if await self._health.another_passes(tasks, part):
                return Kind.ALONE
            self._refused_all = source
            return Kind.LASTING

    def _refused_for(self) -> float:
        now = self._clock()
        self._since = now if self._since is None else self._since
        return now - self._since
