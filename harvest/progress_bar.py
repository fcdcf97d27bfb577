"""A bar on a terminal: how far a job is, or how long it has to wait."""

from math import ceil
from typing import TextIO

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
from rich.status import Status
from rich.text import Text

from harvest.worklist import Counts, State


class BarProgress:
    """A bar for a terminal: count, rate, time left."""

    def __init__(self, stream: TextIO) -> None:
        self._waiting: Status | None = None
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
        """Show the bar, in the place of one before a wait."""
        for task in self._bar.task_ids:
            self._bar.remove_task(task)
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

    def count_down(self, left_s: float, reason: str) -> None:
        """Show a line that changes."""
        text = f"{reason}: {clock_face(left_s)} left"
        if self._waiting is None:
            self._waiting = self._bar.console.status(text)
            self._waiting.start()
        self._waiting.update(text)

    def close(self, outcome: str | None = None) -> None:
        """Leave the bar as it stands."""
        if self._waiting:
            self._waiting.stop()
            self._waiting = None
        self._bar.stop()


def clock_face(seconds: float) -> str:
    """Return a length of time as hours, minutes and seconds.

    >>> clock_face(3725.2)
    '1:02:06'
    """
    left = ceil(seconds)
    return f"{left // 3600}:{left // 60 % 60:02}:{left % 60:02}"


class _RateColumn(ProgressColumn):
    """Tracks a second."""

    def render(self, task: BarTask) -> Text:
        speed = task.finished_speed or task.speed
        return Text("–/s" if speed is None else f"{speed:,.1f}/s")
