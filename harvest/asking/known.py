"""Tracks that a service has answered for, by which it is seen whether it is up."""

import random
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any

from harvest.source import Source
from harvest.store import Store
from harvest.worklist import Task

N_OTHERS = 5
ENOUGH = 8  # not to depend on one that the service loses
MOST = 64


class KnownTracks:
    """Keeps some of a run's, and asks the store for those of earlier ones.

    Parameters
    ----------
    store : Store
    source : Source
    in_thread : callable
        Awaits what a method of the store returns, in the store's thread.
    clock : callable
        Unix seconds.
    """

    def __init__(
        self,
        store: Store,
        source: Source,
        *,
        in_thread: Callable[..., Awaitable[Any]],
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._job, self._provider = source.job, source.provider
        self._in_thread = in_thread
        self._clock = clock
        self._tasks: deque[Task] = deque(maxlen=MOST)
        self._may_store_know = True

    def keep(self, tasks: Iterable[Task]) -> None:
        """Note that `tasks` were answered just now."""
        self._tasks += tasks

    async def good(self) -> Task | None:
        """Return a track that was answered before: in this run, or else in an earlier one.

        Where few were, the store goes through all tracks to find one: it is not asked each time.
        """
        if self._may_store_know and len(self._tasks) < ENOUGH:
            some_done = partial(self._store.some_done, provider=self._provider)
            known = await self._in_thread(some_done, self._job)
            self._may_store_know = known is not None
            self._tasks += [known] if known else []
        return random.choice(self._tasks) if self._tasks else None

    async def others(self, task: Task) -> Sequence[Task]:
        """Return a few tasks other than `task`: one that was answered, then such as are due."""
        due = partial(self._store.due, before=self._clock(), limit=N_OTHERS + 1)
        known = await self.good()
        tasks = [*([known] if known else []), *await self._in_thread(due, self._job)]
        return [other for other in tasks if other.spotify_id != task.spotify_id][:N_OTHERS]
