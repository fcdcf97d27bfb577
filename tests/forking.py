"""Starts `harvest` and `model` without importing them anew: a process that has, forks for each run.

What is started so is a process of its own, with its own arguments, environment, folder and files,
that ends as the console script does. It costs milliseconds where that costs half a second or more;
the tests start programs by the hundred. Run as a program, this file is the process that forks.
"""

import atexit
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from typing import Any, NoReturn, Self

LATE = ("pydantic", "pyarrow.dataset")
"""What Typer and pyarrow import when they are first used."""
KNOWN = {
    "harvest": (
        *("harvest.cli", "harvest.jobs.gathering", "harvest.own_playlists.collecting"),
        *("harvest.status.overview", "harvest.status.console", "harvest.status.standings"),
        *("harvest.verifying.job", "harvest.exporting"),
        *("harvest.doctoring.job", "harvest.emulator.server"),
        *LATE,
    ),
    "model": (
        *("model.cli", "model.evaluation.job", "model.comparison.job", "model.sweeping.job"),
        *("model.status.overview", "model.submissions.job"),
        *("sklearn.cluster", "sklearn.feature_extraction.text"),
        *("model.making.job", "model.making.fitted", "model.stages.fitted"),
        *LATE,
    ),
}
"""What is imported beforehand, by program; commands import the rest."""


class Started:
    """A run that goes on; ended where it is left."""

    def __init__(
        self, program: str, *arguments: str, cwd: Path, env: dict[str, str], output: Sequence[int]
    ) -> None:
        self._answers, theirs = socket.socketpair()
        wish = {"argv": [program, *arguments], "cwd": str(cwd), "env": env}
        with theirs:
            socket.send_fds(_forker(program), [b"!"], [theirs.fileno(), *output])
        self._answers.sendall(json.dumps(wish).encode() + b"\n")
        self.pid = int(self._answers.recv(64))
        self._code: int | None = None

    def wait(self, timeout: float) -> int | None:
        """Wait for its end; return its exit code, negative for a signal, or None if it goes on."""
        if self._code is None:
            self._answers.settimeout(timeout)
            with suppress(TimeoutError):
                self._code = int(self._answers.recv(64))
        return self._code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it is known to have ended."""
        if self._code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.send_signal(signal.SIGKILL)
        self._answers.close()


def run(
    program: str, *arguments: str, cwd: Path, env: dict[str, str], timeout: float
) -> CompletedProcess[str]:
    """Run one of the programs to its end; as `subprocess.run` with its output captured as text."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        output = [out.fileno(), err.fileno()]
        with Started(program, *arguments, cwd=cwd, env=env, output=output) as started:
            code = started.wait(timeout)
        said = [_read(number) for number in output]
    if code is None:
        raise TimeoutExpired([program, *arguments], timeout, *said)
    return CompletedProcess([program, *arguments], code, *said)


def _read(number: int) -> str:
    os.lseek(number, 0, os.SEEK_SET)
    with open(number, encoding="utf-8", errors="replace", closefd=False) as file:
        return file.read()


@cache
def _forker(program: str) -> socket.socket:
    """Start the process that forks; it ends with this one, which holds the other end."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, __file__, program, str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    theirs.close()
    atexit.register(_end, ours, process)
    return ours


def _end(forker: socket.socket, process: subprocess.Popen[bytes]) -> None:
    forker.close()
    process.wait()


def _serve(program: str, asked: socket.socket) -> NoReturn:
    """Fork for each wish until nobody is left to have one."""
    for name in KNOWN[program]:
        importlib.import_module(name)
    if program == "model":
        # The first function of a process costs Numba a quarter of a second.
        importlib.import_module("numba").njit(lambda: None)()
    gc.freeze()  # Or each run, as it ends, would look through all that was imported, and copy it.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, (*files,), *_ = socket.recv_fds(asked, 1, 3)
        if not message:
            sys.exit()
        if os.fork() == 0:
            asked.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _mind(program, files)
        for number in files:
            os.close(number)


def _mind(program: str, files: list[int]) -> None:
    """Fork once more, and tell the number and the exit code of the process that does the work."""
    answers, *output = files
    with os.fdopen(answers, "r+b", buffering=0) as wisher:
        wish = json.loads(wisher.readline())
        pid = os.fork()
        if pid:
            wisher.write(b"%d\n" % pid)
            _, status = os.waitpid(pid, 0)
            wisher.write(b"%d\n" % os.waitstatus_to_exitcode(status))
            os._exit(0)
    _become(program, wish, output)


def _become(program: str, wish: dict[str, Any], output: list[int]) -> NoReturn:
    """Do what the console script does."""
    for number, place in zip(output, (1, 2), strict=True):
        os.dup2(number, place)
        os.close(number)
    # The old one remembers whether what was there before could be sought in.
    sys.stdout = os.fdopen(1, "w", encoding="utf-8")
    os.chdir(wish["cwd"])
    os.environ.clear()
    os.environ.update(wish["env"])
    sys.argv = wish["argv"]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(importlib.import_module(f"{program}.cli").main())


if __name__ == "__main__":
    sys.path.pop(0)  # Of this folder, which the console scripts do not have.
    _serve(sys.argv[1], socket.socket(fileno=int(sys.argv[2])))
