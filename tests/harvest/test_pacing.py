import asyncio
import itertools
import time
from bisect import bisect_left
from email.utils import formatdate

import pytest

from harvest.errors import BudgetSpent
from harvest.pacing import Pacer, retry_after_s
from harvest.patience.budget import DailyBudget
from harvest.patience.stopping import Stop, Stopped
from harvest.plan import clock_time
from tests.harvest.fakes import LeapingLoop, StopOnFakeTime


def test_turns_are_one_interval_apart_and_never_burst():
    async def scenario():
        loop = asyncio.get_running_loop()
        pacer = Pacer(50, stop=Stop())
        began = loop.time()
        times = []
        for _ in range(11):
            await pacer.turn()
            times.append(loop.time() - began)
        return times

    times = asyncio.run(scenario())
    # 11 turns at 50 a second: ten intervals of 20 ms, one wherever one looks.
    assert times[-1] >= 0.2 * 0.95
    assert all(later - earlier >= 0.015 for earlier, later in itertools.pairwise(times))


def test_the_longest_of_several_pauses_counts(clock):
    async def scenario():
        said = []
        stop = StopOnFakeTime(clock)
        pacer = Pacer(1e6, stop=stop, clock=clock, on_pause=lambda s, why: said.append((s, why)))
        pacer.pause(3, "first")
        pacer.pause(10, "second")
        pacer.pause(1, "third")
        await pacer.turn()
        return said

    assert asyncio.run(scenario()) == [(3, "first")]
    assert clock.now == 1010.0


def test_a_service_that_names_no_wait_gets_growing_ones_until_it_answers(clock):
    async def scenario():
        pacer = Pacer(1e6, stop=StopOnFakeTime(clock), clock=clock)
        waits = []
        for _ in range(8):
            waits.append(pacer.pause(0 if len(waits) == 2 else None, "busy"))
            await pacer.turn()
        pacer.reward()
        return waits, pacer.pause(None, "busy")

    waits, after_reward = asyncio.run(scenario())
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert after_reward == 1


def test_an_outage_of_days_is_waited_out_by_the_longest_pause(clock):
    async def scenario():
        pacer = Pacer(1e6, stop=StopOnFakeTime(clock), clock=clock)
        for _ in range(2000):  # of 60 s: a day and a half
            wait_s = pacer.pause(None, "down")
            await pacer.turn()
        return wait_s

    assert asyncio.run(scenario()) == 60


def test_workers_that_meet_one_limit_together_count_as_one(clock):
    async def scenario():
        pacer = Pacer(1e6, stop=StopOnFakeTime(clock), clock=clock)
        return [pacer.pause(None, "busy") for _ in range(4)]

    assert asyncio.run(scenario()) == [1, 1, 1, 1]


def test_a_stop_ends_every_wait_for_a_turn():
    async def scenario():
        stop = Stop()
        pacer = Pacer(0.001, stop=stop)
        await pacer.turn()
        waiting = asyncio.ensure_future(pacer.turn())
        await asyncio.sleep(0)
        stop.request(None)
        with pytest.raises(Stopped):
            await waiting

    asyncio.run(asyncio.wait_for(scenario(), 5))


def test_nothing_is_sent_after_a_stop():
    async def scenario():
        stop = Stop()
        stop.request(None)
        pacer = Pacer(10, stop=stop)
        with pytest.raises(Stopped):
            await pacer.turn()
        assert pacer.tally.sent == 0

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        ("86400", 86400.0),
        ("1.5", 1.5),
        ("-3", 0.0),
        ("", None),
        ("inf", 30 * 86400.0),
        ("9" * 30, 30 * 86400.0),
        ("nan", None),
        ("tomorrow", None),
        ("Thu, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        ("Thu, 01 Jan 2026 00:00:00 +99999999999999999999", None),
    ],
)
def test_retry_after_is_a_number_of_seconds_or_unknown(header, seconds):
    assert retry_after_s(header) == seconds


def test_retry_after_as_a_date_counts_from_now_and_never_back():
    at_noon = 1_800_000_000.0
    assert retry_after_s(formatdate(at_noon + 90, usegmt=True), now=lambda: at_noon) == 90.0
    assert retry_after_s(formatdate(at_noon - 90, usegmt=True), now=lambda: at_noon) == 0.0


def test_retry_after_as_a_date_is_thirty_days_off_at_most():
    at_noon = 1_800_000_000.0
    header = formatdate(at_noon + 31 * 86400, usegmt=True)
    assert retry_after_s(header, now=lambda: at_noon) == 30 * 86400.0


