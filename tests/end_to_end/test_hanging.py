"""A service that never answers holds nobody up for longer than ten seconds."""

import asyncio
import shutil
import signal
import time

import pytest
from aiohttp import web

from tests.end_to_end.conftest import CREDENTIALS, Programs


@pytest.fixture
def folder(tmp_path, read_state):
    shutil.copytree(read_state, tmp_path / "state")
    return tmp_path


def interrupt(folder, *pauses_s):
    """Start a job against a service that hangs, and send SIGINT after each pause.

    Returns its exit code, its stderr, and the seconds from the last signal to its end.
    """

    async def token(request):
        return web.json_response({"access_token": "t", "expires_in": 3600})

    async def hang(request):
        asked.set()
        await asyncio.sleep(600)

    asked = asyncio.Event()

    async def scenario():
        app = web.Application()
        app.router.add_post("/token", token)
        app.router.add_get("/v1/audio-features", hang)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        here = f"http://127.0.0.1:{runner.addresses[0][1]}"
        urls = {"SPOTIFY_API_URL": f"{here}/v1", "SPOTIFY_TOKEN_URL": f"{here}/token"}
        process = Programs(folder, {**CREDENTIALS, **urls}).start("harvest", "spotify")
        try:
            await asyncio.wait_for(asked.wait(), 300)
            for pause_s in pauses_s:
                await asyncio.sleep(pause_s)
                process.send_signal(signal.SIGINT)
            sent_at = time.monotonic()
            _, err = await asyncio.to_thread(process.communicate, timeout=300)
            return process.returncode, err, time.monotonic() - sent_at
        finally:
            process.kill()
            await runner.cleanup()

    return asyncio.run(scenario())


def test_what_is_in_flight_has_ten_seconds(folder):
    code, err, seconds = interrupt(folder, 0.2)
    assert code == 130, err
    # Ten seconds and the program's end; the reply would come after ten minutes.
    assert 9 <= seconds <= 100
    assert "stopped by SIGINT" in err
    counts = Programs(folder).counts("spotify")
    assert counts["pending"] == counts["total"]


def test_a_second_signal_ends_it_at_once(folder):
    code, _, seconds = interrupt(folder, 0.2, 1.0)
    assert code == 130
    assert seconds < 9  # One signal alone would leave ten seconds.
