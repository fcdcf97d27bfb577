import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from model.batches import chunks_of
from model.engines.engine import Engine, Here, Processes, cluster_at, processes_for
from model.errors import InputError, LeakError, ModelError
from model.evaluate import evaluate
from model.protocols.judging import Case, Task, judge_chunk
from model.settings import PARTS, Settings
from model.stages.materials import Materials
from model.stages.split import open_split
from model.stages.workspace import Workspace
from tests.model import pieces

ROOT = Path(__file__).parents[3]
HOLDOUT = Settings(min_count=2, parts=("validation", "test"))
PUBLISHED = Settings(protocol="published", parts=PARTS, n_clusters=2, min_count=2)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process whose two workers are at work, their numbers being names in `tmp_path`."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.model.pieces", str(tmp_path)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    wait_until(lambda: len(list(tmp_path.iterdir())) == 2)
    yield program
    program.kill()
    program.communicate()


@pytest.mark.parametrize("engine", [Here(), Processes(1), Processes(2)])
def test_every_item_comes_once_with_its_result(engine: Engine) -> None:
    found = sorted(engine.run(pieces.square, range(50)))
    assert found == [(number, number**2) for number in range(50)]
    assert list(engine.run(pieces.square, [])) == []


def test_here_keeps_the_order() -> None:
    assert list(Here().run(len, ["bb", "a"])) == [("bb", 2), ("a", 1)]


def test_items_that_are_equal_are_each_done() -> None:
    assert list(Processes(2).run(pieces.square, [3, 3, 3])) == [(3, 9)] * 3


def test_the_first_result_does_not_wait_for_the_last() -> None:
    list(Processes(2).run(pieces.square, range(4)))
    found = Processes(2).run(pieces.slow_square, range(200))
    start = time.monotonic()
    next(found)
    # 200 pieces of 0.05 s on two workers take 5 s.
    assert time.monotonic() - start < 4
    found.close()


def test_work_is_done_elsewhere_by_as_many_as_asked_for_who_stay_for_the_next_run() -> None:
    first = {pid for _, pid in Processes(2).run(pieces.process_id, range(20))}
    again = {pid for _, pid in Processes(2).run(pieces.process_id, range(20))}
    assert len(first | again) == 2
    assert os.getpid() not in first


@pytest.mark.parametrize("engine", [Here(), Processes(2)])
def test_work_has_one_thread(engine: Engine) -> None:
    assert {threads for _, threads in engine.run(pieces.most_threads, range(4))} == {1}


