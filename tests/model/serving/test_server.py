import asyncio
import signal
import socket
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from model.errors import InputError
from model.library.songs import Library
from model.serving.server import serve, serving


def is_open(address: str) -> bool:
    parts = urlsplit(address)
    with closing(socket.socket()) as client:
        client.settimeout(5)
        return client.connect_ex((parts.hostname, parts.port)) == 0


def test_a_page_is_served_on_loopback_until_its_context_ends(
    library: Library, tmp_path: Path
) -> None:
    async def visit() -> str:
        async with serving(library, tmp_path) as address, aiohttp.ClientSession() as session:
            assert urlsplit(address).hostname == "127.0.0.1"
            async with session.get(address) as response:
                assert response.status == 200
            return address

    assert not is_open(asyncio.run(visit()))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it(library: Library, tmp_path: Path, number: signal.Signals) -> None:
    lines: list[str] = []

    def say(line: str) -> None:
        lines.append(line)
        signal.raise_signal(number)

    serve(library, tmp_path, port=0, say=say)
    (line,) = lines
    start, end = "9 songs at http://127.0.0.1:", "/  (Ctrl-C ends it)"
    assert line.startswith(start)
    assert line.endswith(end)
    assert line.removeprefix(start).removesuffix(end).isdigit()


def test_a_port_in_use_is_refused(library: Library, tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        with pytest.raises(InputError, match=f"port {port} is in use; choose another with --port"):
            serve(library, tmp_path, port=port, say=lambda _: None)


def test_a_port_that_is_none_is_refused(library: Library, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="port 70000 cannot be used"):
        serve(library, tmp_path, port=70_000, say=lambda _: None)
