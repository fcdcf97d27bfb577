"""Threads that nobody waits for: what hangs in one keeps no program from ending."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread
from typing import Any


class UnjoinedThreads(ThreadPoolExecutor):
    """A thread for each piece of work, for the event loop, which takes no other executor.

    asyncio looks names up in its executor, and joins its threads before it ends; a resolver that
    hangs would hold it for half a minute, deaf to signals.
    """

    def submit(self, work: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        """Begin `work` at once."""
        future: Future[Any] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(work(*args, **named))
            except BaseException as error:
                future.set_exception(error)

        Thread(target=run, daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Do nothing: threads under way are left to themselves."""
