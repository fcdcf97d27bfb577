"""What a service sees of the harvester: never more than the set rate, never before it may."""

import asyncio
import itertools
import json
import shutil
import time

import pytest
from aiohttp import web

from tests.end_to_end.conftest import CREDENTIALS, Programs
from tests.harvest.fakes import features

LATE_S = 0.4
"""How late a request may arrive where other work keeps the machine busy."""


class Service:
    """A service of Spotify's shape that notes when it is asked, and for what."""

    def __init__(self, *, expires_in=3600, limit_at=None, retry_after=None):
        self.asked_at = []
        self.tokens = []
        self.ids = []
        self.refused = 0
        self._expires_in = expires_in
        self._limit_at = limit_at
        self._retry_after = retry_after
        self._issued_at = 0.0

    async def token(self, request):
        self.tokens.append(f"t{len(self.tokens)}")
        self._issued_at = time.monotonic()
        return web.json_response({"access_token": self.tokens[-1], "expires_in": self._expires_in})

    async def audio_features(self, request):
        self.asked_at.append(time.monotonic())
        is_old = time.monotonic() > self._issued_at + self._expires_in
        if is_old or request.headers["Authorization"] != f"Bearer {self.tokens[-1]}":
            self.refused += 1
            return web.json_response({"error": {"status": 401}}, status=401)
        if len(self.asked_at) == self._limit_at:
            return web.Response(status=429, headers={"Retry-After": self._retry_after()})
        ids = request.query["ids"].split(",")
        self.ids += ids
        return web.json_response({"audio_features": [features(i) for i in ids]})


def harvest(folder, service, *options, runs=1, job="spotify"):
    """Run `harvest spotify` against the service, so many times; return how each ended."""

    async def scenario():
        app = web.Application()
        app.router.add_post("/token", service.token)
        app.router.add_get("/v1/audio-features", service.audio_features)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        here = f"http://127.0.0.1:{runner.addresses[0][1]}"
        urls = {"SPOTIFY_API_URL": f"{here}/v1", "SPOTIFY_TOKEN_URL": f"{here}/token"}
        programs = Programs(folder, {**CREDENTIALS, **urls})
        try:
            return [
                await asyncio.to_thread(programs.run, "harvest", job, *options) for _ in range(runs)
            ]
        finally:
            await runner.cleanup()

    return asyncio.run(scenario())


@pytest.fixture
def folder(tmp_path, read_state):
    shutil.copytree(read_state, tmp_path / "state")
    return tmp_path


def gaps(times):
    return [later - earlier for earlier, later in itertools.pairwise(times)]


def test_requests_keep_their_distance_however_many_workers_there_are(folder):
    service = Service()
    (done,) = harvest(folder, service, "--rate", "20", "--batch", "5", "--concurrency", "16")
    assert done.returncode == 0, done.stderr
    n = len(service.asked_at)
    assert n >= 30
    # n requests at 20 a second take (n - 1) intervals of 50 ms; the first may arrive late.
    assert service.asked_at[-1] - service.asked_at[0] >= (n - 1) * 0.05 - LATE_S


def test_a_restart_does_not_shorten_the_distance(folder):
    service = Service()
    harvest(folder, service, "--rate", "1", "--limit", "1", "--batch", "1", runs=1)
    service.asked_at.clear()
    runs = harvest(folder, service, "--rate", "0.25", "--limit", "5", "--batch", "5", runs=2)
    assert [done.returncode for done in runs] == [0, 0]
    # Each run asks once, for five tracks.
    (gap,) = gaps(service.asked_at)
    assert gap >= 4 - LATE_S


def two_seconds():
    return "2"


def date():
    """Dates have whole seconds: three ahead is at least two from now."""
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 3))


@pytest.mark.parametrize("retry_after", [two_seconds, date])
def test_after_a_429_nobody_asks_before_the_time_that_was_named(folder, retry_after):
    service = Service(limit_at=5, retry_after=retry_after)
    (done,) = harvest(folder, service, "--rate", "100", "--batch", "10", "--concurrency", "8")
    assert done.returncode == 0, done.stderr
    # Those already under way when the limit came may still arrive; then there is silence.
    assert max(gaps(service.asked_at)) >= 2 - LATE_S
    assert "rate limit is reached; waiting" in done.stderr
    assert len(service.ids) == len(set(service.ids))


def test_tokens_are_renewed_before_they_expire(folder):
    service = Service(expires_in=6)
    (done,) = harvest(folder, service, "--rate", "2.5", "--batch", "10")
    assert done.returncode == 0, done.stderr
    assert len(service.tokens) >= 2
    assert service.refused == 0
    assert len(service.ids) == len(set(service.ids))


def test_the_harvest_asks_for_each_track_once_and_says_who_it_is(folder):
    service = Service()
    (done,) = harvest(folder, service, "--rate", "1000", "--batch", "100")
    status = json.loads(Programs(folder).run("harvest", "status", "--json").stdout)
    total = status["jobs"]["spotify"]["total"]
    assert len(service.ids) == len(set(service.ids)) == total
    assert len(service.asked_at) == -(-total // 100)
    assert done.returncode == 0
