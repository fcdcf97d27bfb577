"""How many playlists a second are generated and scored, beside the study in plain pandas.

    python benchmarks/bench_generate.py --state STATE           # as harvested: 4 minutes for 3,380
    python benchmarks/bench_generate.py --playlists 10000       # made up; a quarter is usable
    python benchmarks/bench_generate.py --playlists 1000000 --alone --rounds 1 --workers 1 2
    python benchmarks/bench_generate.py --playlists 1000000 --protocol holdout --rounds 1

The published protocol and `yardstick` generate for all parts, in turns, each in a new process of
its own. Timed is what both do, from the fitted clusters to the scored rows; reading tables,
counting pairs, fitting the regression and finding clusters is printed apart. Ours scores besides
what the yardstick does not (precision, recall, R-precision, NDCG, clicks); neither makes
baselines, and nothing is written. Before the clock starts, ours does one chunk, or two a worker,
which loads compiled code and opens files. Ratios are of neighbouring runs. The holdout protocol
(validation and test) has no yardstick. `synthetic_mpd` makes playlists up.
"""

import argparse
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

import yardstick
from joblib.externals.loky import get_reusable_executor

from model.batches import chunks_of
from model.engines.engine import Engine, Here, Processes
from model.protocols.judging import Case, Task, judge_chunk
from model.settings import PARTS, Settings
from model.stages.materials import Materials
from model.stages.split import open_split
from model.stages.workspace import Workspace
from model.storage.artifacts import Artifact

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: seconds by what was done, and of generation and scoring the time and CPU."""

    n_playlists: int
    before: dict[str, float]
    seconds: float
    cpu_s: float

    @property
    def rate(self) -> float:
        """Playlists a second."""
        return self.n_playlists / self.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds a playlist, of this process alone."""
        return 1000 * self.cpu_s / self.n_playlists


def main() -> None:
    """Measure what the options ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--state", type=Path, help="tables and audio features that are there")
    parser.add_argument("--playlists", type=int, default=10_000, help="to make up without --state")
    parser.add_argument("--protocol", choices=("published", "holdout"), default="published")
    parser.add_argument("--clusters", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, nargs="+", default=[1])
    parser.add_argument("--alone", action="store_true", help="without the yardstick")
    options = parser.parse_args()
    if options.state and not (options.state / "tables").is_dir():
        parser.error(f"{options.state} holds no tables: run `harvest mpd` with this --state first")
    settings = Settings(
        protocol=options.protocol,
        parts=PARTS if options.protocol == "published" else ("validation", "test"),
        n_clusters=options.clusters,
        recommenders=("nucleus",),
    )
    is_alone = options.alone or options.protocol == "holdout"
    with given_or_made_up(options.state, options.playlists) as state:
        measure(state, settings, options.rounds, options.workers, is_alone=is_alone)


@contextmanager
def given_or_made_up(state: Path | None, n_playlists: int) -> Iterator[Path]:
    """Give the state directory named, or a made-up one."""
    if state:
        yield state
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        script = HERE / "synthetic_mpd.py"
        size = ["--playlists", str(n_playlists)]
        subprocess.run([sys.executable, script, *size, "--tables", name, "--features"], check=True)
        yield Path(name)


def measure(
    state: Path, settings: Settings, rounds: int, workers: Sequence[int], *, is_alone: bool
) -> None:
    """Run all in turns and print medians."""
    its: list[Sample] = []
    ours: dict[int, list[Sample]] = {count: [] for count in workers}
    for _ in range(rounds):
        if not is_alone:
            its.append(in_a_process(run_yardstick, state, settings))
        for count in workers:
            ours[count].append(in_a_process(run_ours, state, settings, count))
    if its:
        show("yardstick", its)
    for count, samples in ours.items():
        show(f"{settings.protocol}, {count} worker{'s' * (count > 1)}", samples)
        if its:
            show_ratios(samples, its, with_cpu=count == 1)


def show(name: str, samples: Sequence[Sample]) -> None:
    """Print medians, and what went before."""
    rate, seconds = median(s.rate for s in samples), median(s.seconds for s in samples)
    print(
        f"{name:20}  {samples[0].n_playlists:9,} playlists  {seconds:8.2f} s  {rate:8,.0f} a second"
    )
    before = {what: median(s.before[what] for s in samples) for what in samples[0].before}
    print("    before:", ", ".join(f"{what} {took:.2f} s" for what, took in before.items()))


def show_ratios(ours: Sequence[Sample], its: Sequence[Sample], *, with_cpu: bool) -> None:
    """Print the median and range of how many times as fast ours is."""
    pairs = list(zip(ours, its, strict=True))
    ratios = {"playlists/s": [mine.rate / other.rate for mine, other in pairs]}
    if with_cpu:
        ratios["playlists a CPU second"] = [other.cpu_ms / mine.cpu_ms for mine, other in pairs]
    for what, times in ratios.items():
        spread = f"{min(times):.1f} to {max(times):.1f}"
        print(f"    {what} of the yardstick's: {median(times):.1f} times ({spread})")


def in_a_process(work: Callable[..., Sample], *values: object) -> Sample:
    """Run `work` in a new process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *values).result()


