"""Many visitors of `model serve` at once: how long each answer takes.

    python benchmarks/bench_serve.py --state STATE
    python benchmarks/bench_serve.py --state STATE --visitors 50 --seconds 30 --pause 0

Starts the server as a user does, on a state that `model generate` has made ready, and lets
visitors come: each types the name of a song letter by letter, a request each, adds the song found,
looks at the list, adds another, moves a slider five times, and saves a file. `--pause` is the mean
time between two requests of a visitor, in seconds, drawn from an exponential distribution; people
who type quickly take .15. 0 sends the next as soon as the last is answered.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import numpy as np

from model.library.recipes import find_shelf
from model.library.songs import Library

BUDGET_MS = 300.0
N_SONGS = 5_000
"""Visitors' songs are among the most popular so many, drawn by how many playlists hold them."""


@dataclass
class Times:
    """Milliseconds that answers took, by kind."""

    by_kind: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    n_failed: int = 0

    async def take(
        self, session: aiohttp.ClientSession, kind: str, method: str, path: str, **options: object
    ) -> bytes:
        """Send a request and note how long its answer took."""
        began = time.perf_counter()
        async with session.request(method, path, **options) as response:
            body = await response.read()
            self.n_failed += response.status != 200
        self.by_kind[kind].append(1000 * (time.perf_counter() - began))
        return body


def main() -> None:
    """Print a line a kind of request; fail where the 95th percentile is above the budget."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--pause", type=float, default=0.15)
    options = parser.parse_args()
    songs = names_of_songs(options.state)
    command = [sys.executable, "-m", "model", "serve", "--port", "0", "--state", options.state]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        line = server.stdout.readline() if server.stdout else ""
        print(f"{line.strip()}: ready after {time.perf_counter() - began:.1f} s")
        try:
            address = line.split(" at ")[1].split()[0]
            times = asyncio.run(visit(address, songs, options))
        finally:
            server.terminate()
            _, _, usage = os.wait4(server.pid, 0)
            server.returncode = 0
    print(f"server: {usage.ru_utime + usage.ru_stime:.1f} s of CPU, {usage.ru_maxrss / 1e6:.2f} GB")
    sys.exit(show(times, options.seconds))


def names_of_songs(state: Path) -> list[str]:
    """Draw what visitors type."""
    shelf = find_shelf(state)
    if shelf is None:
        sys.exit(f"{state} is not ready: run `model generate` there first")
    library = Library.open(shelf)
    best = library.by_rank[:N_SONGS].astype(np.int64)
    weights = library.n_playlists(best) + 1.0
    drawn = np.random.default_rng(0).choice(best, 400, p=weights / weights.sum())
    return [f"{song.artist} {song.title}" for song in library.songs(drawn)]


async def visit(address: str, songs: list[str], options: argparse.Namespace) -> Times:
    """Let visitors come until the time is over."""
    times, end = Times(), time.monotonic() + options.seconds
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(address, connector=connector) as session:
        visitors = [
            come(session, times, songs, chance=random.Random(number), pause=options.pause, end=end)
            for number in range(options.visitors)
        ]
        await asyncio.gather(*visitors)
    return times


async def come(
    session: aiohttp.ClientSession,
    times: Times,
    songs: list[str],
    *,
    chance: random.Random,
    pause: float,
    end: float,
) -> None:
    """Visit the page over and over."""

    async def wait() -> None:
        await asyncio.sleep(chance.expovariate(1 / pause) if pause else 0)

    await wait()
    while time.monotonic() < end:
        seeds: list[int] = []
        for _ in range(2):
            name = chance.choice(songs)
            found = b""
            for stop in range(1, min(len(name), 14)):
                query = {"q": name[:stop]}
                found = await times.take(session, "search", "GET", "/api/search", params=query)
                await wait()
            seeds += [int(one) for one in numbers_in(found)[:1]]
            await ask(session, times, "list", "/api/playlist", {"seeds": seeds})
            await wait()
        for step in range(5):
            wish = {"seeds": seeds, "diversity": step / 5, "popularity": (step - 2) / 4}
            await ask(session, times, "list", "/api/playlist", wish)
            await wait()
        await ask(session, times, "file", "/api/export/csv", {"seeds": seeds})
        await wait()


async def ask(
    session: aiohttp.ClientSession, times: Times, kind: str, path: str, wish: dict[str, object]
) -> None:
    """Ask for a list, if anything is to go by."""
    if wish["seeds"]:
        await times.take(session, kind, "POST", path, json=wish)


def numbers_in(found: bytes) -> list[bytes]:
    """Read the numbers of the songs found."""
    return [part.split(b",")[0] for part in found.split(b'"number":')[1:]]


def show(times: Times, seconds: float) -> int:
    """Print percentiles; return the exit code."""
    every = np.concatenate([np.array(one) for one in times.by_kind.values()])
    print(f"{len(every) / seconds:,.0f} requests a second, {times.n_failed} failed")
    for kind, taken in [*times.by_kind.items(), ("all", every.tolist())]:
        middle, high, most = np.percentile(taken, [50, 95, 100])
        figures = f"median {middle:6.1f}  95 % {high:6.1f}  most {most:6.1f} ms"
        print(f"{kind:7s} {len(taken):7,d}  {figures}")
    return int(times.n_failed > 0 or np.percentile(every, 95) > BUDGET_MS)


if __name__ == "__main__":
    main()
