"""How fast a service may be asked, and when it is to be left alone."""

import time
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC
from email.utils import parsedate_to_datetime
from math import isnan

from aiolimiter import AsyncLimiter

from harvest.errors import Postponed
from harvest.patience.budget import DailyBudget
from harvest.patience.stopping import Stop
from harvest.plan import clock_time
from harvest.worklist import LONGEST_WAIT_S, Tally

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0

# A wall before a service may turn away for so long what it lets through again.
PASSING_S = 30.0

# After a 429 the pace is halved; then a tenth of the set rate comes back each minute.
SLOWEST = 1 / 16
RECOVERY_PER_S = 0.1 / 60
RECENT = 32
EARLIEST = 1.5e9  # seconds that are a Unix time, of 2017 or later, rather than a wait


class Pacer:
    """Gives out turns: one each 1/rate seconds, none while everybody is to wait.

    Parameters
    ----------
    rate : float
        Requests a second, > 0.
    stop : Stop
        Ends every wait.
    clock : callable
        Monotonic seconds.
    now : callable
        Unix seconds.
    on_pause : callable
        Told the seconds and the reason of each new pause.
    budget : DailyBudget, optional

    Attributes
    ----------
    tally : Tally
        Where what is sent and answered is counted.
    """

    def __init__(
        self,
        rate: float,
        *,
        stop: Stop,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        on_pause: Callable[[float, str], None] = lambda _s, _why: None,
        budget: DailyBudget | None = None,
    ) -> None:
        self.tally = Tally()
        self._rate = rate
        # A bucket of one: AsyncLimiter(n, n / rate) would let 2n - 1 requests through one window.
        self._limiter = AsyncLimiter(1, 1 / rate)
        self._stop = stop
        self._clock = clock
        self._now = now
        self._on_pause = on_pause
        self._budget = budget
        self._resume_at = 0.0
        self._unnamed = 0
        self._sent_at: deque[float] = deque(maxlen=RECENT)
        self._slow: tuple[float, float] | None = None  # the pace after a 429, and since when
        self._slow_turn_at = 0.0

    async def rest(self) -> None:
        """Return when nobody is to wait any longer; raise as `turn`."""
        await self._sit_out_pause()
        if self._budget:
            self._budget.check()

    async def turn(self, is_ready: Callable[[], bool] = lambda: True) -> bool:
        """Return when one request may be sent.

        Parameters
        ----------
        is_ready : callable
            Asked at that moment.

        Returns
        -------
        bool
            False where it was not ready, so that the turn is another's.

        Raises
        ------
        Stopped
            Once the job is to stop.
        BudgetSpent
            Where nothing is left of the day's budget.
        """
        while True:
            await self._sit_out_pause()
            await self._take_place()
            if self._slow or self._slow_turn_at > self._clock():
                await self._take_slow_place(self.pace)
            now = self._clock()
            if self._resume_at <= now:
                if not is_ready():
                    return False
                if self._budget:
                    self._budget.spend()
                self._sent_at.append(now)
                self.tally.sent += 1
                return True

    @property
    def pace(self) -> float:
        """Requests a second at which turns are given out now: the set rate, or less after a 429."""
        if self._slow is None:
            return self._rate
        pace, since = self._slow
        pace += max(self._clock() - since, 0) * self._rate * RECOVERY_PER_S
        if pace >= self._rate:
            self._slow = None
        return min(pace, self._rate)

    def hold(self, seconds: float) -> None:
        """Send nothing for `seconds`, silently."""
        self._resume_at = max(self._resume_at, self._clock() + seconds)

    def slow_down(self, seconds: float | None, reason: str) -> None:
        """Pause because of a 429, and go on at half the pace."""
        if self._resume_at <= self._clock():  # workers that meet one limit together count as one
            pace = min(self.pace, self._measured_rate())
            self._slow = max(pace / 2, self._rate * SLOWEST), self._clock() + (seconds or 0)
        self.pause(seconds, reason)

    def pause(self, seconds: float | None, reason: str) -> float:
        """Make everybody wait, and return how long.

        Parameters
        ----------
        seconds : float or None
            How long the service asks for; where that is nothing: 1, 2, 4 … 60 s, from the start
            again after the next good reply.
        reason : str
            Why, for the user.
        """
        left = self._resume_at - self._clock()
        if not seconds:
            # Workers that meet one limit together count as one.
            seconds = left if left > 0 else self._growing_wait()
        self.hold(seconds)
        self.tally.paused_until = max(self.tally.paused_until, self._now() + seconds)
        if left <= 0:
            self._on_pause(seconds, reason)
        return seconds

    def shut(self, seconds: float, reason: str) -> Postponed:
        """Note a wait that is too long to sit out; return what it means for the job.

        Of several, whenever they are heard before the run has come to rest, the longest counts.
        """
        until = self._now() + seconds
        if until > self.tally.shut_until:
            self.tally.shut_until, self.tally.shut_because = until, reason
        return Postponed(reason, not_before=clock_time(until))

    def reward(self) -> None:
        """Note a good reply."""
        self.tally.answered += 1
        self._unnamed = 0

    def _growing_wait(self) -> float:
        wait = min(FIRST_PAUSE_S * 2.0**self._unnamed, LONGEST_PAUSE_S)
        if wait < LONGEST_PAUSE_S:  # else the power would outgrow a float in a day's outage
            self._unnamed += 1
        return wait

    def _measured_rate(self) -> float:
        """Return the requests a second of late: a rate never reached is no pace to halve."""
        times = self._sent_at
        if len(times) < RECENT or times[-1] <= times[0]:
            return self._rate
        return (len(times) - 1) / (times[-1] - times[0])

    async def _sit_out_pause(self) -> None:
        if self._stop:
            await self._stop.sleep(0)
        while (left := self._resume_at - self._clock()) > 0:
            await self._stop.sleep(left)

    async def _take_place(self) -> None:
        if self._limiter.has_capacity():
            await self._limiter.acquire()
        else:
            await self._stop.unless(self._limiter.acquire())

    async def _take_slow_place(self, pace: float) -> None:
        now = self._clock()
        at = max(now, self._slow_turn_at)
        self._slow_turn_at = at + 1 / pace
        if at > now:
            await self._stop.sleep(at - now)