def run_yardstick(state: Path, settings: Settings) -> Sample:
    """Let the yardstick do it."""
    clock = _Clock()
    cleaned = yardstick.clean(state)
    clock.note("tables")
    study = yardstick.prepare(cleaned, settings)
    clock.note("pairs and regression")
    batches = [fitted for _, fitted in yardstick.fit(study, settings)]
    clock.note("clusters")
    n_playlists = sum(len(yardstick.generate(study, fitted, settings)) for fitted in batches)
    return clock.finish(n_playlists)


def run_ours(state: Path, settings: Settings, workers: int) -> Sample:
    """Let the model do it, from the start."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        for path in (state / "tables", state / "harvest.db"):
            (Path(name) / path.name).symlink_to(path.absolute())
        clock = _Clock()
        materials = Materials.of(Workspace(Path(name), settings, lambda _: None, workers))
        clock.before |= _durations(materials)
        case = Case(settings, materials)
        tasks = [Task(case, chunk) for chunk in chunks_of(open_split(materials.split), settings)]
        engine: Engine = Here() if workers == 1 else Processes(workers)
        clock.start()
        _count_rows(engine, tasks[: 1 if workers == 1 else 2 * workers])
        clock.note("first chunks")
        sample = clock.finish(_count_rows(engine, tasks))
        if workers > 1:
            # Idle ones would keep this process from ending for minutes.
            get_reusable_executor().shutdown()
        return sample


def _durations(materials: Materials) -> dict[str, float]:
    def took(*artifacts: Artifact) -> float:
        return sum(artifact.manifest.duration_s for artifact in artifacts)

    known = (materials.split, materials.similarity, materials.features, materials.followers)
    return {
        "tables": took(materials.corpus),
        "pairs and regression": took(*known),
        "clusters": took(materials.clusters),
    }


def _count_rows(engine: Engine, tasks: Sequence[Task]) -> int:
    return sum(len(rows) for _, rows in engine.run(judge_chunk, tasks))


class _Clock:
    """Takes the time of one thing after another."""

    def __init__(self) -> None:
        self.before: dict[str, float] = {}
        self.start()

    def start(self) -> None:
        self._began, self._cpu_began = time.perf_counter(), time.process_time()

    def note(self, what: str) -> None:
        self.before[what] = time.perf_counter() - self._began
        self.start()

    def finish(self, n_playlists: int) -> Sample:
        seconds, cpu_s = time.perf_counter() - self._began, time.process_time() - self._cpu_began
        return Sample(n_playlists, self.before, seconds, cpu_s)


if __name__ == "__main__":
    main()
