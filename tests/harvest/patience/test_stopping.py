import asyncio
import signal

import pytest

from harvest.patience.stopping import Stop, Stopped, signals_deferred


def test_work_that_ends_first_gives_its_result():
    async def scenario():
        return await Stop().unless(asyncio.sleep(0, "result"))

    assert asyncio.run(scenario()) == "result"


def test_an_error_in_the_work_comes_through():
    async def fail():
        raise ValueError("inner")

    with pytest.raises(ValueError, match="inner"):
        asyncio.run(wait_for(fail()))


async def wait_for(work):
    await Stop().unless(work)


def test_a_stop_cancels_the_work():
    async def scenario():
        stop = Stop()
        was_cancelled = asyncio.Event()

        async def endless():
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                was_cancelled.set()
                raise

        waiting = asyncio.ensure_future(stop.unless(endless()))
        await asyncio.sleep(0.01)
        stop.request(None)
        with pytest.raises(Stopped):
            await waiting
        await asyncio.wait_for(was_cancelled.wait(), 100)

    asyncio.run(scenario())


def test_the_first_reason_is_kept():
    async def scenario():
        stop = Stop()
        first = ValueError("first")
        assert not stop
        stop.request(first)
        stop.request(ValueError("second"))
        assert stop
        assert stop.reason is first

    asyncio.run(scenario())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_is_deferred_counts_once_all_is_done(number):
    done, seen = [], []
    before = signal.signal(number, lambda number, _: seen.append((number, list(done))))
    try:
        with signals_deferred():
            signal.raise_signal(number)
            signal.raise_signal(number)
            done.append("all")
        assert seen == [(number, ["all"])]
        signal.raise_signal(number)
        assert len(seen) == 2
    finally:
        signal.signal(number, before)
