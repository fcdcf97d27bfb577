"""What a refusal of a service means that has served before: a moment's, some tracks', or all's."""

from collections.abc import Callable, Sequence
from enum import Enum

from harvest.errors import CredentialsRefused, Forbidden, TokenRefused
from harvest.health import Health
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
        self._since: float | None = None

    def served(self, source: Source) -> None:
        """Note that `source` was served."""
        self._served_by = source
        self._since = None

    async def judge(self, source: Source, tasks: Sequence[Task], part: str, error: Refusal) -> Kind:
        """Say what a refusal of `tasks` by `source` is; where it may pass, after a pause."""
        was_served = self._served_by is source
        if await self._others_are_served(tasks, part, error, was_served=was_served):
            return Kind.ALONE
        if not was_served or self._refused_for() >= PASSING_S:
            return Kind.LASTING
        self._pacer.pause(None, f"refused, though served before ({error})")
        return Kind.PASSING

    async def _others_are_served(
        self, tasks: Sequence[Task], part: str, error: Refusal, *, was_served: bool
    ) -> bool:
        """Say whether others are, by one that was known or, in a run that has not come so far, any.

        A key that is refused is so for all.
        """
        if was_served and await self._health.has_answered():
            return await self._health.is_up(part)
        is_of_tasks = was_served or isinstance(error, Forbidden | TokenRefused)
        return is_of_tasks and await self._health.another_passes(tasks, part)

    def _refused_for(self) -> float:
        now = self._clock()
        self._since = now if self._since is None else self._since
        return now - self._since