def test_a_date_without_a_zone_is_of_greenwich_wherever_this_machine_stands(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert retry_after_s("Thu, 01 Jan 1970 00:01:40 -0000", now=lambda: 40.0) == 60.0
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_is_held_is_held_silently_and_never_shortened(clock):
    said = []
    pacer = Pacer(
        1e6,
        stop=StopOnFakeTime(clock),
        clock=clock,
        on_pause=lambda s, why: said.append((s, why)),
    )
    pacer.hold(30)
    pacer.hold(5)
    asyncio.run(pacer.turn())
    assert clock.now == 1030.0
    assert not said


@pytest.mark.parametrize("header", ["1800000042", "1800000042.0", "1800000042000"])
def test_a_retry_after_that_is_a_moment_rather_than_seconds_is_read_as_one(header):
    assert retry_after_s(header, now=lambda: 1_800_000_000.0) == 42.0
    assert retry_after_s(header, now=lambda: 1_800_000_100.0) == 0.0


def test_of_the_waits_that_are_too_long_the_longest_is_kept(clock):
    pacer = Pacer(1, stop=StopOnFakeTime(clock), clock=clock, now=lambda: 5000.0)
    ends = [pacer.shut(s, f"wait {s}").not_before.timestamp() for s in (200, 36000, 300)]
    assert ends == [5200, 41000, 5300]
    assert (pacer.tally.shut_until, pacer.tally.shut_because) == (41000.0, "wait 36000")


def test_times_for_people_carry_their_zone():
    assert clock_time(0).utcoffset() is not None


def slowed(clock, *, rate=8.0, wait=10.0):
    """A pacer that was told once to slow down, and has waited as long as it was told."""
    pacer = Pacer(rate, stop=StopOnFakeTime(clock), clock=clock)
    pacer.slow_down(wait, "rate limit")
    clock.now += wait
    return pacer


def test_after_a_429_the_pace_is_halved_and_comes_back_slowly(clock):
    pacer = Pacer(8.0, stop=StopOnFakeTime(clock), clock=clock)
    pacer.slow_down(10.0, "rate limit")
    assert pacer.pace == 4.0
    clock.now += 10  # nothing comes back during the pause itself
    assert pacer.pace == 4.0
    # A tenth of the set rate comes back each minute: .8 a second.
    clock.now += 60
    assert pacer.pace == pytest.approx(4.8)
    clock.now += 239
    assert pacer.pace < 8.0
    clock.now += 1.1
    assert pacer.pace == 8.0


def test_429s_of_one_moment_halve_the_pace_once(clock):
    pacer = Pacer(8.0, stop=StopOnFakeTime(clock), clock=clock)
    for _ in range(5):
        pacer.slow_down(3, "rate limit")
    clock.now += 3
    assert pacer.pace == 4.0


def test_the_pace_never_falls_below_a_sixteenth(clock):
    pacer = slowed(clock, wait=1.0)
    for _ in range(20):
        pacer.slow_down(1.0, "rate limit")
        clock.now += 1
    assert pacer.pace == pytest.approx(0.5, abs=0.05)


def test_what_is_halved_is_the_rate_that_was_reached(clock):
    async def scenario():
        pacer = Pacer(1000.0, stop=StopOnFakeTime(clock), clock=clock)
        for _ in range(40):
            await pacer.turn()
            clock.now += 0.1  # whatever the limit allows, ten a second is all that comes
        pacer.slow_down(1.0, "rate limit")
        return pacer

    # The floor is a sixteenth of the set rate, 62.5; the halved five a second lies below.
    pacer = asyncio.run(scenario())
    assert pacer.pace == pytest.approx(62.5)


def test_of_a_few_requests_alone_no_rate_is_measured(clock):
    async def scenario():
        pacer = Pacer(1000.0, stop=StopOnFakeTime(clock), clock=clock)
        for _ in range(31):
            await pacer.turn()
            clock.now += 0.1
        pacer.slow_down(1.0, "rate limit")
        return pacer.pace

    assert asyncio.run(scenario()) == 500.0


def test_requests_a_second_are_counted_between_the_first_and_the_last_of_the_latest_32(clock):
    async def scenario():
        pacer = Pacer(1000.0, stop=StopOnFakeTime(clock), clock=clock)
        for step in [1.0] * 40 + [1 / 256] * 32:  # what was long ago does not count
            await pacer.turn()
            clock.now += step
        pacer.slow_down(1.0, "rate limit")
        return pacer.pace

    # 31 steps of 1 / 256 s are 256 a second, though 32 were sent.
    assert asyncio.run(scenario()) == pytest.approx(128.0)


def test_turns_at_a_lower_pace_are_further_apart(clock):
    async def scenario():
        pacer = slowed(clock)
        times = []
        for _ in range(5):
            await pacer.turn()
            times.append(clock.now)
        return times

    gaps = [later - earlier for earlier, later in itertools.pairwise(asyncio.run(scenario()))]
    # A quarter of a second each at four a second, and a little less as the pace comes back.
    assert all(0.24 <= gap <= 0.25 for gap in gaps)


def test_the_rate_is_kept_when_the_pace_is_the_set_one_again():
    """Those who wait in places of the slow time, and those who come after it, go one by one."""
    times = []

    async def scenario():
        loop = asyncio.get_running_loop()
        pacer = Pacer(20, stop=Stop(), clock=loop.time)
        pacer.slow_down(1, "rate limit")

        async def work():
            while loop.time() < 400:  # the pace is the set one again after five minutes
                await pacer.turn()
                times.append(loop.time())

        await asyncio.gather(*(work() for _ in range(45)))

    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        runner.run(scenario())
    assert len(times) > 5000
    most = max(bisect_left(times, start + 1) - n for n, start in enumerate(times))
    assert most <= 21


def test_a_turn_for_which_one_is_not_ready_counts_as_nothing(clock):
    async def scenario():
        pacer = Pacer(1e6, stop=StopOnFakeTime(clock), clock=clock)
        turns = [await pacer.turn(lambda: False), await pacer.turn(lambda: True)]
        return turns, pacer.tally.sent

    assert asyncio.run(scenario()) == ([False, True], 1)


def test_a_spent_budget_gives_no_turn(clock):
    async def scenario():
        budget = DailyBudget("spotify", 2, spent=1)
        pacer = Pacer(1e6, stop=StopOnFakeTime(clock), clock=clock, budget=budget)
        await pacer.turn()
        with pytest.raises(BudgetSpent):
            await pacer.turn()
        return pacer.tally.sent

    assert asyncio.run(scenario()) == 1


def test_the_end_of_a_pause_is_counted_for_those_who_come_after(clock):
    pacer = Pacer(1.0, stop=StopOnFakeTime(clock), clock=clock, now=lambda: 5000.0)
    pacer.pause(10, "busy")
    pacer.pause(3, "busy")
    assert pacer.tally.paused_until == 5010.0
