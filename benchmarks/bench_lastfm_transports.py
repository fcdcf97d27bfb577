"""What one reply of last.fm costs, sent and read by us and by pylast's own client.

    python benchmarks/bench_lastfm_transports.py     # half a minute

Both ask one emulator, which runs in a process of its own, over https for 100 similars of the same
tracks, in turns of 50 replies. CPU is of all threads, user and system; ours keeps its connections,
pylast opens one a call. Nothing is paced, and nothing is stored.
"""

import argparse
import asyncio
import json
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import aiohttp
import pylast

from harvest.config import LastfmSettings, Secret
from harvest.emulator.catalogue.library import load_library
from harvest.sending.pylast_transport import THREADS, PylastSender
from harvest.sources.lastfm import LastfmTracks
from harvest.sources.lastfm_pylast import PylastTracks
from harvest.transport import HttpSender, Sender
from harvest.worklist import Task

HARVEST = Path(sys.executable).with_name("harvest")
N_PLAYLISTS = 300
N_REPLIES = 50
N_SIMILARS = 100


def main() -> None:
    """Print a line a client."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with emulator() as (url, ca_file):
        pylast.SSL_CONTEXT = ssl.create_default_context(cafile=ca_file)
        asyncio.run(compare(LastfmSettings(url, Secret("k"), Secret("s")), options.rounds))


async def compare(settings: LastfmSettings, rounds: int) -> None:
    """Let both take turns."""
    tasks = known_tasks()
    connector = aiohttp.TCPConnector(ssl=pylast.SSL_CONTEXT)
    async with aiohttp.ClientSession(connector=connector) as session:
        clients: dict[str, tuple[Sender, LastfmTracks]] = {
            "ours": (HttpSender(session), LastfmTracks(settings, n_similars=N_SIMILARS)),
            "pylast": (PylastSender(settings), PylastTracks(settings, n_similars=N_SIMILARS)),
        }
        turns: dict[str, list[tuple[float, float, int]]] = {name: [] for name in clients}
        for _ in range(rounds + 1):
            for name, client in clients.items():
                turns[name].append(await turn(*client, tasks))
    for name, (_, *measured) in turns.items():  # the first is warm-up
        cpu_ms, ms, size = (median(values) for values in zip(*measured, strict=True))
        print(
            f"{name}: {cpu_ms:.2f} ms of CPU and {ms:.2f} ms a reply of "
            f"{size / 1000:.0f} kB, {THREADS} at a time"
        )


async def turn(
    sender: Sender, source: LastfmTracks, tasks: Sequence[Task]
) -> tuple[float, float, int]:
    """Ask for the similars of `tasks`; return CPU and time in ms, and bytes, of a reply."""
    began_at, cpu_before, size = time.perf_counter(), time.process_time(), 0
    waiting = iter(tasks)

    async def work() -> None:
        nonlocal size
        for task in waiting:
            reply = await sender.send(source.request([task], "similars"))
            size += len(reply.body)
            assert len(source.read([task], "similars", reply).records) == N_SIMILARS

    await asyncio.gather(*(work() for _ in range(THREADS)))
    cpu_s, seconds = time.process_time() - cpu_before, time.perf_counter() - began_at
    return 1000 * cpu_s / len(tasks), 1000 * seconds / len(tasks), size // len(tasks)


def known_tasks() -> list[Task]:
    """Tracks that the emulator's last.fm knows."""
    library = load_library(n_playlists=N_PLAYLISTS)
    rows = list(library.row_of.values())[:N_REPLIES]
    names = [(library.artist_names[library.artist_of[r]], library.lastfm_titles[r]) for r in rows]
    return [Task(f"{number:022d}", artist, title) for number, (artist, title) in enumerate(names)]


@contextmanager
def emulator() -> Iterator[tuple[str, str]]:
    """Run the emulator over https; give last.fm's address, and the file to trust it by."""
    command = [str(HARVEST), "emulate", "--https", "--playlists", str(N_PLAYLISTS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            urls = json.loads(process.stdout.readline())
            yield urls["lastfm_api_url"], urls["ca_file"]
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
