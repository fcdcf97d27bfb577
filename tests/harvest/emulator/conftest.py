"""Shared by the emulator's tests: a small made-up library, and a client of a running emulator."""

import asyncio
import json
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from harvest.emulator.catalogue.library import from_songs
from harvest.emulator.catalogue.songs import make_songs
from harvest.emulator.server import Emulator

RECORDED = Path(__file__).parents[4] / "shared" / "data" / "recorded"


@dataclass
class Client:
    """Asks a running emulator; every answer is (status, headers, body)."""

    session: aiohttp.ClientSession
    urls: dict[str, str]
    emulator: Emulator
    bearer: str = ""

    async def send(self, method, url, **options):
        async with self.session.request(method, url, **options) as reply:
            return reply.status, reply.headers, await reply.read()

    async def token(self, auth=("id", "secret"), grant="client_credentials"):
        headers = {"Authorization": "Basic " + b64encode(":".join(auth).encode()).decode()}
        form = {"grant_type": grant}
        url = self.urls["spotify_token_url"]
        status, _, body = await self.send("POST", url, data=form, headers=headers)
        if status == 200:
            self.bearer = json.loads(body)["access_token"]
        return status, json.loads(body)

    async def sign_in(self):
        """Get a token, trying again where a fault profile strikes."""
        for _ in range(5):
            with suppress(aiohttp.ClientError, ValueError):
                if (await self.token())[0] == 200:
                    return

    async def spotify(self, ids=None, *, one=None, kind="audio-features"):
        url = f"{self.urls['spotify_api_url']}/{kind}"
        headers = {"Authorization": f"Bearer {self.bearer}"} if self.bearer else {}
        if one is not None:
            return await self.send("GET", f"{url}/{one}", headers=headers)
        return await self.send("GET", url, params={"ids": ",".join(ids)}, headers=headers)

    async def reccobeats(self, ids):
        url = f"{self.urls['reccobeats_api_url']}/audio-features"
        return await self.send("GET", url, params={"ids": ",".join(ids)})

    async def lastfm(self, method, artist, track, *, http="POST", **more):
        form = {"method": method, "artist": artist, "track": track, "api_key": "k"} | more
        where = "data" if http == "POST" else "params"
        return await self.send(http, self.urls["lastfm_api_url"], **{where: form})

    async def stats(self, path=""):
        base = self.urls["spotify_api_url"].removesuffix("/v1")
        return json.loads((await self.send("GET", f"{base}/_stats{path}"))[2])


@pytest.fixture(scope="session")
def songs():
    return make_songs(n_playlists=60)


@pytest.fixture(scope="session")
def library(songs):
    return from_songs(songs)


@pytest.fixture
def serve(library) -> Any:
    """Run ``scenario(client)`` against an emulator made with the options given.

    The client signs in first, unless a bearer is given, which the emulator then accepts, or
    ``with_token`` is false.
    """

    def serve(scenario, *, with_token=True, bearer="", **options):
        async def main():
            if bearer:
                options["bearers"] = [bearer]
            emulator = Emulator(options.pop("library", library), **options)
            connector = aiohttp.TCPConnector(force_close=True)
            async with emulator as urls, aiohttp.ClientSession(connector=connector) as session:
                client = Client(session, urls, emulator, bearer)
                if with_token and not bearer:
                    await client.sign_in()
                return await scenario(client)

        return asyncio.run(main())

    return serve


@pytest.fixture
def recorded():
    """Read the exchanges recorded under a name, or skip."""

    def read(name):
        path = RECORDED / name
        if not path.exists():
            pytest.skip("the recordings are absent")
        return json.loads(path.read_text()) if path.suffix == ".json" else path.read_text()

    return read


@pytest.fixture
def shape():
    """Reduce JSON to its keys and types, a list to its first entry, any number to one type."""

    def shape(value):
        if isinstance(value, dict):
            return {key: shape(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [shape(value[0])] if value else []
        return "number" if type(value) in (int, float) else type(value).__name__

    return shape


@pytest.fixture
def known(library):
    """Ids that the library has audio features of, and one that it has not."""
    return list(library.features), "0" * 22
