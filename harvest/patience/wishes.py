"""What a service asked for in earlier runs, and how the next one keeps to it.

Limits are those of an app or key with one provider, so jobs that ask in its name share their waits.
"""

import time

from harvest.database.runs import RunLog, Service
from harvest.errors import Postponed
from harvest.plan import clock_time
from harvest.worklist import Embargo, Run

_PAUSED = "{} asked the run before for a longer wait than --max-wait {:g}"


def respect(runs: RunLog, job: str, service: Service, *, longest_s: float) -> None:
    """Raise `Postponed` where the service asked to be left alone for longer than until now.

    Parameters
    ----------
    runs : RunLog
    job : str
    service : Service
    longest_s : float
        The longest pause that the run would sit out.
    """
    paused = _PAUSED.format(service.provider, longest_s)
    wait = longest_wait(runs, job, service, paused, longest_s=longest_s, now=time.time())
    if wait:
        raise Postponed(wait.reason, not_before=clock_time(wait.not_before))


def longest_wait(
    runs: RunLog, job: str, service: Service, paused: str, *, longest_s: float, now: float
) -> Embargo | None:
    """Return the longest wait that a service asked for, of `job` or of any that asks in its name.

    Parameters
    ----------
    runs : RunLog
    job : str
    service : Service
    paused : str
        The reason of a pause.
    longest_s : float
        The longest pause that does not count.
    now : float
        Unix seconds.
    """
    waits = [each for each in runs.embargoes(job, service) if each.holds(now)]
    pauses = runs.pauses(job, service, paused)
    waits += [each for each in pauses if each.holds(now) and each.not_before > now + longest_s]
    return max(waits, key=lambda each: each.not_before, default=None)


def paused_until(runs: RunLog, job: str, service: Service) -> float:
    """Return when the last pause of the service ends, in Unix seconds; 0 where none is on."""
    now = time.time()
    pauses = (each for each in runs.pauses(job, service, "") if each.holds(now))
    return max((each.not_before for each in pauses), default=0.0)


def first_wait_s(
    previous: Run | None, paused_until: float, *, interval_s: float, longest_s: float
) -> float:
    """Return how long to wait before the first request, so that a restart breaks no limit.

    A run that was killed may have sent its last request just before this one began.

    Parameters
    ----------
    previous : Run or None
        The job's latest.
    paused_until : float
        Unix seconds.
    interval_s : float
        Between two requests.
    longest_s : float
        The longest pause that is sat out.
    """
    now = time.time()
    paused_s = min(paused_until - now, longest_s)
    if previous is None:
        return max(paused_s, 0.0)
    since_last = max(now - previous.seen_at, 0.0) if previous.outcome else 0.0
    return max(interval_s - since_last, paused_s, 0.0)
