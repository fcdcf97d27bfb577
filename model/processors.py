"""How many processors there are to use."""

import os


def processors() -> int:
    """Return how many processors this process may use; there may be more, as within `taskset`."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