def retry_after_s(value: str | None, *, now: Callable[[], float] = time.time) -> float | None:
    """Return the seconds that a Retry-After header asks for, None where it says nothing usable.

    More than thirty days counts as thirty: then the service is asked again. A number beyond all
    waits is the Unix time of their end, as some proxies send it, in seconds or milliseconds.

    Parameters
    ----------
    value : str or None
        Seconds, or an HTTP date (RFC 9110, section 10.2.3).
    now : callable
        Unix seconds.

    Examples
    --------
    >>> retry_after_s("7")
    7.0
    >>> retry_after_s("Thu, 01 Jan 1970 00:01:40 GMT", now=lambda: 40.0)
    60.0
    >>> retry_after_s("1800000042", now=lambda: 1.8e9)
    42.0
    >>> retry_after_s("soon") is None
    True
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        return _seconds_until(value, now())
    if EARLIEST <= seconds < 2 * 1000 * EARLIEST:
        seconds = (seconds / 1000 if seconds >= 1000 * EARLIEST else seconds) - now()
    return None if isnan(seconds) else min(max(seconds, 0.0), LONGEST_WAIT_S)


def _seconds_until(http_date: str, now: float) -> float | None:
    try:
        when = parsedate_to_datetime(http_date)
    except (ValueError, OverflowError):
        return None
    seconds = (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - now
    return min(max(seconds, 0.0), LONGEST_WAIT_S)


Sleep = Callable[[float], Awaitable[None]]