@pytest.mark.parametrize("engine", [Here(), Processes(2)])
def test_an_error_comes_back_as_itself_and_at_once(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(LeakError) as caught:
        list(engine.run(pieces.leak, [(tmp_path, number) for number in range(1000)]))
    assert caught.value.playlist_ids == (4, 2)
    assert len(list(tmp_path.iterdir())) < 100
    assert list(engine.run(pieces.square, [2])) == [(2, 4)]


def test_what_a_killed_worker_had_is_done_again(tmp_path: Path) -> None:
    items = [(tmp_path / "mark", number) for number in range(30)]
    found = sorted(Processes(2).run(pieces.die_once, items))
    assert (tmp_path / "mark").exists()
    assert found == [((tmp_path / "mark", number), number**2) for number in range(30)]


def test_work_that_kills_every_worker_is_given_up() -> None:
    with pytest.raises(ModelError, match=r"ended 3 times .* --workers"):
        list(Processes(2).run(pieces.die, range(5)))


def test_left_early_the_workers_end() -> None:
    workers = {pid for _, pid in Processes(2).run(pieces.process_id, range(20))}
    found = Processes(2).run(pieces.slow_square, range(200))
    next(found)
    found.close()
    wait_until(lambda: not any(map(is_alive, workers)))


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_all_in_silence(
    started: subprocess.Popen[bytes], tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    # A terminal sends Ctrl-C to the workers too; whoever ends a service, to its main process.
    send = os.killpg if sent == signal.SIGINT else os.kill
    send(started.pid, sent)
    _, errors = started.communicate(timeout=100)
    assert (started.returncode, errors) == (code, b"")
    assert not any(is_alive(int(path.name)) for path in tmp_path.iterdir())


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_until_what_workers_need_is_whole(
    monkeypatch: pytest.MonkeyPatch, sent: signal.Signals
) -> None:
    made = []

    def make(*arguments: object, **options: object) -> None:
        signal.raise_signal(sent)
        made.append((arguments, options))

    monkeypatch.setattr("model.engines.engine.ProcessPoolExecutor", make)
    before = signal.signal(sent, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            list(Processes(1, are_kept=False).run(pieces.square, [1]))
        assert signal.getsignal(sent) is signal.default_int_handler
    finally:
        signal.signal(sent, before)
    assert len(made) == 1


# A thread that is cut off by the end of its process leaves loky to complain of a leak.
@pytest.mark.parametrize("ending", ["list(found)", "next(found); found.close()"])
def test_the_thread_that_feeds_workers_ends_before_the_process(ending: str) -> None:
    program = f"""if True:
        import atexit, threading
        atexit.register(lambda: print(*(thread.name for thread in threading.enumerate())))
        from tests.model import pieces
        pieces.Queue._feed = pieces.feed_and_linger
        found = pieces.Processes(2).run(pieces.square, range(20))
        {ending}"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True
    )
    assert (done.stdout, done.stderr) == (b"MainThread\n", b"")


def test_workers_end_with_a_process_that_is_killed(
    started: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    started.kill()
    wait_until(lambda: not any(is_alive(int(path.name)) for path in tmp_path.iterdir()))


@pytest.mark.parametrize("settings", [HOLDOUT, PUBLISHED])
def test_processes_give_the_same_figures(
    catalogue_state: Path, tmp_path: Path, settings: Settings
) -> None:
    here = evaluate(_copy(catalogue_state, tmp_path / "here"), settings, engine=Here())
    there = evaluate(_copy(catalogue_state, tmp_path / "there"), settings, engine=Processes(2))
    pd.testing.assert_frame_equal(here.rows, there.rows, check_exact=True)


def test_rows_are_the_same_with_a_worker_killed_in_the_middle(catalogue_state: Path) -> None:
    tasks = tasks_of(catalogue_state, HOLDOUT)
    engine = Processes(2)
    worker = next(iter({pid for _, pid in engine.run(pieces.process_id, range(20))}))
    found = []
    for task, rows in engine.run(judge_chunk, tasks):
        if not found:
            os.kill(worker, signal.SIGKILL)
        found.append((task, rows))
    assert_same_rows(tasks, found)


def test_one_worker_is_this_process_and_more_are_others() -> None:
    assert isinstance(processes_for(1), Here)
    assert isinstance(processes_for(2), Processes)
    with pytest.raises(InputError, match="expected tcp://HOST:PORT"):
        cluster_at("nonsense")


def tasks_of(state: Path, settings: Settings) -> list[Task]:
    """Cut the work into many small pieces."""
    materials = Materials.of(Workspace(state, settings, lambda _: None))
    case = Case(settings, materials)
    return [Task(case, chunk) for chunk in chunks_of(open_split(materials.split), settings, size=2)]


def assert_same_rows(tasks: list[Task], found: list[tuple[Task, pd.DataFrame]]) -> None:
    assert len(found) == len(tasks)
    by_name = {task.chunk.name: rows for task, rows in found}
    for task in tasks:
        own = by_name[task.chunk.name]
        pd.testing.assert_frame_equal(own, judge_chunk(task), check_exact=True)


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 100
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Whether a process is there, and not merely still listed."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _copy(state: Path, place: Path) -> Path:
    """Copy what was harvested, and nothing that was made of it."""
    shutil.copytree(state, place, ignore=shutil.ignore_patterns("model", "results"))
    return place
