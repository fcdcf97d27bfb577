"""A process in which time passes quickly: all its clocks and all its waits, and nothing else."""

import selectors
import time

SPEED = 20  # a wire that takes a millisecond seems to take twenty

_sleep = time.sleep


class Clock:
    """A clock that goes faster than the one that it stands for."""

    skipped_s = 0.0

    def __init__(self, real):
        self._real = real
        self._began_at = real()

    def __call__(self):
        passed_s = self._real() - self._began_at
        return self._began_at + passed_s * SPEED + Clock.skipped_s


class Selector(selectors.DefaultSelector):
    """What an event loop waits by."""

    def select(self, timeout=None):
        return super().select(timeout and timeout / SPEED)


def begin():
    """Let time pass quickly from here on; to be called before anything takes hold of a clock."""
    time.time, time.monotonic = Clock(time.time), Clock(time.monotonic)
    time.sleep = lambda seconds: _sleep(seconds / SPEED)
    selectors.DefaultSelector = Selector


def skip(seconds):
    """Let `seconds` have passed."""
    Clock.skipped_s += seconds
