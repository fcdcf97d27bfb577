import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harvest.emulator.server import Emulator, run
from harvest.errors import InputError

RUN = "from harvest.emulator.server import run; run({})"


@contextlib.contextmanager
def running(options=""):
    """Start the emulator in a process of its own, and read the line that says that it is ready."""
    command = [sys.executable, "-c", RUN.format(options)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def port_of(url):
    return int(url.split(":")[2].split("/")[0])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_when_it_is_ready_and_ends_quietly_on_a_signal(number):
    with running("n_playlists=10") as (process, urls):
        port = port_of(urls["spotify_api_url"])
        assert urls == {
            "spotify_api_url": f"http://127.0.0.1:{port}/v1",
            "spotify_token_url": f"http://127.0.0.1:{port}/api/token",
            "reccobeats_api_url": f"http://127.0.0.1:{port}/reccobeats/v1",
            "lastfm_api_url": f"http://127.0.0.1:{port}/2.0/",
        }
        process.send_signal(number)
        out, err = process.communicate(timeout=300)
    assert (process.returncode, out, err) == (0, b"", b"")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_a_request_under_way_does_not_hold_up_the_end():
    with running("n_playlists=10, faults='slow=600'") as (process, urls):
        port = port_of(urls["spotify_api_url"])
        requests = [socket.create_connection(("127.0.0.1", port)) for _ in range(60)]
        for connection in requests:
            connection.sendall(b"GET /v1/tracks/x HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.3)
        process.terminate()
        _, err = process.communicate(timeout=300)
        for connection in requests:
            connection.close()
    assert (process.returncode, err) == (0, b"")


def test_a_port_in_use_is_one_clear_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"port {port} is in use; choose another") as caught:
            run(port=port, n_playlists=10)
    assert "\n" not in str(caught.value)


def test_an_impossible_port_is_refused():
    with pytest.raises(InputError, match="port 70000"):
        run(port=70_000, n_playlists=10)


def test_it_listens_on_loopback_alone(library):
    async def scenario():
        emulator = Emulator(library)
        async with emulator:
            assert emulator._runner is not None
            return emulator._runner.addresses

    assert [address[0] for address in asyncio.run(scenario())] == ["127.0.0.1"]


def test_wrong_input_is_refused_before_anything_starts(tmp_path):
    with pytest.raises(InputError, match=r"tracks\.parquet"):
        run(tables=tmp_path)
    with pytest.raises(InputError, match="unknown fault profile"):
        run(faults="nonsense", n_playlists=10)


def test_an_enforced_rate_refuses_what_exceeds_it(serve, known):
    now = [0.0]

    async def scenario(client):
        first = [(await client.spotify(known[0][:1]))[0] for _ in range(31)]
        refused = await client.spotify(known[0][:1])
        now[0] = 30.0
        return first, refused, (await client.spotify(known[0][:1]))[0]

    # one a second over 30 s: 30 places
    first, refused, later = serve(scenario, rate_limit=1.0, clock=lambda: now[0])
    assert first == [200] * 30 + [429]
    assert (refused[0], refused[1]["Retry-After"]) == (429, "30")
    assert later == 200


def test_batches_of_a_hundred_ids_fit_however_they_are_escaped(serve, known):
    async def scenario(client):
        url = f"{client.urls['spotify_api_url']}/audio-features?ids=" + "%2C".join(known[0][:100])
        headers = {"Authorization": f"Bearer {client.bearer}", "X-Padding": "x" * 3_000}
        async with client.session.get(url, headers=headers) as reply:
            return reply.status

    assert serve(scenario) == 200


@pytest.mark.real
def test_real_tables_and_files_load_fast_and_small():
    data = Path(__file__).parents[4] / "shared" / "data"
    if not data.exists():
        pytest.skip("the real data are absent")
    options = f"n_playlists=10, features=P({str(data / 'audio_features.csv.gz')!r})"
    options += f", tags=P({str(data / 'lastfm_artist_tags.csv.gz')!r})"
    command = f"from pathlib import Path as P; {RUN.format(options)}"
    with subprocess.Popen([sys.executable, "-c", command], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        spent = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        status = Path(f"/proc/{process.pid}/status").read_text()
        process.terminate()
    peak_kib = int(status.split("VmHWM:")[1].split()[0])
    # Of the processor, whatever else it does meanwhile.
    assert sum(map(int, spent)) / os.sysconf("SC_CLK_TCK") < 10
    assert peak_kib < 500 * 1024
