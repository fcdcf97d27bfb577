"""The emulator itself: HTTP on loopback, faults, counts, and the line that says where."""

import asyncio
import errno
import signal
import ssl
import sys
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path
from types import TracebackType

import msgspec
from aiohttp import web

from harvest.emulator import DEFAULT_PLAYLISTS, DEFAULT_SEED, PLAIN_SHARE, asks
from harvest.emulator.catalogue.library import Library, load_library
from harvest.emulator.exchange import Ask, Reply
from harvest.emulator.faults.injector import Faults
from harvest.emulator.faults.strike import Fault
from harvest.emulator.responses import break_off, is_gone, response
from harvest.emulator.services.dispatch import Services
from harvest.emulator.stats import Stats
from harvest.emulator.tls import throwaway_tls
from harvest.errors import InputError

HOST = "127.0.0.1"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Emulator:
    """A stand-in for Spotify, ReccoBeats and last.fm on loopback; an asynchronous context manager.

    Parameters
    ----------
    library : Library, optional
        What is served; by default the made-up catalogue.
    port : int
        0 picks a free one.
    faults : str or iterable of str, optional
        Fault profiles, as for `harvest.emulator.faults.injector.Faults`.
    seed : int
        Of the faults.
    poison_ids : collection of str
        Ids that turn any request that holds them into an error.
    clients : mapping of str to str, optional
        Accepted Spotify clients, secret by id; without it any.
    bearers : collection of str
        Keys that the Web API accepts besides the tokens issued.
    api_keys : collection of str, optional
        Accepted last.fm keys; without it any.
    expires_in_s : int
        Life of an access token.
    rate_limit : float, optional
        Requests a second, over a rolling 30 s, that each service lets through; by default all.
    ssl_context : ssl.SSLContext, optional
        Serve https.
    clock : callable
        Seconds; for tokens, faults and the limit.

    Attributes
    ----------
    library : Library
        What is served.
    stats : Stats
        What was asked and served.

    Raises
    ------
    InputError
        For an unknown fault profile.
    """

    def __init__(
        self,
        library: Library | None = None,
        *,
        port: int = 0,
        faults: str | Iterable[str] | None = None,
        seed: int = DEFAULT_SEED,
        poison_ids: Collection[str] = (),
        clients: Mapping[str, str] | None = None,
        bearers: Collection[str] = (),
        api_keys: Collection[str] | None = None,
        expires_in_s: int = 3_600,
        rate_limit: float | None = None,
        ssl_context: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.library = library or load_library()
        self.stats = Stats()
        self._port = port
        self._ssl_context = ssl_context
        self._clock = clock
        self._faults = Faults(faults, seed=seed, poison_ids=poison_ids)
        self._services = Services(
            self.library,
            clock=clock,
            clients=clients,
            bearers=bearers,
            api_keys=api_keys,
            expires_in_s=expires_in_s,
            rate_limit=rate_limit,
        )
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> dict[str, str]:
        """Start.

        Returns
        -------
        dict of str to str
            ``spotify_api_url``, ``spotify_token_url``, ``reccobeats_api_url``, ``lastfm_api_url``.

        Raises
        ------
        InputError
            If the port is in use or not allowed.
        """
        runner = web.AppRunner(
            self._application(), access_log=None, shutdown_timeout=0.1, max_line_size=65_536
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, self._port, ssl_context=self._ssl_context).start()
        except (OSError, OverflowError) as error:
            await runner.cleanup()
            raise InputError(_port_problem(self._port, error)) from error
        self._runner = runner
        scheme = "https" if self._ssl_context else "http"
        return _urls(f"{scheme}://{HOST}:{runner.addresses[0][1]}")

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop, closing what is open."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=2**20)
        features, tracks = self._ids("spotify", "audio-features"), self._ids("spotify", "tracks")
        app.add_routes(
            [
                web.post("/api/token", self._token),
                web.get("/v1/audio-features", features),
                web.get("/v1/audio-features/{id}", features),
                web.get("/v1/tracks", tracks),
                web.get("/v1/tracks/{id}", tracks),
                web.get("/v1/search", self._search),
                web.get("/reccobeats/v1/audio-features", self._ids("reccobeats", "audio-features")),
                web.get("/_stats", self._summary),
                web.get("/_stats/again", self._again),
            ]
        )
        for path in ("/2.0", "/2.0/"):
            app.add_routes([web.get(path, self._lastfm), web.post(path, self._lastfm)])
        return app

    def _ids(self, service: str, kind: str) -> Handler:
        prefix = "/reccobeats/v1" if service == "reccobeats" else "/v1"
        endpoint = f"GET {prefix}/{kind}"

        async def handle(request: web.Request) -> web.StreamResponse:
            ask = asks.read_ids(request, service=service, endpoint=endpoint)
            return await self._serve(request, ask)

        return handle

    async def _search(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, asks.read_search(request))

    async def _token(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, await asks.read_token(request))

    async def _lastfm(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, await asks.read_lastfm(request))

    async def _summary(self, _: web.Request) -> web.Response:
        return web.json_response(self.stats.summary())

    async def _again(self, _: web.Request) -> web.Response:
        return web.json_response(self.stats.again())

    async def _serve(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        struck = self._faults.strike(ask, now_s=self._clock())
        if struck is None:
            reply = self._services.answer(ask)
            self.stats.count(ask, reply)
            return response(reply)
        name, fault = struck
        await asyncio.sleep(fault.delay_s)
        reply, is_struck = self._struck_reply(ask, fault)
        is_sent = fault.sent_share is None and not is_gone(request)
        self.stats.count(ask, reply if is_sent else None, fault=name if is_struck else None)
        if fault.sent_share is not None:
            return await break_off(request, reply, fault.sent_share)
        return response(reply)

    def _struck_reply(self, ask: Ask, fault: Fault) -> tuple[Reply, bool]:
        """Make the reply of a faulty exchange; False where there was nothing to spoil."""
        if fault.is_revoking:
            self._services.tokens.revoke(ask.bearer)
        reply = fault.reply or self._services.answer(ask)
        if fault.spoil is None:
            return reply, True
        spoiled = fault.spoil(reply)
        return (reply, False) if spoiled is None else (spoiled, True)


def run(
    *,
    port: int = 0,
    tables: Path | None = None,
    features: Path | None = None,
    tags: Path | None = None,
    faults: str | Iterable[str] | None = None,
    seed: int = DEFAULT_SEED,
    n_playlists: int = DEFAULT_PLAYLISTS,
    plain_share: float = PLAIN_SHARE,
    rate_limit: float | None = None,
    is_https: bool = False,
    ca_file: Path | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; say on stdout, in one line of JSON, when and where.

    Parameters
    ----------
    port : int
        0 picks a free one.
    tables, features, tags, seed, n_playlists, plain_share
        As for `load_library`; the seed is that of the faults too.
    faults : str or iterable of str, optional
        Fault profiles, as for `harvest.emulator.faults.injector.Faults`.
    rate_limit : float, optional
        Requests a second, over a rolling 30 s, that each service lets through; by default all.
    is_https : bool
        Serve https, under a certificate made for this run; the line gains ``ca_file``.
    ca_file : Path, optional
        As for `throwaway_tls`.

    Raises
    ------
    InputError
        If a file, a profile or the port cannot be used.
    """
    library = load_library(
        tables=tables,
        features=features,
        tags=tags,
        seed=seed,
        n_playlists=n_playlists,
        plain_share=plain_share,
    )
    with throwaway_tls(HOST, "localhost", ca_file=ca_file) if is_https else nullcontext() as tls:
        emulator = Emulator(
            library,
            port=port,
            faults=faults,
            seed=seed,
            rate_limit=rate_limit,
            ssl_context=tls.context if tls else None,
        )
        asyncio.run(_run(emulator, {"ca_file": str(tls.ca_file)} if tls else {}))


async def _run(emulator: Emulator, more: Mapping[str, str]) -> None:
    """Serve until a signal; the line that says where says `more` too."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with emulator as urls:
        sys.stdout.write(msgspec.json.encode({**urls, **more}).decode() + "\n")
        sys.stdout.flush()
        await stopped.wait()


def _urls(base: str) -> dict[str, str]:
    return {
        "spotify_api_url": f"{base}/v1",
        "spotify_token_url": f"{base}/api/token",
        "reccobeats_api_url": f"{base}/reccobeats/v1",
        "lastfm_api_url": f"{base}/2.0/",
    }


def _port_problem(port: int, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"port {port} is in use; choose another with --port, or 0 for any free one"
    return f"port {port} cannot be used ({error}); choose another with --port, or 0"
