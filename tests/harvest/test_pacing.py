import asyncio
import itertools
from email.utils import formatdate

import pytest

from harvest.pacing import Pacer, clock_time, retry_after_s
from harvest.stopping import Stop, Stopped
from tests.harvest.fakes import StopOnFakeTime


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
        ("inf", None),
        ("nan", None),
        ("tomorrow", None),
    ],
)
def test_retry_after_in_seconds(header, seconds):
    assert retry_after_s(header) == seconds


def test_retry_after_as_a_date_counts_from_now_and_never_back():
    at_noon = 1_800_000_000.0
    assert retry_after_s(formatdate(at_noon + 90, usegmt=True), now=lambda: at_noon) == 90.0
    assert retry_after_s(formatdate(at_noon - 90, usegmt=True), now=lambda: at_noon) == 0.0


def test_times_for_people_carry_their_zone():
    assert clock_time(0).utcoffset() is not None
