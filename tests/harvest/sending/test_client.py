import asyncio
import time
from itertools import pairwise

import pytest

from harvest.auth import BearerSender, TokenSource, spotify_sender
from harvest.config import Secret, SpotifySettings
from harvest.errors import (
    BudgetSpent,
    Postponed,
    RequestRejected,
    ServiceUnavailable,
    TokenExpired,
    UnusableReply,
)
from harvest.pacing import Pacer
from harvest.patience.budget import DailyBudget
from harvest.patience.stopping import Stop, Stopped
from harvest.sending.client import Client, PacedSender
from harvest.transport import Request, raise_for_status
from tests.harvest.fakes import FakeClock, LeapingLoop, ScriptedSender, StopOnFakeTime, reply

GET = Request("GET", "http://127.0.0.1/x")


def read(response):
    raise_for_status(response, "Spotify")
    if response.body == b"<html>":
        raise UnusableReply("no JSON")
    if response.status == 400:
        raise RequestRejected("no", status=400)
    return response.body


def call(*script, max_wait_s=120.0):
    """Call a service that answers as scripted; return its answer, the sender and the clock."""

    async def scenario():
        clock = FakeClock()
        pacer = Pacer(1e6, stop=Stop(), clock=clock)
        sender = ScriptedSender(*script)
        client = Client(
            sender, pacer=pacer, sleep=clock.sleep, max_wait_s=max_wait_s, jitter=lambda: 0.0
        )
        try:
            return await client.call(GET, read), sender, clock, pacer
        except Exception as error:
            return error, sender, clock, pacer

    return asyncio.run(scenario())


def test_a_good_reply_is_read_at_once():
    answer, sender, clock, pacer = call(reply(b"good"))
    assert (answer, len(sender.requests), clock.slept) == (b"good", 1, [])
    assert pacer.tally.answered == 1


def test_what_may_pass_is_tried_again_with_doubling_waits():
    dropped = ServiceUnavailable("dropped")
    answer, sender, clock, pacer = call(
        reply(b"", 503), dropped, reply(b"<html>"), reply(b"", 500), reply(b"good")
    )
    assert answer == b"good"
    assert (pacer.tally.failed, pacer.tally.limited, pacer.tally.answered) == (4, 0, 1)
    assert clock.slept == [0.5, 1.0, 2.0, 4.0]
    assert len(sender.requests) == 5


def test_jitter_shortens_a_wait_by_up_to_half():
    client = Client(None, pacer=None, sleep=None, max_wait_s=1, jitter=lambda: 0.999)

    class Outcome:
        @staticmethod
        def exception():
            return ServiceUnavailable("x")

    class State:
        outcome = Outcome
        attempt_number = 2

    # 0.5 * 2^1 = 1 s, less half of it times 0.999.
    assert client._wait_s(State) == pytest.approx(1 - 0.4995)


def test_after_five_failures_the_last_error_comes_out_as_it_was():
    error, sender, _, _ = call(*[reply(b"", 500 + i) for i in range(9)])
    assert isinstance(error, ServiceUnavailable)
    assert error.status == 504
    assert len(sender.requests) == 5


def test_a_token_takes_nothing_from_the_day_s_budget():
    async def scenario():
        settings = SpotifySettings("http://api", "http://token", "id", Secret("secret"))
        wire = ScriptedSender(reply({"access_token": "t0ken"}), reply(b"first"), reply(b"second"))
        pacer = Pacer(1e6, stop=Stop(), budget=DailyBudget("spotify", 2, spent=0))
        sender = PacedSender(spotify_sender(settings, wire), pacer)
        answers = [(await sender.send(GET)).body for _ in range(2)]
        with pytest.raises(BudgetSpent):
            await sender.send(GET)
        return answers, len(wire.requests), pacer.tally.sent

    assert asyncio.run(scenario()) == ([b"first", b"second"], 3, 2)


def test_the_rate_is_kept_while_a_slow_token_service_renews_a_token():
    """Sixteen workers at 100 a second, of whom none may send while there is no token."""
    sent_at, tokens = [], []

    class Wire:
        async def send(self, request):
            if request.url == "http://token":
                tokens.append(request)
                await asyncio.sleep(0.3)
                return reply({"access_token": f"t{len(tokens)}", "expires_in": 1})
            sent_at.append(asyncio.get_running_loop().time())
            await asyncio.sleep(0.01)
            return reply(b"good")

    async def scenario():
        settings = SpotifySettings("http://api", "http://token", "id", Secret("secret"))
        stop = Stop()
        sender = PacedSender(spotify_sender(settings, Wire()), Pacer(100, stop=stop))

        async def work():
            while not stop and len(tokens) < 3:
                await sender.send(GET)

        await asyncio.gather(*(work() for _ in range(16)))

    asyncio.run(scenario())
    # In no tenth of a second more than ten, and what a late timer catches up with.
    most = max(sum(start <= at < start + 0.1 for at in sent_at) for start in sent_at)
    assert most <= 14


def test_a_token_that_lives_no_longer_than_a_turn_takes_keeps_nobody_from_sending():
    tokens, sent_at = [], []

    class Wire:
        async def send(self, request):
            if request.url == "http://token":
                tokens.append(request)
                return reply({"access_token": f"t{len(tokens)}", "expires_in": 3600})
            sent_at.append(asyncio.get_running_loop().time())
            return reply(b"good")

    async def scenario():
        settings = SpotifySettings("http://api", "http://token", "id", Secret("secret"))
        now = asyncio.get_running_loop().time
        pacer = Pacer(1e-4, stop=Stop(), clock=now)  # a request each 10,000 s
        sender = PacedSender(BearerSender(Wire(), TokenSource(settings, Wire(), clock=now)), pacer)
        async with asyncio.timeout(1e6):
            await asyncio.gather(*(sender.send(GET) for _ in range(4)))

    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        runner.run(scenario())
    assert len(sent_at) == 4
    assert all(later - at > 9_999 for at, later in pairwise(sent_at))
    assert len(tokens) <= 2 * 4


