from datetime import UTC, datetime

import pytest

from harvest.errors import Interrupted, Postponed
from harvest.patience.waiting import longer, sit_out
from harvest.plan import clock_time
from harvest.worklist import Tally


class Countdown:
    def __init__(self):
        self.shown = []
        self.is_closed = False

    def count_down(self, left_s, reason):
        self.shown.append((left_s, reason))

    def close(self, outcome=None):
        self.is_closed = True


def until(seconds):
    return datetime.fromtimestamp(1000 + seconds, UTC)


def test_a_wait_is_counted_down_second_by_second(clock):
    progress = Countdown()

    def sleep(seconds):
        clock.now += seconds

    sit_out(until(2.5), "quota", progress=progress, clock=clock, sleep=sleep)
    assert progress.shown == [(2.5, "quota"), (1.5, "quota"), (0.5, "quota")]
    assert clock.now == 1002.5
    assert progress.is_closed


def test_a_machine_that_slept_meanwhile_does_not_wait_longer(clock):
    naps = []

    def sleep(seconds):
        naps.append(seconds)
        clock.now += 3600

    sit_out(until(3000), "quota", progress=Countdown(), clock=clock, sleep=sleep)
    assert naps == [1.0]


def test_a_signal_ends_the_wait_and_the_countdown(clock):
    progress = Countdown()

    def sleep(_seconds):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sit_out(until(60), "quota", progress=progress, clock=clock, sleep=sleep)
    assert progress.is_closed


@pytest.mark.parametrize("own", [Interrupted(15), Postponed("short", not_before=clock_time(5e3))])
def test_the_longest_wait_that_a_run_heard_is_the_one_it_tells_of(own):
    told = longer(own, Tally(shut_until=9e3, shut_because="long"))
    assert told is own or str(told) == "long"
    assert isinstance(told, type(own))
