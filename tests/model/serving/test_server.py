import asyncio
import errno
import signal
import socket
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE, Popen
from urllib.parse import urlsplit

import aiohttp
import pytest

from model.errors import InputError
from model.library.songs import Library
from model.serving.server import listen, serve, serving


def is_open(address: str) -> bool:
    parts = urlsplit(address)
    with closing(socket.socket()) as client:
        client.settimeout(5)
        return client.connect_ex((parts.hostname, parts.port)) == 0


def test_a_page_is_served_on_loopback_until_its_context_ends(
    library: Library, tmp_path: Path
) -> None:
    async def visit() -> str:
        async with (
            serving(library, tmp_path, listener=listen()) as address,
            aiohttp.ClientSession() as session,
        ):
            assert urlsplit(address).hostname == "127.0.0.1"
            async with session.get(address) as response:
                assert response.status == 200
            return address

    assert not is_open(asyncio.run(visit()))


ASK = (
    b"POST /api/playlist HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    b"Content-Type: application/json\r\n"
)


async def answer_at(address: str, request: bytes, *, leave: bool = False) -> bytes:
    """Send these very bytes, and give what comes back; or leave before it does."""
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(address).port)
    writer.write(request)
    await writer.drain()
    if leave:
        await asyncio.sleep(0.2)
    answer = b"" if leave else await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it(library: Library, tmp_path: Path, number: signal.Signals) -> None:
    lines: list[str] = []

    def say(line: str) -> None:
        lines.append(line)
        signal.raise_signal(number)

    serve(library, tmp_path, listener=listen(), say=say)
    (line,) = lines
    start, end = "9 songs at http://127.0.0.1:", "/  (Ctrl-C ends it)"
    assert line.startswith(start)
    assert line.endswith(end)
    assert line.removeprefix(start).removesuffix(end).isdigit()


def test_what_clients_send_amiss_is_told_them_and_not_the_terminal(
    small_state: Path, library: Library
) -> None:
    wrong = (
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /api/search?q=\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # As of a browser that tries https first.
        ASK + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde",
    )
    command = [sys.executable, "-m", "model", "serve", "--port", "0", "--state", str(small_state)]
    with Popen(command, stdout=PIPE, stderr=PIPE, text=True) as server:
        assert server.stdout is not None
        address = server.stdout.readline().split(" at ")[1].split()[0]
        for request in wrong:
            assert b" 400 " in asyncio.run(answer_at(address, request))
        left = ASK + b"Content-Length: 99\r\n\r\n{"
        asyncio.run(answer_at(address, left, leave=True))
        server.terminate()
        _, said = server.communicate(timeout=60)
    assert said == ""


def test_a_fault_of_the_program_is_one_line(
    library: Library, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # As if a file of the shelf had been cut short under the running server.
    near = replace(library.neighbours, scores=library.neighbours.scores[:0])
    lost = replace(library, neighbours=near)
    ask = ASK + b'Content-Length: 13\r\n\r\n{"seeds":[0]}'

    async def visit() -> bytes:
        async with serving(lost, tmp_path, listener=listen()) as address:
            return await answer_at(address, ask)

    assert b" 500 " in asyncio.run(visit())
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith("model: fault in the program: IndexError: ")
    assert line.endswith("; please report it")


def test_a_port_in_use_is_refused() -> None:
    with closing(listen()) as other:
        port = other.getsockname()[1]
        with pytest.raises(InputError, match=f"port {port} is in use; choose another with --port"):
            listen(port)


def test_a_port_that_needs_rights_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def bind(*_: object, **__: object) -> socket.socket:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket, "create_server", bind)
    with pytest.raises(InputError, match=r"port 80 cannot be used .*; choose another with --port"):
        listen(80)


def test_who_comes_before_the_page_is_ready_waits_for_it(library: Library, tmp_path: Path) -> None:
    ask = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    async def visit() -> bytes:
        listener = listen()
        port = listener.getsockname()[1]
        early = asyncio.ensure_future(answer_at(f"http://127.0.0.1:{port}/", ask))
        await asyncio.sleep(0.1)
        assert not early.done()
        async with serving(library, tmp_path, listener=listener):
            return await early

    assert b" 200 OK" in asyncio.run(visit())
