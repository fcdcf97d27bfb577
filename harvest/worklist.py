"""The resume log: what a task is, and how one attempt changes it.

A task is `pending` until the service has answered for each of its parts (`done`), does not know the
track (`missing`), or has failed it too often (`dead`). No state means "running": after a crash a
task is simply still pending, and what was not committed is asked for again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from harvest.records import Record

MAX_ATTEMPTS = 5
FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = FIRST_RETRY_S * 2 ** (MAX_ATTEMPTS - 2)
LONGEST_WAIT_S = 30 * 86400.0  # that a service may impose
CLOCK_SLACK_S = 300.0  # by which a clock is set right now and then


class State(StrEnum):
    """Where a task stands."""

    PENDING = "pending"
    DONE = "done"
    MISSING = "missing"
    DEAD = "dead"


class Task(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One track that one job has to ask for.

    Attributes
    ----------
    spotify_id, artist, title : str
        The track, with its raw names.
    attempts : int
        Failed attempts of its own so far.
    parts : int
        Bit i is set when the job's i-th part is stored.
    next_at : float
        Unix seconds before which it is not tried.
    seq : int
        Place in the order of work.
    track_id : int
        The track's number in the store.
    form : str
        `raw`, or `plain` where it is asked for without what services add to names.
    """

    spotify_id: str
    artist: str
    title: str
    attempts: int = 0
    parts: int = 0
    next_at: float = 0.0
    seq: int = 0
    track_id: int = 0
    form: str = "raw"


class Change(msgspec.Struct, frozen=True):
    """What is to be written of one or more tasks, the same of each.

    Attributes
    ----------
    tasks : sequence of Task
        As they were before.
    state : State
    parts : int
        Bit i is set when the job's i-th part is stored.
    attempts : int
        Failed attempts of their own.
    next_at : float
        Unix seconds before which they are not tried; 0 = at once.
    error : str or None
        Why they are missing, dead or waiting.
    form : str
        `raw` or `plain`: how they are asked for from now on.
    """

    tasks: Sequence[Task]
    state: State
    parts: int
    attempts: int = 0
    next_at: float = 0.0
    error: str | None = None
    form: str = "raw"