def test_nobody_asks_for_a_token_in_a_pause():
    async def scenario():
        settings = SpotifySettings("http://api", "http://token", "id", Secret("secret"))
        stop = Stop()
        wire = ScriptedSender()
        pacer = Pacer(10, stop=stop)
        pacer.pause(60, "told to")
        waiting = asyncio.ensure_future(
            PacedSender(spotify_sender(settings, wire), pacer).send(GET)
        )
        await asyncio.sleep(0.05)
        stop.request(None)
        with pytest.raises(Stopped):
            await waiting
        return wire.requests

    assert asyncio.run(scenario()) == []


def test_a_429_waits_its_retry_after_and_costs_no_try():
    limits = [reply(b"", 429, Retry_After="7")] * 8
    answer, sender, clock, pacer = call(*limits, reply(b"good"))
    assert answer == b"good"
    assert len(sender.requests) == 9
    # Nobody but the pacer waits, and it waits for everybody: 7 s from the last limit.
    assert clock.slept == [0.0] * 8
    assert (pacer.tally.failed, pacer.tally.limited) == (0, 8)
    assert pacer._resume_at == clock.now + 7


def test_an_expired_token_costs_no_try_and_no_wait():
    expired = TokenExpired("expired", status=401)
    answer, _sender, clock, _ = call(*[reply(b"", 503)] * 4, expired, reply(b"good"))
    assert answer == b"good"
    assert clock.slept == [0.5, 1.0, 2.0, 4.0, 0.0]


def test_a_request_that_is_refused_with_a_new_token_too_has_failed():
    expired = TokenExpired("expired", status=401)
    error, sender, clock, _ = call(*[expired] * 9)
    assert isinstance(error, UnusableReply)
    assert (str(error), error.status) == ("refused (401), with a new token too", 401)
    # The first costs no try; the five that do are further and further apart.
    assert len(sender.requests) == 6
    assert clock.slept == [0.0, 1.0, 2.0, 4.0, 8.0]


def test_a_token_that_expires_after_another_failure_is_renewed_but_once():
    expired = TokenExpired("expired", status=401)
    error, sender, _, pacer = call(reply(b"", 503), *[expired] * 9)
    assert isinstance(error, UnusableReply)
    # The failure before, the one that costs no try, and four that do.
    assert (len(sender.requests), pacer.tally.failed) == (6, 1)


def test_no_request_is_sent_before_its_turn(clock):
    sender = ScriptedSender(reply(b"good"))
    pacer = Pacer(1e6, stop=StopOnFakeTime(clock), clock=clock)
    pacer.hold(5)
    asyncio.run(PacedSender(sender, pacer).send(GET))
    assert (clock.now, pacer.tally.sent, sender.requests) == (1005.0, 1, [GET])


@pytest.mark.parametrize(
    ("limit", "wait_s"),
    [
        (reply(b"Too many requests", 429, Retry_After="1800"), 1800),
        (
            reply({"error": {"status": 429, "reason": "QUOTA_EXCEEDED"}}, 429, Retry_After="60"),
            60,
        ),
        (reply({"error": {"status": 429, "reason": "QUOTA_EXCEEDED"}}, 429), 3600),
        (reply(b"", 503, Retry_After="121"), 121),
    ],
)
def test_a_long_wait_or_a_used_up_quota_postpones_the_job_with_the_time(limit, wait_s):
    error, sender, clock, _ = call(limit)
    assert isinstance(error, Postponed)
    assert error.not_before.tzinfo is not None
    assert error.not_before.timestamp() == pytest.approx(time.time() + wait_s, abs=30)
    assert len(sender.requests) == 1
    assert clock.slept == []


def test_the_longest_wait_allowed_is_a_setting():
    answer, *_ = call(reply(b"", 429, Retry_After="3600"), reply(b"good"), max_wait_s=3600)
    assert answer == b"good"


def test_what_will_never_pass_is_not_tried_again():
    error, sender, _, _ = call(reply(b"", 400))
    assert isinstance(error, RequestRejected)
    assert len(sender.requests) == 1


def test_a_server_error_that_names_a_wait_makes_everybody_wait_so_long():
    answer, sender, clock, pacer = call(reply(b"", 503, Retry_After="20"), reply(b"good"))
    assert (answer, len(sender.requests)) == (b"good", 2)
    assert pacer._resume_at >= clock.now - 0.5 + 20 - 0.5
    assert pacer.pace == pacer._rate  # it was no rate limit


def test_a_server_error_that_names_a_long_wait_postpones_the_job():
    error, sender, *_ = call(reply(b"", 503, Retry_After="600"))
    assert isinstance(error, Postponed)
    assert error.not_before is not None
    assert len(sender.requests) == 1


def test_a_wait_beyond_all_measure_is_cut_to_thirty_days():
    error, *_ = call(reply(b"", 429, Retry_After="9" * 30))
    assert isinstance(error, Postponed)
    days = (error.not_before.timestamp() - time.time()) / 86400
    assert days == pytest.approx(30, abs=0.01)


def test_a_thousand_limits_in_a_row_break_no_arithmetic():
    limits = [reply(b"", 429)] * 1500
    answer, *_ = call(*limits, reply(b"", 503), reply(b"good"))
    assert answer == b"good"
