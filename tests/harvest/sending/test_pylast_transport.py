import asyncio
import gzip
import logging
import ssl
import subprocess
import sys
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pylast
import pytest
from aiohttp import web

from harvest.config import LastfmSettings, Secret
from harvest.emulator.faults.documents import bomb_document
from harvest.emulator.tls import throwaway_tls
from harvest.errors import InputError, ServiceUnavailable, UnusableReply
from harvest.sending.pylast_transport import MAX_BODY_BYTES, THREADS, PylastSender
from harvest.transport import Request

FORM = {"api_key": "k3y", "method": "track.getInfo", "artist": "A & B", "track": "日本", "x": "1"}
OK = '<lfm status="ok"><track><name>T</name></track></lfm>'


@pytest.fixture
def tls(monkeypatch):
    """An authority that pylast trusts, as it would with SSL_CERT_FILE set before it is imported."""
    with throwaway_tls("127.0.0.1") as tls:
        trusting = ssl.create_default_context(cafile=tls.ca_file)
        monkeypatch.setattr(pylast, "SSL_CONTEXT", trusting)
        yield tls


@asynccontextmanager
async def server(handler, ssl_context, *, port=0):
    """A real server on loopback; gives last.fm's settings for it."""
    app = web.Application()
    app.router.add_route("*", "/2.0/", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, ssl_context=ssl_context).start()
    try:
        yield settings_for(f"https://127.0.0.1:{runner.addresses[0][1]}/2.0/")
    finally:
        await runner.cleanup()


def settings_for(url):
    return LastfmSettings(url, Secret("k3y"), Secret("s3cret"))


def request_to(settings):
    return Request("POST", settings.api_url, form=FORM)


def send_to(handler, ssl_context, *, timeout_s=5.0):
    async def scenario():
        async with server(handler, ssl_context) as settings:
            return await PylastSender(settings, timeout_s=timeout_s).send(request_to(settings))

    return asyncio.run(scenario())


def answering(body, **more):
    async def handler(request):
        return web.Response(body=body, **more)

    return handler


def test_pylast_sends_the_form_and_what_it_parsed_comes_with_the_reply(tls):
    seen = {}

    async def handler(request):
        seen.update(await request.post(), agent=request.headers["User-Agent"])
        return web.Response(text=OK, headers={"X-Seen": "1"})

    reply = send_to(handler, tls.context)
    assert seen == {**FORM, "agent": f"pylast/{pylast.__version__}"}
    assert (reply.status, reply.body, reply.headers["x-seen"]) == (200, OK.encode(), "1")
    assert reply.outcome.getElementsByTagName("name")[0].firstChild.data == "T"


def test_what_last_fm_reports_comes_as_pylast_s_own_error(tls):
    body = '<lfm status="failed"><error code="6">Track not found</error></lfm>'
    reply = send_to(answering(body, status=404), tls.context)
    assert reply.status == 404
    assert (reply.outcome.status, str(reply.outcome)) == ("6", "Track not found")


@pytest.mark.parametrize(
    "body",
    [b"", b"<rss/>", b"<html><br></html>", OK[:30].encode(), b"\xff", b"<lfm status='failed'/>"],
)
def test_what_is_not_last_fm_s_is_told_from_what_is(body, tls):
    reply = send_to(answering(body), tls.context)
    assert isinstance(reply.outcome, UnusableReply)
    assert reply.body == body


