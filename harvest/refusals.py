"""What a refusal of a service means that has served before: a moment's, some tracks', or all's."""

from collections.abc import Callable
from enum import Enum

from harvest.errors import CredentialsRefused, Forbidden, TokenRefused
from harvest.health import Health
from harvest.pacing import PASSING_S, Pacer
from harvest.source import Source

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

    async def judge(self, source: Source, part: str, error: Refusal) -> Kind:
        """Say what a refusal of what was asked of `source` is; where it may pass, after a pause."""
        is_token = isinstance(error, TokenRefused)  # of which a new one was refused too
        if not is_token and self._served_by is not source:
            return Kind.LASTING
        if await self._health.is_up(part):
            return Kind.ALONE
        if is_token or self._refused_for() >= PASSING_S:
            return Kind.LASTING
        self._pacer.pause(None, f"refused, though served before ({error})")
        return Kind.PASSING

    def _refused_for(self) -> float:
        now = self._clock()
        self._since = now if self._since is None else self._since
        return now - self._since
