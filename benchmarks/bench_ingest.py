"""How `harvest mpd` compares with only parsing the same bytes, and how it grows.

    python benchmarks/bench_ingest.py                              # 10,000 and 100,000: 10 minutes
    python benchmarks/bench_ingest.py --playlists 1000000 --rounds 1       # 5 GB of disk
    python benchmarks/bench_ingest.py --mpd mpd.zip                # a zip that is there

The peer inflates each slice and decodes it with the same typed structs, in as many processes, and
keeps nothing. Both are run in turns, as programs of their own; seconds and CPU are of the whole
program with its workers, memory is the greatest sum of what all its processes hold (proportional
set size: shared pages count once). Ratios are of neighbouring runs. `synthetic_mpd` makes the
playlists.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import msgspec
import numpy as np

from harvest.sources.mpd_input import Slice, find_slices, read_slice
from harvest.sources.mpd_slice import Document

HERE = Path(__file__).parent
HARVEST = Path(sys.executable).with_name("harvest")
SAMPLED_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of one program."""

    seconds: float
    cpu_s: float
    memory_mb: float


def main() -> None:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--playlists", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--mpd", type=Path, help="in place of made-up playlists")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only-parse", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only_parse:
        only_parse(options.only_parse, workers=options.workers)
    elif options.mpd:
        measure(options.mpd, rounds=options.rounds, workers=options.workers)
    else:
        grow(options.playlists, rounds=options.rounds, workers=options.workers)


def grow(sizes: Sequence[int], *, rounds: int, workers: int) -> None:
    """Measure made-up datasets, and print the exponent by which time grows with size."""
    seconds = []
    for n_playlists in sizes:
        with made_up(n_playlists) as path:
            seconds.append(measure(path, rounds=rounds, workers=workers))
    if len(sizes) > 1:
        exponent = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
        print(f"seconds grow with the number of playlists to the power of {exponent:.2f}")


@contextmanager
def made_up(n_playlists: int) -> Iterator[Path]:
    """Give a zip of so many playlists."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        path = Path(name) / "mpd.zip"
        script = HERE / "synthetic_mpd.py"
        command = [sys.executable, script, "--playlists", str(n_playlists), "--json", path]
        subprocess.run(command, check=True)
        yield path


def measure(path: Path, *, rounds: int, workers: int) -> float:
    """Print what both take, and their ratios; return the harvester's best seconds."""
    slices = find_slices(path)
    size = sum(each.size for each in slices)
    n_playlists = slices[-1].last + 1
    print(f"{n_playlists:,} playlists, {size / 1e9:.2f} GB of JSON, {workers} processes")
    count = ["--workers", str(workers)]
    peer = [sys.executable, __file__, "--only-parse", path, *count]
    parsed, ingested = [], []
    for _ in range(rounds):
        parsed.append(run(peer))
        with tempfile.TemporaryDirectory(prefix="bench-", dir=path.parent) as state:
            ingested.append(run([HARVEST, "mpd", path, "--state", state, *count]))
    show("only parse", parsed, n_playlists)
    show("harvest mpd", ingested, n_playlists)
    pairs = list(zip(ingested, parsed, strict=True))
    for what, ratios in (
        ("seconds", [mine.seconds / its.seconds for mine, its in pairs]),
        ("CPU", [mine.cpu_s / its.cpu_s for mine, its in pairs]),
    ):
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(f"  {what} of the parse's: {median(ratios):.2f} ({spread})")
    return min(each.seconds for each in ingested)


def show(name: str, samples: Sequence[Sample], n_playlists: int) -> None:
    """Print the best of the runs, and the most memory of any."""
    seconds, cpu_s = min(s.seconds for s in samples), min(s.cpu_s for s in samples)
    memory_mb = max(s.memory_mb for s in samples)
    print(
        f"  {name:11}  {seconds:7.1f} s  {cpu_s:7.1f} s CPU  {memory_mb:6,.0f} MB"
        f"  {n_playlists / seconds:7,.0f} playlists/s"
    )


def run(command: Sequence[str | Path]) -> Sample:
    """Run a program to its end; its time, CPU and memory with those of its children."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = _Peak(process.pid)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return Sample(seconds, used.ru_utime + used.ru_stime, peak.end())


class _Peak:
    """Watches the memory of a process and its descendants."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak_mb = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def end(self) -> float:
        """Return the greatest sum, in MB."""
        self._ended.set()
        self._thread.join()
        return self._peak_mb

    def _watch(self) -> None:
        while not self._ended.wait(SAMPLED_EVERY_S):
            self._peak_mb = max(self._peak_mb, sum(map(_memory_mb, _family(self._pid))))


def _family(pid: int) -> Iterator[int]:
    """Yield a process and its descendants, as proc(5) lists them."""
    yield pid
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = listed.read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _memory_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


# The peer


def only_parse(path: Path, *, workers: int) -> None:
    """Inflate and decode every slice, and drop it."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        n_playlists = sum(pool.map(_parse, find_slices(path)))
    print(n_playlists)


def _parse(source: Slice) -> int:
    return len(_DECODER.decode(read_slice(source)).playlists)


_DECODER = msgspec.json.Decoder(Document)


if __name__ == "__main__":
    main()
