"""How long every stage of `model evaluate` takes, and how much memory, as playlists grow in number.

    python benchmarks/bench_model.py                                   # 10,000 and 100,000
    python benchmarks/bench_model.py --sizes 10000 100000 1000000      # and the whole; an hour
    python benchmarks/bench_model.py --protocol published --keep DIR   # keeps the made-up states

Playlists are made up by `synthetic_mpd.py`, with audio features. `model evaluate` runs as a user
runs it, in a process of its own, from tables to figures. Seconds of a stage are those of its
manifest; memory is the most that the process, or a worker of it, has held (getrusage(2)). The last
column is the exponent b of seconds ~ playlists^b, fitted through all sizes: 1 is linear.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

MODEL = Path(sys.executable).with_name("model")
SYNTHETIC = Path(__file__).with_name("synthetic_mpd.py")
STAGES = ("corpus", "split", "similarity", "features", "clusters", "followers", "rows")


@dataclass(frozen=True, slots=True)
class Run:
    """One `model evaluate`: seconds of each stage and of the whole, and memory in GB."""

    n_playlists: int
    seconds: dict[str, float]
    peak_gb: float
    generated: int


def main() -> None:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--protocol", choices=["holdout", "published"], default="holdout")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, metavar="DIR")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        root = options.keep or Path(name)
        runs = [
            measure(state_of(root, size), size, options.protocol, options.workers)
            for size in options.sizes
        ]
    show(runs, options.protocol)


def state_of(root: Path, n_playlists: int) -> Path:
    """Make up a state of so many playlists, unless it is there."""
    state = root / str(n_playlists)
    if not (state / "harvest.db").exists():
        options = ["--playlists", str(n_playlists), "--tables", state, "--features"]
        subprocess.run([sys.executable, SYNTHETIC, *options], check=True)
    return state


def measure(state: Path, n_playlists: int, protocol: str, workers: int) -> Run:
    """Evaluate from nothing, and read from the manifests what each stage took."""
    subprocess.run(["rm", "-rf", state / "model", state / "results"], check=True)
    command = [MODEL, "evaluate", "--state", state, "--protocol", protocol]
    began = time.monotonic()
    process = subprocess.Popen([*command, "--workers", str(workers)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = {"whole": time.monotonic() - began}
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    for stage in STAGES:
        (manifest,) = (state / "model" / stage).glob("*/manifest.json")
        told = msgspec.json.decode(manifest.read_bytes())
        seconds[stage] = told["duration_s"]
    return Run(n_playlists, seconds, usage.ru_maxrss / 1e6, told["summary"]["n_playlists"])


def show(runs: Sequence[Run], protocol: str) -> None:
    """Print a row a stage, a column a size, and the exponents."""
    print(f"{protocol} protocol, seconds")
    print(f"{'':14}" + "".join(f"{run.n_playlists:>12,}" for run in runs) + f"{'exponent':>10}")
    for stage in (*STAGES, "whole"):
        values = [run.seconds[stage] for run in runs]
        print(
            f"{stage:14}" + "".join(f"{value:12.1f}" for value in values) + exponent(runs, values)
        )
    rates = [run.generated / run.seconds["rows"] for run in runs]
    peaks = [run.peak_gb for run in runs]
    print(f"{'generated':14}" + "".join(f"{run.generated:12,}" for run in runs))
    print(f"{'a second':14}" + "".join(f"{rate:12,.0f}" for rate in rates))
    print(f"{'peak GB':14}" + "".join(f"{gb:12.2f}" for gb in peaks) + exponent(runs, peaks))


def exponent(runs: Sequence[Run], values: Sequence[float]) -> str:
    """Give the slope of the values' logarithms over those of the sizes."""
    if len(runs) < 2 or min(values) <= 0:
        return f"{'–':>10}"
    sizes = np.log([run.n_playlists for run in runs])
    return f"{np.polyfit(sizes, np.log(values), 1)[0]:10.2f}"


if __name__ == "__main__":
    main()
