"""How many requests may be sent on one day."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from harvest.amounts import amount
from harvest.database.runs import RunLog, day_of
from harvest.errors import BudgetSpent
from harvest.store import RESOLVING


class DailyBudget:
    """Counts requests against an allowance for each calendar day, local time.

    Parameters
    ----------
    job : str
        Whose requests are counted, for messages.
    limit : int
        Requests a day, >= 1.
    spent : int
        Requests sent today before.
    clock : callable
        Unix seconds.
    """

    def __init__(
        self, job: str, limit: int, *, spent: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._job = job
        self._limit = limit
        self._spent = spent
        self._clock = clock
        self._midnight = next_midnight(clock())

    @property
    def left(self) -> int:
        """Requests that may be sent today yet."""
        return max(self._limit - self._spent, 0)

    def check(self) -> None:
        """Raise `BudgetSpent` where nothing is left for today."""
        if self._clock() >= self._midnight.timestamp():
            self._midnight, self._spent = next_midnight(self._clock()), 0
        if self._spent >= self._limit:
            allowed = amount(self._limit, "request")
            reason = f"{self._job}'s daily budget of {allowed} is used up"
            raise BudgetSpent(reason, not_before=self._midnight)

    def spend(self) -> None:
        """Take one request from today's allowance, or raise `BudgetSpent`."""
        self.check()
        self._spent += 1


def budget_for(job: str, limit: int, runs: RunLog) -> DailyBudget:
    """Return what `job` may send today yet; the jobs of `harvest resolve` share their allowance.

    Raises
    ------
    BudgetSpent
        Nothing is left.
    """
    name, together = ("resolve", RESOLVING) if job in RESOLVING else (job, (job,))
    today = day_of(time.time())
    budget = DailyBudget(name, limit, spent=sum(runs.sent_on(each, today) for each in together))
    budget.check()
    return budget


def next_midnight(unix_s: float) -> datetime:
    """Return when the calendar day of a moment ends, local time.

    >>> str(next_midnight(datetime(2026, 11, 23, 21, 5).timestamp()))[:19]
    '2026-11-24 00:00:00'
    """
    tomorrow = datetime.fromtimestamp(unix_s).astimezone().date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day).astimezone()
