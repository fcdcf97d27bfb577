"""Sitting out a long wait, with a countdown that can be seen."""

import time
from collections.abc import Callable
from datetime import datetime

from harvest.progress import Progress

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