DOCTYPES = {
    "billion laughs": bomb_document().decode(),
    "a file": f'<!DOCTYPE lfm [<!ENTITY e SYSTEM "file:///etc/passwd">]>{OK}',
    "a parameter": f'<!DOCTYPE lfm [<!ENTITY % p "<!ENTITY e 1>"> %p;]>{OK}',
    "harmless": f"<!DOCTYPE lfm>{OK}",
    "hidden in what pylast cuts out": f"<!DOCopensearch:TYPE lfm [<!ENTITY e 'x'>]>{OK}",
    "hidden among what pylast cuts out": f"<!DOC\x01TYPE lfm [<!ENTITY e 'x'>]>{OK}",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", DOCTYPES)
def test_a_document_type_is_refused_before_pylast_parses_it(name, encoding, tls, monkeypatch):
    parsed = []
    monkeypatch.setattr(pylast, "_parse_response", parsed.append)
    reply = send_to(answering(DOCTYPES[name].encode(encoding)), tls.context)
    assert isinstance(reply.outcome, UnusableReply)
    assert parsed == []


def test_deep_nesting_is_refused_and_breaks_nothing(tls):
    body = '<lfm status="ok">' + "<a>" * 50_000 + "</a>" * 50_000 + "</lfm>"
    assert isinstance(send_to(answering(body), tls.context).outcome, UnusableReply)


def test_a_reply_beyond_2_mib_is_cut_off(tls):
    with pytest.raises(ServiceUnavailable, match="sent more than 2 MiB"):
        send_to(answering(bytes(MAX_BODY_BYTES + 1)), tls.context)


def test_a_compressed_reply_is_not_asked_for_and_refused(tls):
    seen = []

    async def handler(request):
        seen.append(request.headers["Accept-Encoding"])
        bomb = gzip.compress(bytes(50 * 2**20))
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    with pytest.raises(ServiceUnavailable, match="compressed reply that was not asked for"):
        send_to(handler, tls.context)
    assert seen == ["identity"]


def test_redirects_are_not_followed(tls):
    async def handler(request):
        raise web.HTTPFound("https://elsewhere.example/")

    reply = send_to(handler, tls.context)
    assert (reply.status, reply.headers["Location"]) == (302, "https://elsewhere.example/")


def test_two_calls_at_most_are_under_way_and_none_is_lost(tls):
    async def scenario():
        under_way, most, count = 0, 0, 0

        async def handler(request):
            nonlocal under_way, most, count
            under_way += 1
            count += 1
            most = max(most, under_way)
            await asyncio.sleep(0.05)
            under_way -= 1
            return web.Response(text=OK)

        async with server(handler, tls.context) as settings:
            sender = PylastSender(settings)
            calls = (sender.send(request_to(settings)) for _ in range(5))
            return await asyncio.gather(*calls), most, count

    replies, most, count = asyncio.run(scenario())
    assert (most, count) == (2, 5)
    assert [reply.status for reply in replies] == [200] * 5


def test_a_call_that_nobody_waits_for_any_more_keeps_its_place_until_it_ends(tls):
    async def scenario():
        seen, go_on = [], asyncio.Event()

        async def handler(request):
            seen.append(1)
            await go_on.wait()
            return web.Response(text=OK)

        async with server(handler, tls.context) as settings:
            sender = PylastSender(settings, timeout_s=0.3)
            for _ in range(THREADS + 2):
                with pytest.raises(ServiceUnavailable, match="did not answer in time"):
                    await sender.send(request_to(settings))
            hung = len(seen)
            go_on.set()
            patient = PylastSender(settings)
            patient._calls = sender._calls
            return hung, (await patient.send(request_to(settings))).status, len(seen)

    assert asyncio.run(scenario()) == (THREADS, 200, THREADS + 1)


def test_a_reply_that_drips_ends_its_thread_in_time(tls):
    async def handler(request):
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.05)

    async def scenario():
        async with server(handler, tls.context) as settings:
            sender = PylastSender(settings, timeout_s=0.3)
            with pytest.raises(ServiceUnavailable):
                await sender.send(request_to(settings))
            async with asyncio.timeout(100):
                await asyncio.wait(sender._calls)

    asyncio.run(scenario())


PROGRAM = """
import asyncio, sys, pylast
from harvest.config import LastfmSettings, Secret
from harvest.errors import ServiceUnavailable
from harvest.sending.pylast_transport import PylastSender
from harvest.transport import Request

settings = LastfmSettings(sys.argv[1], Secret("k"), Secret("s"))
form = {"method": "track.getInfo"}
try:
    asyncio.run(PylastSender(settings, timeout_s=0.3).send(Request("POST", "x", form=form)))
except ServiceUnavailable as error:
    print(error)
"""


