"""How changes of tasks are written: as few statements as there are different changes."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from sqlite3 import Connection

import msgspec

from harvest.worklist import Change, State

WORTH_A_STATEMENT = 3  # tasks that are neighbours

_UPDATE_TASKS = """
    UPDATE task SET state = ?, parts = ?, attempts = ?, next_at = ?, error = ?, form = ?,
        provider = ?
    WHERE job = ? AND track_id
"""
# Where a second provider is asked and has nothing, what the first one gave stays, and stays done.
# Of Spotify's tasks this bit of `parts` says so: the second one need not be asked again.
ASKED_IN_VAIN = 0b10
_KEEP_DONE = f"""
    UPDATE task SET state = 'done', attempts = 0, error = NULL, provider = f.provider,
        parts = parts | {ASKED_IN_VAIN}
    FROM audio_features f WHERE job = 'spotify' AND f.track_id = task.track_id
    AND task.track_id IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True)
class Written:
    """What a transaction wrote.

    Attributes
    ----------
    changes : sequence of Change
        Those asked for, with the twins of their tasks among them.
    stored_bytes : int
        Of last.fm's data, all that is stored now; 0 for another job.
    """

    changes: Sequence[Change]
    stored_bytes: int = 0


def update_tasks(db: Connection, job: str, changes: Sequence[Change], *, provider: str) -> None:
    """Write what became of tasks, those of which the same is to be written in one statement."""
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for c in _last_of_each(changes):
        answered_by = None if c.state == State.PENDING else provider
        columns = (c.state, c.parts, c.attempts, c.next_at, c.error, c.form, answered_by)
        alike[columns] += [task.track_id for task in c.tasks]
    for written, numbers in alike.items():
        for where, values in _conditions(numbers):
            db.execute(_UPDATE_TASKS + where, (*written, job, *values))
        if job == "spotify" and written[0] in {State.MISSING, State.DEAD}:
            db.execute(_KEEP_DONE, (json.dumps(numbers),))


def _last_of_each(changes: Sequence[Change]) -> Sequence[Change]:
    """Return `changes` with each task in its last alone: it may have changed part by part."""
    numbers = [task.track_id for change in changes for task in change.tasks]
    if len(set(numbers)) == len(numbers):
        return changes
    last = {task.track_id: change for change in changes for task in change.tasks}
    left = ((c, [task for task in c.tasks if last[task.track_id] is c]) for c in changes)
    return [msgspec.structs.replace(c, tasks=tasks) for c, tasks in left if tasks]


def _conditions(numbers: Sequence[int]) -> list[tuple[str, tuple[object, ...]]]:
    """Return conditions of which one holds for each of `numbers`.

    Tasks that are neighbours are found in three quarters of the time by the ends of their range.

    >>> _conditions([7, 5, 6])
    [('BETWEEN ? AND ?', (5, 7))]
    >>> _conditions([7, 5])
    [('IN (SELECT value FROM json_each(?))', ('[7, 5]',))]
    """
    ranges = _ranges(sorted(set(numbers)))
    if len(ranges) * WORTH_A_STATEMENT > len(numbers):
        return [("IN (SELECT value FROM json_each(?))", (json.dumps(numbers),))]
    return [("BETWEEN ? AND ?", ends) for ends in ranges]


def _ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return the ends of the runs of neighbours in `numbers`, which ascend.

    >>> _ranges([1, 2, 3, 7, 9, 10])
    [(1, 3), (7, 7), (9, 10)]
    """
    after_gaps = [right for left, right in pairwise(numbers) if right != left + 1]
    before_gaps = [left for left, right in pairwise(numbers) if right != left + 1]
    return list(zip([numbers[0], *after_gaps], [*before_gaps, numbers[-1]], strict=True))
