"""Serve the local page until a signal."""

import asyncio
import errno
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from model.amounts import amount
from model.errors import InputError
from model.library.songs import Library
from model.making.playlist import STANDARD, Chooser
from model.saying import Say
from model.serving.app import Pages
from model.serving.log import server_log

HOST = "127.0.0.1"

_BACKLOG = 128
"""Visitors who may wait until they are let in."""


def listen(port: int = 0) -> socket.socket:
    """Take a port of the loopback device; who asks before `serving` waits for its answer.

    Parameters
    ----------
    port : int
        0 … 65,535; 0 picks a free one.

    Raises
    ------
    InputError
        If the port is in use or not allowed.
    """
    try:
        return socket.create_server((HOST, port), backlog=_BACKLOG)
    except OSError as error:
        raise InputError(_port_problem(port, error)) from error


@asynccontextmanager
async def serving(
    library: Library, state: Path, chooser: Chooser = STANDARD, *, listener: socket.socket
) -> AsyncIterator[str]:
    """Serve on loopback alone, and give the page's address.

    Parameters
    ----------
    library : Library
    state : Path
        Where the report may lie.
    chooser : Chooser
        Makes the lists.
    listener : socket
        See `listen`; closed at the end.
    """
    app = Pages(library, state, chooser).application()
    runner = web.AppRunner(app, access_log=None, logger=server_log(), shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.SockSite(runner, listener, backlog=_BACKLOG).start()
        yield f"http://{HOST}:{listener.getsockname()[1]}/"
    finally:
        await runner.cleanup()


def serve(
    library: Library,
    state: Path,
    chooser: Chooser = STANDARD,
    *,
    listener: socket.socket,
    say: Say,
) -> None:
    """Serve until SIGINT or SIGTERM.

    Parameters
    ----------
    library : Library
    state : Path
    chooser : Chooser
        Makes the lists.
    listener : socket
        See `listen`.
    say : callable
        Takes the line that says where.
    """
    asyncio.run(_serve(library, state, chooser, listener, say))


async def _serve(
    library: Library,
    state: Path,
    chooser: Chooser,
    listener: socket.socket,
    say: Say,
) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with serving(library, state, chooser, listener=listener) as address:
        say(f"{amount(library.n_songs, 'song')} at {address}  (Ctrl-C ends it)")
        await stopped.wait()


def _port_problem(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use; choose another with --port, or 0 for any free one"
    return f"port {port} cannot be used ({error}); choose another with --port, or 0"
