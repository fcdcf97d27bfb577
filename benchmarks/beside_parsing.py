"""A harvest of files beside only parsing the same bytes: run in turns, measured, and printed.

Both are programs of their own; seconds and CPU are of the whole program with its workers, memory is
the greatest sum of what all its processes hold (proportional set size: shared pages count once).
Ratios are of neighbouring runs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

HARVEST = Path(sys.executable).with_name("harvest")
SAMPLED_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of one program."""

    seconds: float
    cpu_s: float
    memory_mb: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is harvested, and how.

    Parameters
    ----------
    script : str
        The benchmark's own file, which parses when it is asked to.
    command : str
        Of `harvest`.
    things : str
        What is counted.
    sizes : tuple of int
        How many are made up, if nothing else is asked for.
    make_up : callable
        Writes so many to a path.
    look_at : callable
        Gives how many there are, and their bytes in words.
    find : callable
        Gives the pieces of what is there, each small enough to be sent to a process.
    parse : callable
        Inflates and decodes a piece, drops it, and gives how much it held.
    """

    script: str
    command: str
    things: str
    sizes: tuple[int, ...]
    make_up: Callable[[Path, int], None]
    look_at: Callable[[Path], tuple[int, str]]
    find: Callable[[Path], Sequence[Any]]
    parse: Callable[[Any], int]

    def main(self, description: str) -> None:
        """Run what the options ask for."""
        parser = argparse.ArgumentParser(description=description.splitlines()[0])
        sizes = {"type": int, "nargs": "+", "default": list(self.sizes)}
        parser.add_argument(f"--{self.things}", dest="sizes", **sizes)
        instead = f"in place of made-up {self.things}"
        parser.add_argument(f"--{self.command}", dest="path", type=Path, help=instead)
        parser.add_argument("--rounds", type=int, default=3)
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
        parser.add_argument("--only-parse", type=Path, help=argparse.SUPPRESS)
        options = parser.parse_args()
        if options.only_parse:
            self.parse_all(options.only_parse, workers=options.workers)
        elif options.path:
            self.measure(options.path, rounds=options.rounds, workers=options.workers)
        else:
            self.grow(options.sizes, rounds=options.rounds, workers=options.workers)

    def parse_all(self, path: Path, *, workers: int) -> None:
        """Parse what is there, one alone in this process, several in as many others."""
        pieces = self.find(path)
        if workers == 1:
            print(sum(map(self.parse, pieces)))
            return
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            print(sum(pool.map(self.parse, pieces)))

    def grow(self, sizes: Sequence[int], *, rounds: int, workers: int) -> None:
        """Measure what is made up, and print the exponent by which time grows with size."""
        seconds = []
        for size in sizes:
            with tempfile.TemporaryDirectory(prefix="bench-") as name:
                path = Path(name) / f"{self.command}.zip"
                self.make_up(path, size)
                seconds.append(self.measure(path, rounds=rounds, workers=workers))
        if len(sizes) > 1:
            exponent = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
            print(f"seconds grow with the number of {self.things} to the power of {exponent:.2f}")

    def measure(self, path: Path, *, rounds: int, workers: int) -> float:
        """Print what both take, and their ratios; return the harvester's best seconds."""
        n_things, size = self.look_at(path)
        print(f"{n_things:,} {self.things}, {size}, {workers} processes")
        count = ["--workers", str(workers)]
        peer = [sys.executable, self.script, "--only-parse", path, *count]
        parsed, ingested = [], []
        for _ in range(rounds):
            parsed.append(run(peer))
            with tempfile.TemporaryDirectory(prefix="bench-", dir=path.parent) as state:
                ingested.append(run([HARVEST, self.command, path, "--state", state, *count]))
        self._show("only parse", parsed, n_things, workers)
        self._show(f"harvest {self.command}", ingested, n_things, workers)
        pairs = list(zip(ingested, parsed, strict=True))
        for what, ratios in (
            ("seconds", [mine.seconds / its.seconds for mine, its in pairs]),
            ("CPU", [mine.cpu_s / its.cpu_s for mine, its in pairs]),
        ):
            spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
            print(f"  {what} of the parse's: {median(ratios):.2f} ({spread})")
        return min(each.seconds for each in ingested)

    def _show(self, name: str, samples: Sequence[Sample], n_things: int, workers: int) -> None:
        """Print the best of the runs, and the most memory of any."""
        seconds, cpu_s = min(s.seconds for s in samples), min(s.cpu_s for s in samples)
        memory_mb, rate = max(s.memory_mb for s in samples), n_things / seconds
        print(
            f"  {name:11}  {seconds:7.1f} s  {cpu_s:7.1f} s CPU  {memory_mb:6,.0f} MB"
            f"  {rate:7,.0f} {self.things}/s, {rate / workers:7,.0f} a process",
            flush=True,
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
