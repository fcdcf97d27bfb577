"""Sitting out a long wait, with a countdown that can be seen; which of several is the longest."""

import time
from collections.abc import Callable
from datetime import datetime

from harvest.errors import HarvestError, Postponed
from harvest.plan import clock_time
from harvest.progress import Progress
from harvest.worklist import Tally

LONGEST_SLEEP_S = 1.0


def sit_out(
    until: datetime,
    reason: str,
    *,
    progress: Progress,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Return at `until`, and show how long that takes yet.

    The clock on the wall decides, looked at each second: a laptop may sleep meanwhile. A signal
    ends the wait by the exception that it raises.

    Parameters
    ----------
    until : datetime
        With its zone.
    reason : str
        Why, for the user.
    progress : Progress
    clock : callable
        Unix seconds.
    sleep : callable
    """
    try:
        while (left_s := until.timestamp() - clock()) > 0:
            progress.count_down(left_s, reason)
            sleep(min(left_s, LONGEST_SLEEP_S))
    finally:
        progress.close()


def longer(error: HarvestError, tally: Tally) -> HarvestError:
    """Return `error`, or the longer wait that came while it brought the run to rest."""
    not_before = error.not_before if isinstance(error, Postponed) else None
    if not_before is None or tally.shut_until <= not_before.timestamp():
        return error
    return Postponed(tally.shut_because, not_before=clock_time(tally.shut_until))
