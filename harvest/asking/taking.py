"""What a reply makes of the tasks that were asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from harvest import worklist
from harvest.source import Reply, Source
from harvest.worklist import Change, State, Task


@dataclass(frozen=True, slots=True)
class Taken:
    """What is to be written of tasks, and those of which more is worth asking for."""

    changes: Sequence[Change]
    left: Sequence[Task]


def take(reply: Reply, tasks: Sequence[Task], number: int, *, source: Source, now: float) -> Taken:
    """Judge each of `tasks` by itself.

    Parameters
    ----------
    reply : Reply
    tasks : sequence of Task
        That lack the same parts.
    number : int
        Of the part that was asked for.
    source : Source
        That was asked.
    now : float
        Unix seconds.
    """
    changes, answered, otherwise = [], [], []
    for task in tasks:
        if reason := reply.missing.get(task.spotify_id):
            other = source.otherwise(task)
            otherwise += [other] if other else []
            changes.append(worklist.unknown(task, reason, otherwise=other))
        elif reason := reply.rejected.get(task.spotify_id):
            changes.append(worklist.failed(task, reason, now=now))
        else:
            answered.append(task)
    if not answered:
        return Taken(changes, otherwise)
    done = worklist.part_done(answered, number, wanted=source.wanted)
    if done.state == State.DONE:
        return Taken([*changes, done], otherwise)
    left = [msgspec.structs.replace(task, parts=done.parts, attempts=0) for task in answered]
    return Taken([*changes, done], left)
