import fcntl
import os
import subprocess
import sys

import pytest

from harvest.database.locking import lock_state
from harvest.errors import InputError, StateInUse


def test_a_path_that_cannot_be_made_says_why(tmp_path):
    (tmp_path / "state").write_text("a file, no folder")
    with pytest.raises(InputError, match="state is a file; expected a folder"):
        lock_state(tmp_path / "state")


def test_the_second_harvester_learns_the_first_one_s_pid(tmp_path):
    held = lock_state(tmp_path)
    with pytest.raises(StateInUse, match=f"process {os.getpid()}") as caught:
        lock_state(tmp_path)
    assert caught.value.pid == os.getpid()
    held.close()
    lock_state(tmp_path).close()


def test_a_killed_harvester_leaves_no_lock_behind(tmp_path):
    script = (
        "import sys, time, pathlib; from harvest.database.locking import lock_state\n"
        "lock = lock_state(pathlib.Path(sys.argv[1])); print('locked', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, tmp_path], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"locked\n"
        with pytest.raises(StateInUse, match=f"process {process.pid}"):
            lock_state(tmp_path)
        process.kill()
    lock_state(tmp_path).close()


def test_a_lock_on_a_file_that_was_removed_meanwhile_is_none(tmp_path, monkeypatch):
    taken = []

    def remove_once(lock, how):
        taken.append(lock)
        if len(taken) == 1:  # another process removes it between opening and locking
            (tmp_path / "harvest.lock").unlink()
        return flock(lock, how)

    flock = fcntl.flock
    monkeypatch.setattr(fcntl, "flock", remove_once)
    with lock_state(tmp_path) as lock:
        assert os.fstat(lock.fileno()).st_ino == (tmp_path / "harvest.lock").stat().st_ino
        assert len(taken) == 2
