import asyncio

import aiohttp
import pytest
from aiohttp import web

from harvest.emulator.exchange import XML, Reply
from harvest.emulator.responses import break_off, is_gone, response

REPLY = Reply(429, b"0123456789", XML, headers={"Retry-After": "3"})


def fetch(handler):
    """Ask a real server once; return status, headers and body."""

    async def scenario():
        app = web.Application()
        app.router.add_get("/", handler)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"http://127.0.0.1:{runner.addresses[0][1]}/") as reply,
            ):
                return reply.status, reply.headers, await reply.read()
        finally:
            await runner.cleanup()

    return asyncio.run(scenario())


def test_a_reply_is_sent_whole():
    async def handler(request):
        assert not is_gone(request)
        return response(REPLY)

    status, headers, body = fetch(handler)
    assert (status, body) == (429, b"0123456789")
    assert (headers["Content-Type"], headers["Retry-After"]) == (XML, "3")


@pytest.mark.parametrize(
    ("share", "error"),
    [(0.0, aiohttp.ServerDisconnectedError), (0.5, aiohttp.ClientPayloadError)],
)
def test_a_reply_is_broken_off_before_or_within_its_body(share, error):
    async def handler(request):
        return await break_off(request, REPLY, share)

    with pytest.raises(error):
        fetch(handler)
