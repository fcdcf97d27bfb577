"""What a person, or a log, is told while a job runs. Everything goes to stderr."""

import json
import sys
import time
from collections.abc import Callable
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as RichBar
from rich.progress import Task as BarTask
from rich.text import Text

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

    def close(self) -> None:
        """Note that the job ended."""
        ...


class BarProgress:
    """A bar for a terminal: count, rate, time left."""

    def __init__(self, stream: TextIO) -> None:
        self._bar = RichBar(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TaskProgressColumn(),
            MofNCompleteColumn(),
            _RateColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=Console(file=stream),
            speed_estimate_period=300,
        )

    def start(self, job: str, counts: Counts) -> None:
        """Show the bar."""
        self._task = self._bar.add_task(job, total=counts.total, completed=counts.settled)
        self._bar.start()

    def settle(self, state: State, n: int) -> None:
        """Move the bar on."""
        self._bar.advance(self._task, n)

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        self._bar.console.print(text, markup=False, highlight=False)

    def tick(self) -> None:
        """Do nothing: rich redraws by itself."""

    def close(self) -> None:
        """Leave the bar as it stands."""
        self._bar.stop()


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
        self._states: dict[State, int] = {}
        self._job = ""
        self._settled = 0

    def start(self, job: str, counts: Counts) -> None:
        """Begin to count."""
        self._job = job
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

    def close(self) -> None:
        """Write the last line."""
        self._write()

    def _write(self, **more: str) -> None:
        self._written_at = self._clock()
        elapsed_s = self._written_at - self._began_at
        rate = self._settled / elapsed_s if elapsed_s > 0 else 0.0
        left_s = round(self._states[State.PENDING] / rate) if rate else None
        line = {
            "job": self._job,
            **{str(state): n for state, n in self._states.items()},
            "rate": round(rate, 2),
            "left_s": left_s,
            **more,
        }
        print(json.dumps(line), file=self._stream, flush=True)


class SliceProgress:
    """Tells of slices read what `Progress` tells of tracks."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._is_open = False

    def advance(self, done: int, n_slices: int, name: str) -> None:
        """Note that slice number `done` of `n_slices` was read."""
        if not self._is_open:
            self._is_open = True
            self._progress.start("mpd", Counts(pending=n_slices))
        self._progress.settle(State.DONE, 1)
        self._progress.tick()

    def close(self) -> None:
        """Note that no more slices come."""
        if self._is_open:
            self._progress.close()


class _RateColumn(ProgressColumn):
    """Tracks a second."""

    def render(self, task: BarTask) -> Text:
        speed = task.finished_speed or task.speed
        return Text("–/s" if speed is None else f"{speed:,.1f}/s")


def progress_for(stream: TextIO = sys.stderr) -> Progress:
    """Return a bar where `stream` is a terminal, JSON lines elsewhere."""
    return BarProgress(stream) if stream.isatty() else LineProgress(stream)
