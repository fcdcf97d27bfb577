"""How fast and how lean `harvest spotify` is.

    python benchmarks/bench_harvest.py            # speed and CPU beside a bare loop: 3 minutes
    python benchmarks/bench_harvest.py --idle     # CPU at ten requests a second: 1 minute

The first: two clients ask one emulator, which runs in a process of its own, for the same tracks, in
turns. The harvester commits every row to SQLite. Its peer is the shortest aiohttp loop that fetches
and parses, and keeps nothing. Time and CPU (of all threads) are taken in each client's own
process, around the job, after imports; ratios are of neighbouring runs.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import aiohttp
import numpy as np
import pyarrow as pa

from harvest import tables
from harvest.config import Secret, SpotifySettings
from harvest.jobs.gathering import run_spotify
from harvest.jobs.running import JobOptions, add_tasks
from harvest.progress import LineProgress
from harvest.store import Store
from harvest.table_writer import writers

HARVEST = Path(sys.executable).with_name("harvest")
CONCURRENCY = 8
UNLIMITED = 1_000_000.0

Urls = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of one client."""

    requests: int
    seconds: float
    cpu_s: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds a request, user and system."""
        return 1000 * self.cpu_s / self.requests


def main() -> None:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--idle", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        state = Path(name) / "state"
        if options.idle:
            measure_idle(state)
        else:
            compare(state, rounds=options.rounds)


# Speed, beside a bare loop


def compare(state: Path, *, rounds: int) -> None:
    """Print requests a second and CPU a request of both clients, and their ratios."""
    write_tables(state, n_tracks=150_000)
    with emulator(state) as urls:
        ids = [row[0] for page in tables.iter_tracks(state / "tables") for row in page]
        for batch, n_requests in ((100, 1500), (1, 10_000)):
            some = ids[: n_requests * batch]
            bare, ours = [], []
            for _ in range(rounds):
                prepare(state)
                bare.append(in_a_process(run_bare, urls, some, batch))
                ours.append(in_a_process(run_harvest, state, urls, len(some), batch))
            show(batch, bare, ours)


def show(batch: int, bare: Sequence[Sample], ours: Sequence[Sample]) -> None:
    """Print medians, and the median and range of the ratios."""
    for name, samples in (("bare loop", bare), ("harvest", ours)):
        rate, cpu_ms = median(s.rate for s in samples), median(s.cpu_ms for s in samples)
        print(f"batch {batch:>3}  {name:9}  {rate:6,.0f} requests/s  {cpu_ms:.3f} ms CPU a request")
    pairs = list(zip(ours, bare, strict=True))
    for what, ratios in (
        ("requests/s", [mine.rate / its.rate for mine, its in pairs]),
        ("CPU", [mine.cpu_ms / its.cpu_ms for mine, its in pairs]),
    ):
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(f"batch {batch:>3}  {what} of the bare loop's: {median(ratios):.2f} ({spread})")


def prepare(state: Path) -> None:
    """Make a new store with all tasks in it."""
    for path in state.glob("harvest.*"):
        path.unlink()
    with Store.open(state) as store:
        add_tasks(store, "spotify", state)


def in_a_process(work: Callable[..., int], *values: object) -> Sample:
    """Run `work`, which returns its requests, in a new process, and measure it there."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measured, work, *values).result()


def measured(work: Callable[..., int], *values: object) -> Sample:
    """Run `work` here."""
    began, cpu_began = time.perf_counter(), time.process_time()
    requests = work(*values)
    return Sample(requests, time.perf_counter() - began, time.process_time() - cpu_began)


def run_harvest(state: Path, urls: Urls, n_tracks: int, batch: int) -> int:
    """Harvest so many tracks, each committed."""
    api, token = urls["SPOTIFY_API_URL"], urls["SPOTIFY_TOKEN_URL"]
    settings = SpotifySettings(api, token, "made-up", Secret("made-up"))
    options = JobOptions(UNLIMITED, concurrency=CONCURRENCY, limit=n_tracks)
    with Path(os.devnull).open("w", encoding="utf-8") as quiet:
        progress = LineProgress(quiet)
        report = run_spotify(state, settings, options, batch=batch, progress=progress)
    assert report.counts.done == n_tracks, report
    return report.run.requests