def test_the_program_ends_though_a_call_does_not(tls):
    async def handler(request):
        await asyncio.sleep(30)

    async def scenario():
        async with server(handler, tls.context) as settings:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", PROGRAM, settings.api_url),
                env={"SSL_CERT_FILE": str(tls.ca_file)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            return process, await asyncio.wait_for(process.communicate(), 10)

    process, (out, err) = asyncio.run(scenario())
    assert (process.returncode, err) == (0, b"")
    assert out == b"x did not answer in time\n"


def test_a_certificate_that_is_not_trusted_is_no_outage_and_gets_no_request():
    seen = []

    async def handler(request):
        seen.append(request.path)

    with (
        throwaway_tls("127.0.0.1") as tls,
        pytest.raises(InputError, match=r"certificate of https://127\S+ is not trusted") as caught,
    ):
        send_to(handler, tls.context)
    assert "SSL_CERT_FILE" in str(caught.value)
    assert seen == []


def test_plain_http_where_tls_is_expected_is_no_outage(tls):
    with pytest.raises(InputError, match=r"https://127\S+ does not speak TLS"):
        send_to(answering(OK), None)


@pytest.mark.parametrize("breaks", ["speaks plain http", "has another certificate"])
def test_a_server_that_answered_before_and_breaks_tls_is_out_of_order(breaks, tls):
    async def scenario():
        async with server(answering(OK), tls.context) as settings:
            sender = PylastSender(settings)
            await sender.send(request_to(settings))
            port = urlsplit(settings.api_url).port
        with throwaway_tls("127.0.0.1") as other:
            broken = None if breaks == "speaks plain http" else other.context
            async with server(answering(OK), broken, port=port) as settings:
                with pytest.raises(ServiceUnavailable, match="no trusted reply from https://127"):
                    await sender.send(request_to(settings))
        async with server(answering(OK), tls.context, port=port) as settings:
            return await sender.send(request_to(settings))

    assert asyncio.run(scenario()).status == 200


def test_a_server_that_hangs_up_is_an_outage(tls):
    async def scenario(greeting):
        async def hang_up(reader, writer):
            await reader.read(10)
            writer.write(greeting)
            writer.close()

        async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as listening:
            port = listening.sockets[0].getsockname()[1]
            settings = settings_for(f"https://127.0.0.1:{port}/2.0/")
            await PylastSender(settings).send(request_to(settings))

    with pytest.raises(ServiceUnavailable, match="no reply from https://127"):
        asyncio.run(scenario(b""))


def test_a_reply_that_breaks_off_is_an_outage(tls):
    async def handler(request):
        response = web.StreamResponse()
        response.content_length = 1000
        await response.prepare(request)
        await response.write(b"<lfm")
        request.transport.close()
        return response

    with pytest.raises(ServiceUnavailable, match="no reply from https://127"):
        send_to(handler, tls.context)


def test_nobody_listening_is_an_outage():
    settings = settings_for("https://127.0.0.1:9/2.0/")
    with pytest.raises(ServiceUnavailable, match="no reply from https://127"):
        asyncio.run(PylastSender(settings).send(request_to(settings)))


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"])
def test_no_setting_of_the_environment_leads_elsewhere(name, tls, monkeypatch):
    monkeypatch.setenv(name, "http://127.0.0.1:9" if name != "NO_PROXY" else "127.0.0.1")
    assert send_to(answering(OK), tls.context).status == 200


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/2.0/", "http://localhost/2.0/"])
def test_an_address_that_is_not_https_is_refused_in_one_line(url):
    with pytest.raises(InputError, match=f"LASTFM_API_URL is '{url}'") as caught:
        PylastSender(settings_for(url))
    assert "--transport pylast" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_neither_key_nor_secret_shows_anywhere(tls, caplog):
    async def scenario():
        async with server(answering("<html/>"), tls.context) as settings:
            sender = PylastSender(settings)
            said = [repr(sender), repr(await sender.send(request_to(settings)))]
        with pytest.raises(ServiceUnavailable) as caught:
            await sender.send(request_to(settings))
        return [*said, repr(caught.value), repr(caught.value.__cause__)]

    with caplog.at_level(logging.DEBUG):
        said = asyncio.run(scenario())
    everything = " ".join([*said, caplog.text])
    assert "pylast" in caplog.text
    assert "k3y" not in everything
    assert "s3cret" not in everything
