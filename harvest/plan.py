"""What a job costs, requests and time, and how times are told to people."""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil


@dataclass(frozen=True, slots=True)
class Questions:
    """What is to be asked yet.

    Attributes
    ----------
    tasks : int
        Pending ones, each with its twins.
    parts : int
        That they lack, of those wanted.
    """

    tasks: int
    parts: int


def requests_for(n_parts: int, *, batch_size: int) -> int:
    """Return the requests that so many parts of tracks take.

    >>> requests_for(250, batch_size=100), requests_for(6, batch_size=1)
    (3, 6)
    """
    return ceil(n_parts / batch_size)


def seconds_for(n_requests: int, *, rate: float, daily_budget: int | None = None) -> float:
    """Return how long so many requests take, at `rate` a second and so many a day at most.

    >>> seconds_for(100, rate=4.0), seconds_for(100, rate=4.0, daily_budget=50)
    (25.0, 86412.5)
    """
    if daily_budget is None or n_requests <= daily_budget:
        return n_requests / rate
    days = (n_requests - 1) // daily_budget
    return days * 86400 + (n_requests - days * daily_budget) / rate


def limits(rate: float, daily_budget: int | None) -> str:
    """Return how many requests may be sent, for people; the noun stands before.

    >>> limits(2.5, None), limits(50, 1000)
    ('2.5 a second', '50 a second and 1,000 a day')
    """
    return f"{rate:g} a second" + (f" and {daily_budget:,} a day" if daily_budget else "")


def duration(seconds: float) -> str:
    """Return a length of time for people.

    >>> duration(42), duration(5400), duration(360000), duration(2e6)
    ('42 s', '90 min', '100 h', '23 days')
    """
    if seconds < 120:
        return f"{ceil(seconds)} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 10 * 86400 else f"{seconds / 86400:.0f} days"


def clock_time(unix_s: float) -> datetime:
    """Return a moment as local time with its zone, for people."""
    return datetime.fromtimestamp(unix_s, UTC).astimezone()
