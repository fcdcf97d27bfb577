"""Tracks that a service does not know, one after the other: too many to be taken at its word."""

from collections.abc import Callable, Sequence

from harvest.pacing import FIRST_PAUSE_S, LONGEST_PAUSE_S
from harvest.source import Reply
from harvest.worklist import Change, State, Task

# Tracks one after the other of which not all will be unknown by chance.
LARGE = 20


class Misses:
    """Keeps what was unknown since the service last knew a track.

    Parameters
    ----------
    clock : callable
        Seconds.

    Attributes
    ----------
    doubts : int
        How often what was taken for unknown was taken back. What a service said when there were
        fewer may be of a time when it knew nothing.
    """

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self.doubts = 0
        self._clock = clock
        self._latest: dict[str, Task] = {}
        self._in_doubt_since: float | None = None

    def add(self, tasks: Sequence[Task], reply: Reply, *, since: int) -> bool:
        """Note what `reply` says of `tasks`; say whether that is to be doubted.

        Parameters
        ----------
        tasks : sequence of Task
        reply : Reply
        since : int
            `doubts` when they were asked for.
        """
        if len(reply.missing) < len(tasks):
            self._forget()
            return False
        self._latest |= {task.spotify_id: task for task in tasks}
        is_in_doubt = self._in_doubt_since is not None or since < self.doubts
        return is_in_doubt or len(self._latest) >= LARGE

    def believe(self, *, since: int) -> bool:
        """Note that the service knows what it knew; say whether what it said before was true.

        After a doubt that may have been said just before it came to know again.
        """
        is_true = self._in_doubt_since is None and since == self.doubts
        self._forget()
        return is_true

    def take_back(self, tasks: Sequence[Task]) -> list[Change]:
        """Return the changes that let all but `tasks`, which are asked for yet, be asked again."""
        asked = {task.spotify_id for task in tasks}
        settled = [task for key, task in self._latest.items() if key not in asked]
        self._latest.clear()
        self._in_doubt_since = (
            self._clock() if self._in_doubt_since is None else self._in_doubt_since
        )
        self.doubts += 1
        return [_again(task) for task in settled]

    @property
    def pause_s(self) -> float:
        """How long to wait: as long again as it has been in doubt, from 1 to 60 s."""
        lasted = 0.0 if self._in_doubt_since is None else self._clock() - self._in_doubt_since
        return min(max(lasted, FIRST_PAUSE_S), LONGEST_PAUSE_S)

    def _forget(self) -> None:
        self._latest.clear()
        self._in_doubt_since = None


def _again(task: Task) -> Change:
    form = task.form if task.parts else "raw"
    return Change([task], State.PENDING, task.parts, task.attempts, form=form)
