import asyncio
import gzip
import tracemalloc
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from harvest.emulator.tls import throwaway_tls
from harvest.errors import (
    InputError,
    RateLimited,
    ServiceUnavailable,
    Unexpected,
)
from harvest.transport import HttpSender, Request, raise_for_status
from tests.harvest.fakes import reply


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
    with pytest.raises(Unexpected, match=r"redirects to https://elsewhere\.example/v1"):
        raise_for_status(reply(b"", 302, Location="https://elsewhere.example/v1"), "Spotify")


def test_where_a_redirect_leads_is_told_without_the_key_that_was_sent():
    answer = replace(
        reply(b"", 302, Location="https://a/for/k3y%2Fmade-up/x"), secrets=["k3y/made-up"]
    )
    with pytest.raises(Unexpected, match=r"redirects to https://a/for/\*\*\*/x,"):
        raise_for_status(answer, "Spotify")


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


def test_few_bytes_that_become_many_are_cut_off_before_they_take_much_memory():
    async def handler(request):
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    bomb = gzip.compress(bytes(200 * 2**20))
    tracemalloc.start()
    try:
        with pytest.raises(ServiceUnavailable, match="more than 16 MiB"):
            send_to(handler)
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    finally:
        tracemalloc.stop()


def test_a_reply_that_is_not_compressed_as_it_says_is_told_in_one_line():
    async def handler(request):
        return web.Response(body=b"plain", headers={"Content-Encoding": "gzip"})

    with pytest.raises(ServiceUnavailable, match="no reply from http://127") as caught:
        send_to(handler)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "header",
    [b"X-Debug Bearer T0KEN: a", b"X-Long: " + b"T0KEN" * 4000, b"X-T0KEN" * 4000 + b": a"],
)
def test_of_a_reply_that_is_no_http_neither_query_nor_content_is_repeated(header):
    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n" + header + b"\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async def scenario():
        raw = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with raw, aiohttp.ClientSession() as session:
            url = "http://127.0.0.1:{1}/a".format(*raw.sockets[0].getsockname())
            await HttpSender(session).send(Request("GET", url, params={"ids": "1,2,3"}))

    with pytest.raises(ServiceUnavailable, match="what it sent is no HTTP") as caught:
        asyncio.run(scenario())
    said = str(caught.value)
    assert "T0KEN" not in said
    assert "ids" not in said
    assert len(said) < 150


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


def test_a_host_that_answered_before_and_speaks_no_tls_any_more_is_out_of_order():
    async def handler(request):
        return web.Response(body=b"x")

    async def scenario():
        async with server(handler) as url, aiohttp.ClientSession() as session:
            sender = HttpSender(session)
            await sender.send(Request("GET", url))
            await sender.send(Request("GET", url.replace("http", "https")))

    with pytest.raises(ServiceUnavailable, match=r"no trusted reply from https://.* any more"):
        asyncio.run(scenario())


def test_plain_http_where_tls_is_expected_is_no_outage():
    async def handler(request):
        return web.Response(body=b"x")

    with pytest.raises(InputError, match=r"https://127\S+ does not speak TLS"):
        send_over_tls_to(handler)
