"""How many processors there are to use, and how many processes read where nobody says."""

import os

MOST_WORKERS = 8
"""Those that merge keep pace with no more, and each may take up to 0.4 GB."""


def processors() -> int:
    """Return how many processors this process may use; there may be more, as within `taskset`."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def default_workers() -> int:
    """Return how many work at a time where nobody says otherwise."""
    return min(processors(), MOST_WORKERS)
