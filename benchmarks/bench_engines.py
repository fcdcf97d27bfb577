"""Time the rows of an evaluation over each engine, on made-up playlists.

    python benchmarks/bench_engines.py --state STATE [--playlists N] [--rounds N]

Makes the state where it is not there (see `synthetic_mpd.py`) and every artifact before the rows,
then generates and scores the same playlists with each engine, once to start its processes, and
then in turns, all processes being there all the time. Ratios are of neighbouring runs. Rows are
compared byte for byte.
"""

import argparse
import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import pandas as pd
from distributed import LocalCluster

from model.batches import CHUNK_PLAYLISTS, chunks_of
from model.engines.dask_engine import Cluster
from model.engines.engine import Engine, Here, Processes
from model.protocols.judging import Case, Task, judge_chunk
from model.settings import Settings
from model.stages.materials import Materials
from model.stages.split import open_split
from model.stages.workspace import Workspace


def main() -> None:
    """Print a line an engine."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--playlists", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repeat", type=int, default=20, help="how often a round does the work")
    arguments = parser.parse_args()
    if not (arguments.state / "tables").exists():
        _make_state(arguments.state, arguments.playlists)
    tasks = _tasks(arguments.state) * arguments.repeat
    n_playlists = sum(task.chunk.last - task.chunk.first for task in tasks)
    print(f"{n_playlists:,} playlists in {len(tasks)} pieces")
    with _cluster() as address:
        engines = _engines(address)
        firsts = {name: _time(engine, tasks) for name, engine in engines.items()}
        rounds = [
            {name: _time(engine, tasks)[0] for name, engine in engines.items()}
            for _ in range(arguments.rounds)
        ]
    for name, (first_s, rows) in firsts.items():
        again_s = median(each[name] for each in rounds)
        rate = n_playlists / again_s
        print(f"{name:18} {first_s:7.2f} s, then {again_s:6.2f} s {rate:9,.0f}/s  rows {rows}")
    _show_ratio("speed of two over one", rounds, "one process", "two processes")
    _show_ratio("time of Dask over processes", rounds, "dask, two workers", "two processes")


def _show_ratio(what: str, rounds: list[dict[str, float]], above: str, below: str) -> None:
    ratios = [each[above] / each[below] for each in rounds]
    print(f"{what}: {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


def _engines(address: str) -> dict[str, Engine]:
    return {
        "here": Here(),
        "one process": Processes(1),
        "two processes": Processes(2),
        "dask, two workers": Cluster(address),
    }


@contextmanager
def _cluster() -> Iterator[str]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield cluster.scheduler_address


def _time(engine: Engine, tasks: list[Task]) -> tuple[float, str]:
    """Seconds, and a hash of the rows."""
    start = time.perf_counter()
    found = {task.chunk.name: rows for task, rows in engine.run(judge_chunk, tasks)}
    seconds = time.perf_counter() - start
    rows = pd.concat([found[name] for name in sorted(found)], ignore_index=True)
    hashes = pd.util.hash_pandas_object(rows, index=False).to_numpy().tobytes()
    return seconds, hashlib.sha256(hashes).hexdigest()[:12]


def _tasks(state: Path) -> list[Task]:
    settings = Settings(parts=("validation", "test"))
    materials = Materials.of(Workspace(state, settings, print, 2))
    split, case = open_split(materials.split), Case(settings, materials)
    return [Task(case, chunk) for chunk in chunks_of(split, settings, size=CHUNK_PLAYLISTS)]


def _make_state(state: Path, n_playlists: int) -> None:
    script = Path(__file__).with_name("synthetic_mpd.py")
    options = ["--playlists", str(n_playlists), "--tables", str(state), "--features"]
    subprocess.run([sys.executable, str(script), *options], check=True)


if __name__ == "__main__":
    main()
