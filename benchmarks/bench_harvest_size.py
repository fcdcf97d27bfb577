"""How much memory `harvest spotify` takes, and how soon it asks, with 1.4 million tasks.

    python benchmarks/bench_harvest_size.py    # 1 minute

A server in a process of its own answers for any id. Memory is that of the process, as proc(5) has
it, while 500,000 tracks are harvested; growth is the slope of a line through it.
"""

import argparse
import asyncio
import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import Queue, get_context
from pathlib import Path

import numpy as np
from aiohttp import web
from bench_harvest import HARVEST, UNLIMITED, Urls, prepare, settings_for, write_tables

N_TASKS = 1_400_000
N_ASKED = 500_000


def main() -> None:
    """Print the time from the start to the first request, and memory while tracks are harvested."""
    argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0]).parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        measure_size(Path(name) / "state")


def measure_size(state: Path) -> None:
    """Print the time from the start to the first request, and memory while tracks are harvested."""
    write_tables(state, n_tracks=N_TASKS)
    prepare(state)
    with any_features() as (urls, served):
        limit = ["--limit", str(N_ASKED)]
        command = [HARVEST, "spotify", "--state", state, "--rate", str(UNLIMITED), *limit]
        began = time.monotonic()
        points = []
        with subprocess.Popen(command, env=settings_for(urls), stderr=subprocess.DEVNULL) as job:
            while job.poll() is None:
                if memory := memory_of(job.pid):
                    points.append((served()[1], memory["VmRSS"], memory["VmHWM"]))
                time.sleep(0.1)
        first_at, n_requests = served()
    steady = np.array([point for point in points if point[0] > n_requests / 5])
    growth = np.polyfit(steady[:, 0] * 100, steady[:, 1], 1)[0] * 100_000
    print(f"first request after {first_at - began:.2f} s, with {N_TASKS:,} tasks in the store")
    print(f"memory: {max(p[2] for p in points):.0f} MB at most; {growth:+.2f} MB a 100,000 tracks")


def memory_of(pid: int) -> dict[str, float]:
    """Return what proc(5) says of a process's memory, in MB; empty once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return {}
    return {
        line.split(":")[0]: int(line.split()[1]) * 1024 / 1e6
        for line in lines
        if line.startswith(("VmRSS", "VmHWM"))
    }


@contextmanager
def any_features() -> Iterator[tuple[Urls, Callable[[], tuple[float, int]]]]:
    """Serve features of any id in a process of its own.

    Yields
    ------
    Urls
    callable
        Returns when the first batch was asked for, on the monotonic clock, and how many were.
    """
    context = get_context("spawn")
    counts = context.Array("d", [0.0, 0.0])
    port = context.Queue()
    process = context.Process(target=_serve, args=(counts, port), daemon=True)
    process.start()
    here = f"http://127.0.0.1:{port.get()}"
    urls = {"SPOTIFY_API_URL": f"{here}/v1", "SPOTIFY_TOKEN_URL": f"{here}/token"}
    try:
        yield urls, lambda: (counts[0], int(counts[1]))
    finally:
        process.terminate()


def _serve(counts: list[float], port: Queue) -> None:
    shares = "danceability energy speechiness acousticness instrumentalness liveness valence"
    item = dict.fromkeys(shares.split(), 0.5) | {"key": 1, "mode": 1, "loudness": -7.0}
    item |= {"tempo": 120.0, "duration_ms": 200_000, "time_signature": 4}
    rest = json.dumps(item)[1:]

    async def features(request: web.Request) -> web.Response:
        counts[0] = counts[0] or time.monotonic()
        counts[1] += 1
        items = ",".join(f'{{"id":"{i}",{rest}' for i in request.query["ids"].split(","))
        return web.Response(text=f'{{"audio_features":[{items}]}}', content_type="application/json")

    async def token(_: web.Request) -> web.Response:
        return web.json_response({"access_token": "made-up", "expires_in": 3600})

    async def run() -> None:
        app = web.Application()
        app.add_routes([web.post("/token", token), web.get("/v1/audio-features", features)])
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port.put(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


if __name__ == "__main__":
    main()
