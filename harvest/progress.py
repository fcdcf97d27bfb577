"""What a person, or a log, is told while a job runs. Everything goes to stderr."""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from math import inf
from pathlib import Path
from typing import Protocol, TextIO

from rich.console import Console

from harvest.errors import StorageError
from harvest.progress_bar import BarProgress
from harvest.worklist import Counts, State

LINE_EVERY_S = 30.0


class Progress(Protocol):
    """Told what happens to a job."""

    def start(self, job: str, counts: Counts) -> None:
        """Note that `job` starts with its tasks standing as `counts` says."""
        ...

    def settle(self, state: State, n: int) -> None:
        """Note that `n` tasks came to rest in `state`."""
        ...

    def say(self, text: str) -> None:
        """Tell the user something."""
        ...

    def tick(self) -> None:
        """Note that time passes; called about once a second."""
        ...

    def count_down(self, left_s: float, reason: str) -> None:
        """Show how long a wait takes yet, and why it has to be; called each second."""
        ...

    def close(self, outcome: str | None = None) -> None:
        """Note that the job, or a wait, ended, and how."""
        ...


class LineProgress:
    """A JSON line every 30 s, for logs and pipes.

    Parameters
    ----------
    stream : file
    clock : callable
        Monotonic seconds.
    """

    def __init__(self, stream: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._began_at = clock()
        self._written_at = self._counted_at = -inf
        self._states: dict[State, int] = dict.fromkeys(State, 0)
        self._job = ""
        self._settled = 0

    def start(self, job: str, counts: Counts) -> None:
        """Begin to count, whatever was counted of a job or round before."""
        self._job, self._settled = job, 0
        self._states = {state: getattr(counts, state) for state in State}
        self._began_at = self._written_at = self._clock()

    def settle(self, state: State, n: int) -> None:
        """Count."""
        self._states[state] += n
        self._states[State.PENDING] -= n
        self._settled += n

    def say(self, text: str) -> None:
        """Write a line at once."""
        self._write(message=text)

    def tick(self) -> None:
        """Write a line where the last is 30 s old."""
        if self._clock() - self._written_at >= LINE_EVERY_S:
            self._write()

    def count_down(self, left_s: float, reason: str) -> None:
        """Write a line where the last is 30 s old."""
        if self._clock() - self._counted_at >= LINE_EVERY_S:
            self._counted_at = self._clock()
            self._write(message=reason, waiting_s=round(left_s))

    def close(self, outcome: str | None = None) -> None:
        """Write the last line."""
        self._counted_at = -inf
        if self._job:
            self._write(**({"outcome": outcome} if outcome else {}))

    def _write(self, **more: object) -> None:
        self._written_at = self._clock()
        elapsed_s = self._written_at - self._began_at
        rate = self._settled / elapsed_s if elapsed_s > 0 else 0.0
        left_s = round(self._states[State.PENDING] / rate) if rate else None
        counts = {str(state): n for state, n in self._states.items()}
        job = {"job": self._job, **counts, "rate": round(rate, 2), "left_s": left_s}
        self._print({**(job if self._job else {}), **more})

    def _print(self, line: dict[str, object]) -> None:
        try:
            print(json.dumps(line), file=self._stream, flush=True)
        except OSError:
            return  # a full disk under the lines, or nobody who reads them, ends no job of days


class LogProgress(LineProgress):
    """The same lines in a file, each with its time.

    Parameters
    ----------
    path : Path
        Appended to; made readable by its owner alone.
    warn : callable
        Told once, the first time that a line cannot be written.

    Raises
    ------
    StorageError
        If it cannot be opened.
    """

    def __init__(self, path: Path, *, warn: Callable[[str], None]) -> None:
        self._path = path
        self._warn, self._is_warned = warn, False
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600))
        except OSError as error:
            raise StorageError(f"cannot write the log {path}: {error.strerror}") from error
        super().__init__(sys.stderr)

    def _print(self, line: dict[str, object]) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        try:
            with self._path.open("a", encoding="utf-8") as file:
                print(json.dumps({"time": now, **line}), file=file)
        except OSError as error:
            self._complain(error)

    def _complain(self, error: OSError) -> None:
        """Say that lines are lost; a disk that is full for the store too stops the job there."""
        if self._is_warned:
            return
        self._is_warned = True
        reason = error.strerror or error
        self._warn(f"cannot write the log {self._path}: {reason}; the job goes on without it")


class Both:
    """Tells two of everything."""

    def __init__(self, one: Progress, other: Progress) -> None:
        self._all = (one, other)

    def start(self, job: str, counts: Counts) -> None:
        """Note that `job` starts."""
        for progress in self._all:
            progress.start(job, counts)

    def settle(self, state: State, n: int) -> None:
        """Note that `n` tasks came to rest."""
        for progress in self._all:
            progress.settle(state, n)

    def say(self, text: str) -> None:
        """Tell the user something."""
        for progress in self._all:
            progress.say(text)

    def tick(self) -> None:
        """Note that time passes."""
        for progress in self._all:
            progress.tick()

    def count_down(self, left_s: float, reason: str) -> None:
        """Show how long a wait takes yet."""
        for progress in self._all:
            progress.count_down(left_s, reason)

    def close(self, outcome: str | None = None) -> None:
        """Note the end."""
        for progress in self._all:
            progress.close(outcome)


class SliceProgress:
    """Tells of slices or files read what `Progress` tells of tracks.

    Parameters
    ----------
    progress : Progress
    job : str
        What the reading is called.
    """

    def __init__(self, progress: Progress, job: str = "mpd") -> None:
        self._progress = progress
        self._job = job
        self._done = 0
        self._is_open = False

    def advance(self, done: int, n_slices: int, name: str = "") -> None:
        """Note that `done` of `n_slices` were read."""
        if not self._is_open:
            self._is_open = True
            self._progress.start(self._job, Counts(pending=n_slices))
        self._progress.settle(State.DONE, done - self._done)
        self._progress.tick()
        self._done = done

    def say(self, text: str) -> None:
        """Tell the user something."""
        self._progress.say(text)

    def close(self) -> None:
        """Note that no more slices come."""
        if self._is_open:
            self._progress.close()


def progress_for(stream: TextIO = sys.stderr, *, log: Path | None = None) -> Progress:
    """Return a bar where `stream` is a terminal, JSON lines elsewhere; with `log`, lines there.

    On a terminal whose lines cannot be overwritten a bar would be seen at its end alone.
    """
    can_draw = stream.isatty() and not Console(file=stream).is_dumb_terminal
    shown = BarProgress(stream) if can_draw else LineProgress(stream)
    return Both(shown, LogProgress(log, warn=shown.say)) if log else shown
