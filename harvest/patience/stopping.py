"""One word that brings a whole job to rest: nothing new is sent, no wait goes on."""

import asyncio
import os
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from harvest.errors import Interrupted

T = TypeVar("T")


ENDING = (signal.SIGINT, signal.SIGTERM)


class Stopped(BaseException):
    """Raised where a wait was cut short because the job is to stop; never leaves the engine.

    A BaseException, as `asyncio.CancelledError` is, so that no handler takes it for a failure.
    """


class Stop:
    """Says whether the job is to stop, and why.

    The first reason given is kept.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.reason: BaseException | None = None

    def __bool__(self) -> bool:
        return self._event.is_set()

    def request(self, reason: BaseException | None) -> None:
        """Ask everything to come to rest because of `reason`; None means that all is done."""
        if not self._event.is_set():
            self.reason = reason
            self._event.set()

    async def wait(self) -> None:
        """Return once a stop is asked for."""
        await self._event.wait()

    async def sleep(self, seconds: float) -> None:
        """Sleep, unless a stop is or becomes asked for: then raise `Stopped`."""
        await self.unless(asyncio.sleep(seconds))

    async def unless(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what `work` does, or cancel it and raise `Stopped` once a stop is asked for."""
        doing = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(self._event.wait())
        try:
            await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if self._event.is_set() or not doing.done():
                raise Stopped
            return doing.result()
        finally:
            doing.cancel()
            stopping.cancel()


@contextmanager
def signals_to(stop: Stop) -> Iterator[None]:
    """Let the first SIGINT or SIGTERM bring the job to rest, and the second end it at once."""
    loop = asyncio.get_running_loop()

    def on_signal(number: int) -> None:
        if stop:
            os._exit(128 + number)
        stop.request(Interrupted(number))

    before = {number: signal.getsignal(number) for number in ENDING}
    for number in before:
        loop.add_signal_handler(number, on_signal, number)
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)


@contextmanager
def signals_deferred() -> Iterator[None]:
    """Let what is begun be done: the first SIGINT or SIGTERM that comes meanwhile counts then."""
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in ENDING}
    for number in before:
        signal.signal(number, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])
