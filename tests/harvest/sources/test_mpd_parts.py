"""Interruptions at any place, taken up again; one process or several."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harvest.errors import Postponed
from harvest.sources.mpd import ingest

KILLED = """
import multiprocessing, os, signal, sys
from pathlib import Path
from harvest.sources.mpd import ingest

def die(done, total, name):
    if done == int(sys.argv[4]):
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

ingest(Path(sys.argv[1]), Path(sys.argv[2]), workers=int(sys.argv[3]), on_slice=die)
"""


def run_killed(*arguments):
    command = [sys.executable, "-c", KILLED, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_two_workers_give_the_bytes_of_one(mpd, tmp_path):
    path = mpd.zip(mpd.slices(5))
    ingest(path, tmp_path / "a", workers=1)
    ingest(path, tmp_path / "b", workers=2)
    assert mpd.content(tmp_path / "a") == mpd.content(tmp_path / "b")


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_run_is_taken_up_and_equals_an_uninterrupted_one(mpd, tmp_path, workers):
    path = mpd.zip(mpd.slices(6))
    killed = run_killed(path, tmp_path / "tables", workers, 3)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert mpd.content(tmp_path / "tables") == {}
    deadline = time.monotonic() + 100
    while any(map(is_running, killed.stdout.split())) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(map(is_running, killed.stdout.split()))
    report = ingest(path, tmp_path / "tables", workers=workers)
    assert 3 <= report.slices_reused < 6 + (workers > 1)
    ingest(path, tmp_path / "whole", workers=1)
    assert mpd.content(tmp_path / "tables") == mpd.content(tmp_path / "whole")


@pytest.fixture
def others():
    """Processes of tests before, such as joblib keeps for a while."""
    return {*multiprocessing.active_children()}


@pytest.mark.parametrize("workers", [1, 2])
def test_interrupt_leaves_old_tables_no_process_and_the_parts(mpd, tmp_path, workers, others):
    ingest(mpd.zip(mpd.slices(1), "old.zip"), tmp_path / "tables", workers=1)
    before = mpd.content(tmp_path / "tables")

    def interrupt(done, total, name):
        raise KeyboardInterrupt

    path = mpd.zip(mpd.slices(4))
    with pytest.raises(KeyboardInterrupt):
        ingest(path, tmp_path / "tables", workers=workers, on_slice=interrupt)
    assert {*multiprocessing.active_children()} <= others
    assert mpd.content(tmp_path / "tables") == before
    left = {file.suffix for file in (tmp_path / "tables" / ".parts").iterdir()}
    assert left == {".part"}
    assert ingest(path, tmp_path / "tables", workers=1).slices_reused >= 1


def test_damaged_part_is_made_again(mpd, tmp_path):
    path = mpd.zip(mpd.slices(3))
    run_killed(path, tmp_path / "tables", 1, 2)
    for part in (tmp_path / "tables" / ".parts").glob("*.part"):
        part.write_bytes(part.read_bytes()[:100])
    ingest(path, tmp_path / "tables", workers=1)
    ingest(path, tmp_path / "whole", workers=1)
    assert mpd.content(tmp_path / "tables") == mpd.content(tmp_path / "whole")


def test_parts_of_another_input_are_not_used(mpd, tmp_path):
    run_killed(mpd.zip(mpd.slices(3)), tmp_path / "tables", 1, 2)
    other = {name: content + b" " for name, content in mpd.slices(3).items()}
    assert ingest(mpd.zip(other), tmp_path / "tables", workers=1).slices_reused == 0


def test_parts_left_after_the_end_are_swept_by_the_next_run(mpd, tmp_path):
    path = mpd.zip(mpd.slices(3))
    run_killed(path, tmp_path / "killed", 1, 2)
    ingest(path, tmp_path / "tables", workers=1)
    (tmp_path / "killed" / ".parts").rename(tmp_path / "tables" / ".parts")
    assert ingest(path, tmp_path / "tables", workers=1).is_unchanged
    assert not (tmp_path / "tables" / ".parts").exists()


def test_killed_worker_is_said_and_the_next_run_goes_on(mpd, tmp_path, others):
    def kill_workers(done, total, name):
        for child in {*multiprocessing.active_children()} - others:
            os.kill(child.pid, signal.SIGKILL)

    path = mpd.zip(mpd.slices(40, size=2))
    with pytest.raises(Postponed, match="a worker process was killed"):
        ingest(path, tmp_path / "tables", workers=2, on_slice=kill_workers)
    assert ingest(path, tmp_path / "tables", workers=1).slices_reused >= 1
