"""How long `model explore` and `model report` take, how much memory, and how large the page is.

    python benchmarks/bench_explore.py                      # 100,000 made-up playlists
    python benchmarks/bench_explore.py --playlists 1000000  # the dataset's size
    python benchmarks/bench_explore.py --state STATE        # tables and features that are there

`model explore` runs as a user runs it, in a process of its own, first with nothing of the model
there, then once more from what the first run has left; `model report` then builds its page from
all that the state holds. Made-up playlists come from `synthetic_mpd.py`, with audio features. A
state that is named is only read: the runs work in a folder of their own that leads to its files.
CPU is of all threads; memory is the most that the process has held (getrusage(2)).
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MODEL = Path(sys.executable).with_name("model")
SYNTHETIC = Path(__file__).with_name("synthetic_mpd.py")
OF_HARVEST = ("tables", "harvest.db", "msd")


def main() -> None:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--playlists", type=int, default=100_000)
    source.add_argument("--state", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        state = Path(name)
        if options.state is None:
            make_up(state, options.playlists)
        else:
            lead_to(options.state, state)
        print(f"{'':24}{'seconds':>10}{'CPU s':>10}{'peak GB':>10}")
        for words, command in (
            ("explore, from nothing", "explore"),
            ("explore, once more", "explore"),
            ("report", "report"),
        ):
            measure(words, command, state)
        print(f"{'page':24}{(state / 'report.html').stat().st_size / 1e6:10.2f} MB")


def make_up(state: Path, n_playlists: int) -> None:
    """Make up so many playlists, with audio features."""
    options = ["--playlists", str(n_playlists), "--tables", state, "--features"]
    subprocess.run([sys.executable, SYNTHETIC, *options], check=True)


def lead_to(state: Path, folder: Path) -> None:
    """Let a folder lead to what harvest has left in a state, and to the results that it shows."""
    for name in (*OF_HARVEST, "results"):
        if (state / name).exists():
            (folder / name).symlink_to((state / name).resolve())


def measure(words: str, command: str, state: Path) -> None:
    """Run a command, and print what it took."""
    began = time.monotonic()
    process = subprocess.Popen([MODEL, command, "--state", state], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    cpu = usage.ru_utime + usage.ru_stime
    print(f"{words:24}{seconds:10.1f}{cpu:10.1f}{usage.ru_maxrss / 1e6:10.2f}", flush=True)


if __name__ == "__main__":
    main()
