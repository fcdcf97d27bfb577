"""How `harvest msd` compares with only parsing the same bytes, and how it grows.

    python benchmarks/bench_msd.py                                 # 50,000 and 200,000 files
    python benchmarks/bench_msd.py --files 1000000 --rounds 1      # 4 GB of disk, some minutes
    python benchmarks/bench_msd.py --msd lastfm_train.zip          # a zip that is there

The peer inflates each member and decodes it by msgspec into the same typed structs, in as many
processes, and keeps nothing. Both are run in turns, as programs of their own, from a zip that is in
the page cache; seconds and CPU are of the whole program with its workers, memory is the greatest
sum of what all its processes hold (proportional set size). Ratios are of neighbouring runs.
`synthetic_msd` makes the files.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import msgspec
import numpy as np
from bench_ingest import HARVEST, Sample, run
from synthetic_msd import write_zip

from harvest.sources.msd_chunks import Chunk
from harvest.sources.msd_input import find_input
from harvest.sources.msd_song import Song


def main() -> None:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, nargs="+", default=[50_000, 200_000])
    parser.add_argument("--msd", type=Path, help="in place of made-up files")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only-parse", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only_parse:
        only_parse(options.only_parse, workers=options.workers)
    elif options.msd:
        measure(options.msd, rounds=options.rounds, workers=options.workers)
    else:
        grow(options.files, rounds=options.rounds, workers=options.workers)


def grow(sizes: Sequence[int], *, rounds: int, workers: int) -> None:
    """Measure made-up files, and print the exponent by which time grows with their number."""
    seconds = []
    for n_files in sizes:
        with made_up(n_files) as path:
            seconds.append(measure(path, rounds=rounds, workers=workers))
    if len(sizes) > 1:
        exponent = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
        print(f"seconds grow with the number of files to the power of {exponent:.2f}")


@contextmanager
def made_up(n_files: int) -> Iterator[Path]:
    """Give a zip of so many files."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        path = Path(name) / "msd.zip"
        write_zip(path, n_files)
        yield path


def measure(path: Path, *, rounds: int, workers: int) -> float:
    """Print what both take, and their ratios; return the harvester's best seconds."""
    n_files = find_input(path).n_files
    print(f"{n_files:,} files, {path.stat().st_size / 1e9:.2f} GB zipped, {workers} processes")
    count = ["--workers", str(workers)]
    peer = [sys.executable, __file__, "--only-parse", path, *count]
    parsed, ingested = [], []
    for _ in range(rounds):
        parsed.append(run(peer))
        with tempfile.TemporaryDirectory(prefix="bench-", dir=path.parent) as state:
            ingested.append(run([HARVEST, "msd", path, "--state", state, *count]))
    show("only parse", parsed, n_files, workers)
    show("harvest msd", ingested, n_files, workers)
    pairs = list(zip(ingested, parsed, strict=True))
    for what, ratios in (
        ("seconds", [mine.seconds / its.seconds for mine, its in pairs]),
        ("CPU", [mine.cpu_s / its.cpu_s for mine, its in pairs]),
    ):
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(f"  {what} of the parse's: {median(ratios):.2f} ({spread})")
    return min(each.seconds for each in ingested)


def show(name: str, samples: Sequence[Sample], n_files: int, workers: int) -> None:
    """Print the best of the runs, and the most memory of any."""
    seconds, cpu_s = min(s.seconds for s in samples), min(s.cpu_s for s in samples)
    memory_mb = max(s.memory_mb for s in samples)
    print(
        f"  {name:11}  {seconds:6.1f} s  {cpu_s:6.1f} s CPU  {memory_mb:5,.0f} MB"
        f"  {n_files / seconds:7,.0f} files/s, {n_files / seconds / workers:7,.0f} a process",
        flush=True,
    )


# The peer


def only_parse(path: Path, *, workers: int) -> None:
    """Inflate and decode every file, and drop it."""
    chunks = find_input(path).chunks
    if workers == 1:
        print(sum(map(_parse, chunks)))
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        print(sum(pool.map(_parse, chunks)))


def _parse(chunk: Chunk) -> int:
    n_read = 0
    for _, content in chunk.contents():
        if isinstance(content, bytes):
            _DECODE(content)
            n_read += 1
    return n_read


_DECODE = msgspec.json.Decoder(Song).decode


if __name__ == "__main__":
    main()