def run_bare(urls: Urls, ids: Sequence[str], batch: int) -> int:
    """Fetch the same, parse it and drop it."""
    asyncio.run(_run_bare(urls, ids, batch))
    return len(ids) // batch


async def _run_bare(urls: Urls, ids: Sequence[str], batch: int) -> None:
    connector = aiohttp.TCPConnector(limit=CONCURRENCY)
    async with aiohttp.ClientSession(connector=connector) as session:
        headers = {"Authorization": f"Bearer {await _token(session, urls)}"}
        url = f"{urls['SPOTIFY_API_URL']}/audio-features"
        starts = iter(range(0, len(ids), batch))

        async def work() -> None:
            for start in starts:
                some = ids[start : start + batch]
                at = f"{url}/{some[0]}" if batch == 1 else url
                query = None if batch == 1 else {"ids": ",".join(some)}
                async with session.get(at, params=query, headers=headers) as reply:
                    await reply.json()

        await asyncio.gather(*(work() for _ in range(CONCURRENCY)))


async def _token(session: aiohttp.ClientSession, urls: Urls) -> str:
    form = {"grant_type": "client_credentials"}
    auth = aiohttp.BasicAuth("made-up", "made-up")
    async with session.post(urls["SPOTIFY_TOKEN_URL"], data=form, auth=auth) as reply:
        token: str = (await reply.json())["access_token"]
        return token


@contextmanager
def emulator(state: Path) -> Iterator[Urls]:
    """Give the addresses of an emulator that knows the tracks of `state`."""
    command = [HARVEST, "emulate", "--tables", state / "tables"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            line = json.loads(process.stdout.readline())
            yield {name.upper(): url for name, url in line.items()}
        finally:
            process.terminate()


def write_tables(state: Path, *, n_tracks: int) -> None:
    """Write tables of one long playlist, each of whose tracks has an artist and an album."""
    (state / "tables").mkdir(parents=True)
    with writers(state / "tables") as opened:
        for name, schema in tables.SCHEMAS.items():
            opened[name].append(_made_up(schema, 1 if name == "playlists" else n_tracks))


def _made_up(schema: pa.Schema, n_rows: int) -> pa.Table:
    """Return rows in which every id and position is the row's number, and all else alike."""
    numbers = np.arange(n_rows)
    arrays = []
    for field in schema:
        if field.name == "spotify_id":
            arrays.append(pa.array([f"{i:022d}" for i in numbers]))
        elif field.name.endswith("_id") or field.name == "pos":
            arrays.append(pa.array(numbers).cast(field.type))
        else:
            alike = "made up" if pa.types.is_string(field.type) else 1
            arrays.append(pa.array([alike]).cast(field.type).take(pa.array(0 * numbers)))
    return pa.Table.from_arrays(arrays, schema=schema)


# CPU when there is little to do


def measure_idle(state: Path) -> None:
    """Print the share of a core that ten requests a second take."""
    write_tables(state, n_tracks=2_000)
    with emulator(state) as urls:
        command = [HARVEST, "spotify", "--state", state, "--rate", "10", "--batch", "1"]
        with subprocess.Popen(command, env=settings_for(urls), stderr=subprocess.DEVNULL) as job:
            time.sleep(5)
            began, cpu_began = time.perf_counter(), cpu_of(job.pid)
            time.sleep(50)
            share = (cpu_of(job.pid) - cpu_began) / (time.perf_counter() - began)
            job.terminate()
    print(f"at 10 requests a second: {share:.1%} of a core")


def cpu_of(pid: int) -> float:
    """Return the CPU seconds that a process has used (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settings_for(urls: Urls) -> dict[str, str]:
    """Return an environment in which the harvester finds the service."""
    made_up = {"SPOTIFY_CLIENT_ID": "made-up", "SPOTIFY_CLIENT_SECRET": "made-up"}
    return {**os.environ, **made_up, **urls}


if __name__ == "__main__":
    main()