@dataclass(frozen=True, slots=True)
class Commit:
    """Rows and the tasks that they settle: written together or not at all.

    Each record's track is among those of the changes.
    """

    changes: Sequence[Change]
    records: Sequence[Record] = field(default=())


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks of a job stand where."""

    pending: int = 0
    done: int = 0
    missing: int = 0
    dead: int = 0

    @property
    def total(self) -> int:
        """All tasks of the job."""
        return self.pending + self.done + self.missing + self.dead

    @property
    def settled(self) -> int:
        """Tasks on which nothing more will be spent."""
        return self.total - self.pending


@dataclass(frozen=True, slots=True)
class Run:
    """One start of a job, as far as it was committed. Times are Unix seconds.

    Attributes
    ----------
    run_id, pid : int
    started_at, seen_at : float
        When it began, and when something of it was last committed.
    settled, requests : int
        Tasks that came to rest, and requests sent.
    outcome : str or None
        How it ended; None while it runs, and for ever after a kill.
    limited, failed, rejected : int
        As of `Tally`.
    """

    run_id: int
    pid: int
    started_at: float
    seen_at: float
    settled: int
    requests: int
    outcome: str | None
    limited: int = 0
    failed: int = 0
    rejected: int = 0

    @property
    def rate(self) -> float | None:
        """Tasks settled a second, None before the first."""
        seconds = self.seen_at - self.started_at
        return self.settled / seconds if self.settled and seconds > 0 else None


@dataclass(slots=True)
class Tally:
    """What one run has counted so far.

    Attributes
    ----------
    sent, answered : int
        Requests sent, and good replies among them.
    limited : int
        Replies that asked to slow down.
    failed : int
        Requests without a usable reply, for another reason.
    rejected : int
        Answers for one track that could not be trusted.
    paused_until : float
        Unix seconds at which the last pause ends.
    shut_until : float
        Unix seconds at which the longest wait ends that was too long for a pause; 0 without one.
    shut_because : str
        Why.
    """

    sent: int = 0
    answered: int = 0
    limited: int = 0
    failed: int = 0
    rejected: int = 0
    paused_until: float = 0.0
    shut_until: float = 0.0
    shut_because: str = ""


@dataclass(frozen=True, slots=True)
class Embargo:
    """Until when, in Unix seconds, a service is to be left alone, why, which, and since when.

    What is 0 or None is not known.
    """

    not_before: float
    reason: str
    service: str | None = None
    since: float = 0.0

    def holds(self, now: float) -> bool:
        """Say whether the service is to be left alone at `now`, in Unix seconds.

        One that began later than now is of a time when the clock was ahead, as is a wait far longer
        than any: such would hold for weeks, or for ever.

        >>> [Embargo(4e9, "quota").holds(now) for now in (4e9 - 3600, 4e9, 1.8e9)]
        [True, False, False]
        >>> Embargo(4e9, "quota", since=4e9 - 60).holds(4e9 - 86400)
        False
        """
        if now < self.since - CLOCK_SLACK_S:
            return False
        return now < self.not_before <= now + 2 * LONGEST_WAIT_S


def next_part(tasks: Sequence[Task], wanted: int) -> int | None:
    """Return the number of the first part that `tasks` lack of those `wanted`; None without one.

    >>> next_part([Task("a", "", "", parts=0b001)], 0b101)
    2
    """
    lacking = wanted & ~tasks[0].parts if tasks else 0
    return (lacking & -lacking).bit_length() - 1 if lacking else None


def part_done(tasks: Sequence[Task], part: int, *, wanted: int) -> Change:
    """Return the change for `tasks`, which lack the same parts, when number `part` was received.

    They are done with the parts whose bits are set in `wanted`.

    >>> part_done([Task("a", "", "")], 0, wanted=0b11).state
    <State.PENDING: 'pending'>
    >>> part_done([Task("a", "", "", parts=0b01)], 1, wanted=0b11).state
    <State.DONE: 'done'>
    """
    parts = tasks[0].parts | 1 << part
    is_whole = parts & wanted == wanted
    return Change(tasks, State.DONE if is_whole else State.PENDING, parts, form=tasks[0].form)


def missing(task: Task, reason: str) -> Change:
    """Return the change for `task` when the service does not know its track."""
    return Change([task], State.MISSING, task.parts, error=reason, form=task.form)


def unknown(task: Task, reason: str, *, otherwise: Task | None) -> Change:
    """Return the change for `task` when the service does not know it by the names asked for.

    Where there is another way to ask for it, that one is taken from now on.
    """
    if otherwise is None:
        return missing(task, reason)
    return Change([otherwise], State.PENDING, otherwise.parts, form=otherwise.form)


def dead(task: Task, reason: str) -> Change:
    """Return the change for `task` when asking again can never help."""
    attempts = task.attempts + 1
    return Change([task], State.DEAD, task.parts, attempts, error=reason, form=task.form)


def failed(task: Task, reason: str, *, now: float) -> Change:
    """Return the change for `task` after one more failed attempt of its own.

    It waits 1, 2, 4, 8 seconds between attempts and is dead after the fifth.

    >>> failed(Task("a", "", "", attempts=1), "out of range", now=100.0).next_at
    102.0
    >>> failed(Task("a", "", "", attempts=4), "out of range", now=100.0).state
    <State.DEAD: 'dead'>
    """
    attempts = task.attempts + 1
    if attempts >= MAX_ATTEMPTS:
        return dead(task, reason)
    next_at = round(now + FIRST_RETRY_S * 2 ** (attempts - 1), 3)
    return Change([task], State.PENDING, task.parts, attempts, next_at, reason, task.form)


def batches(tasks: Sequence[Task], size: int) -> Iterable[Sequence[Task]]:
    """Cut `tasks` into runs of at most `size`, in order."""
    return (tasks[start : start + size] for start in range(0, len(tasks), size))
