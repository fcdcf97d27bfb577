import asyncio
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from harvest.emulator.tls import throwaway_tls
from harvest.errors import (
    InputError,
    Postponed,
    RateLimited,
    RequestRejected,
    ServiceUnavailable,
    TokenExpired,
    UnusableReply,
)
from harvest.pacing import Pacer
from harvest.stopping import Stop
from harvest.transport import Client, HttpSender, Request, raise_for_status
from tests.harvest.fakes import FakeClock, ScriptedSender, reply

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
    answer, sender, clock, _ = call(
        reply(b"", 503), dropped, reply(b"<html>"), reply(b"", 500), reply(b"good")
    )
    assert answer == b"good"
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


def test_a_429_waits_its_retry_after_and_costs_no_try():
    limits = [reply(b"", 429, Retry_After="7")] * 8
    answer, sender, clock, pacer = call(*limits, reply(b"good"))
    assert answer == b"good"
    assert len(sender.requests) == 9
    # Nobody but the pacer waits, and it waits for everybody: 7 s from the last limit.
    assert clock.slept == [0.0] * 8
    assert pacer._resume_at == clock.now + 7


def test_an_expired_token_costs_no_try_and_no_wait():
    expired = TokenExpired("expired", status=401)
    answer, _sender, clock, _ = call(*[reply(b"", 503)] * 4, expired, reply(b"good"))
    assert answer == b"good"
    assert clock.slept == [0.5, 1.0, 2.0, 4.0, 0.0]


@pytest.mark.parametrize(
    "limit",
    [
        reply(b"Too many requests", 429, Retry_After="3600"),
        reply({"error": {"status": 429, "reason": "QUOTA_EXCEEDED"}}, 429, Retry_After="60"),
        reply({"error": {"status": 429, "reason": "QUOTA_EXCEEDED"}}, 429),
    ],
)
def test_a_long_wait_or_a_used_up_quota_postpones_the_job_with_the_time(limit):
    error, sender, clock, _ = call(limit)
    assert isinstance(error, Postponed)
    assert error.not_before.tzinfo is not None
    assert len(sender.requests) == 1
    assert clock.slept == []


def test_the_longest_wait_allowed_is_a_setting():
    answer, *_ = call(reply(b"", 429, Retry_After="3600"), reply(b"good"), max_wait_s=3600)
    assert answer == b"good"


def test_what_will_never_pass_is_not_tried_again():
    error, sender, _, _ = call(reply(b"", 400))
    assert isinstance(error, RequestRejected)
    assert len(sender.requests) == 1


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 599])
def test_a_server_error_means_unavailable(status):
    with pytest.raises(ServiceUnavailable, match=f"Spotify answers {status}"):
        raise_for_status(reply(b"<html>", status), "Spotify")


def test_a_limit_without_a_number_says_so():
    with pytest.raises(RateLimited) as caught:
        raise_for_status(reply(b"Too many requests", 429), "Spotify")
    assert caught.value.retry_after_s is None
    assert not caught.value.is_quota


def test_a_redirect_is_refused_with_its_target():
    with pytest.raises(InputError, match=r"redirects to https://elsewhere\.example/v1"):
        raise_for_status(reply(b"", 302, Location="https://elsewhere.example/v1"), "Spotify")


def test_requests_and_replies_hide_what_may_be_secret():
    request = Request("GET", "http://x/", params={"api_key": "s3"}, headers={"Authorization": "s3"})
    assert "s3" not in repr(request)
    assert "s3" not in repr(reply(b"s3", 200, Set_Cookie="s3"))


@asynccontextmanager
async def server(handler, *, ssl_context=None):
    """A real server on loopback; gives its address."""
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=ssl_context)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def send_to(handler, *, times=1, timeout=None):
    async def scenario():
        async with server(handler) as url, aiohttp.ClientSession(timeout=timeout) as session:
            sender = HttpSender(session)
            return [await sender.send(Request("GET", f"{url}/a?b=c")) for _ in range(times)]

    return asyncio.run(scenario())


def test_a_reply_comes_whole_with_its_status_and_headers():
    async def handler(request):
        return web.Response(status=418, body=b"teapot", headers={"Retry-After": "3"})

    (response,) = send_to(handler)
    assert (response.status, response.body) == (418, b"teapot")
    assert response.headers["retry-after"] == "3"


def test_a_reply_beyond_16_mib_is_cut_off():
    async def handler(request):
        return web.Response(body=bytes(17 * 2**20))

    with pytest.raises(ServiceUnavailable, match="more than 16 MiB"):
        send_to(handler)


def test_a_reply_that_does_not_come_in_time_is_cut_off():
    async def handler(request):
        await asyncio.sleep(1)

    with pytest.raises(ServiceUnavailable, match="did not answer in time"):
        send_to(handler, timeout=aiohttp.ClientTimeout(total=0.2))


def test_a_dropped_connection_is_never_answered_by_a_silent_second_request():
    seen = []

    async def handler(request):
        seen.append(request.path)
        if len(seen) > 1:
            request.transport.close()
        return web.Response(body=b"x")

    # The first reply leaves a connection open; the second request finds it dropped.
    with pytest.raises(ServiceUnavailable):
        send_to(handler, times=2)
    assert len(seen) == 2


def test_redirects_are_not_followed():
    seen = []

    async def handler(request):
        seen.append(request.path)
        raise web.HTTPFound("/elsewhere")

    (response,) = send_to(handler)
    assert response.status == 302
    assert seen == ["/a"]


def test_nobody_listening_is_an_unavailable_service():
    async def scenario():
        async with aiohttp.ClientSession() as session:
            await HttpSender(session).send(Request("GET", "http://127.0.0.1:9/"))

    with pytest.raises(ServiceUnavailable, match="no reply from http://127"):
        asyncio.run(scenario())


def send_over_tls_to(handler, *, ssl_context=None):
    async def scenario():
        running = server(handler, ssl_context=ssl_context)
        async with running as url, aiohttp.ClientSession() as session:
            request = Request("GET", f"{url.replace('http', 'https')}/a", params={"api_key": "s3"})
            await HttpSender(session).send(request)

    return asyncio.run(scenario())


def test_a_certificate_that_is_not_trusted_is_no_outage_and_gets_no_request():
    seen = []

    async def handler(request):
        seen.append(request.path)
        return web.Response(body=b"x")

    with (
        throwaway_tls("127.0.0.1") as tls,
        pytest.raises(InputError, match=r"certificate of https://127\S+ is not trusted") as caught,
    ):
        send_over_tls_to(handler, ssl_context=tls.context)
    assert "SSL_CERT_FILE" in str(caught.value)
    assert "s3" not in str(caught.value)
    assert seen == []


def test_plain_http_where_tls_is_expected_is_no_outage():
    async def handler(request):
        return web.Response(body=b"x")

    with pytest.raises(InputError, match=r"https://127\S+ does not speak TLS"):
        send_over_tls_to(handler)
