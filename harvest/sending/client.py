"""A request until it is answered: retry(limit(authorise(send))).

`transport.HttpSender` sends, `auth.BearerSender` adds a token, `PacedSender` waits for its turn
before that; `Client` tries again what may succeed later, each time in its turn.
"""

import asyncio
import random
from collections.abc import Callable
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

from harvest.errors import (
    RateLimited,
    ServiceUnavailable,
    TokenExpired,
    TransientError,
    UnusableReply,
)
from harvest.pacing import Pacer, Sleep
from harvest.transport import Preparing, Request, Response, Sender

MAX_TRIES = 5
QUOTA_WAIT_S = 3600.0  # where a used-up quota does not say for how long
BACKOFF_S = 0.5
LONGEST_BACKOFF_S = 30.0

# What costs no try: the pacer waits out the first, the second comes once in a call at most.
FREE = (RateLimited, TokenExpired)

T = TypeVar("T")


class PacedSender:
    """Waits for its turn before each request, but gets ready before that.

    A token that is slow in coming would let go all at once those who have had their turn.
    """

    def __init__(self, inner: Sender, pacer: Pacer) -> None:
        self._inner = inner
        self._pacer = pacer
        self._late = asyncio.Lock()

    async def send(self, request: Request) -> Response:
        """Send `request` when it may be sent."""
        await self._pacer.rest()
        await self._prepare()
        if not await self._pacer.turn(self._is_ready):
            await self._take_late_turn()
        return await self._inner.send(request)

    async def _take_late_turn(self) -> None:
        """Get ready after a turn has come: a token may not live as long as the next one takes.

        One at a time, so that a token lets go no more than this one.
        """
        async with self._late:
            await self._pacer.turn()
            await self._prepare()

    async def _prepare(self) -> None:
        if isinstance(self._inner, Preparing):
            await self._inner.prepare()

    def _is_ready(self) -> bool:
        return not isinstance(self._inner, Preparing) or self._inner.is_ready


class Client:
    """Sends a request until its reply can be read, or there is no sense in trying again.

    Parameters
    ----------
    sender : Sender
        Paced, and authorised where the service wants it.
    pacer : Pacer
        Told of every 429, so that all workers wait together.
    sleep : callable
        Waits between tries; ends early when the job stops.
    max_wait_s : float
        The longest wait that a service may impose before the job is postponed.
    jitter : callable
        Random in [0, 1).
    """

    def __init__(
        self,
        sender: Sender,
        *,
        pacer: Pacer,
        sleep: Sleep,
        max_wait_s: float,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._sender = sender
        self._pacer = pacer
        self._sleep = sleep
        self._max_wait_s = max_wait_s
        self._jitter = jitter

    async def call(
        self, request: Request, read: Callable[[Response], T], *, tries: int = MAX_TRIES
    ) -> T:
        """Return what `read` makes of the reply to `request`.

        A 429 makes everybody wait and costs no try, nor does a token that expired once.

        Raises
        ------
        TransientError
            If it failed `tries` times; the last error is raised as it was.
        Postponed
            If the service asks for a longer wait than allowed.
        RequestRejected, CredentialsRefused
            At once.
        """
        try:
            return await self._try(request, read)
        except TransientError as error:
            return await self._retry(error, request, read, tries=tries)

    async def _retry(
        self, first: TransientError, request: Request, read: Callable[[Response], T], *, tries: int
    ) -> T:
        """Go on after the `first` failure; apart, for tenacity costs as much as a request."""
        failures, has_expired = iter([first]), isinstance(first, TokenExpired)

        async def attempt() -> T:
            nonlocal has_expired
            for failure in failures:
                raise failure
            try:
                return await self._try(request, read)
            except TokenExpired as error:
                if has_expired:  # it is not the token that is refused, but the request
                    message = "refused (401), with a new token too"
                    raise UnusableReply(message, status=401) from error
                has_expired = True
                raise

        retrying = AsyncRetrying(
            retry=retry_if_exception_type(TransientError),
            stop=_after_failures(tries),
            wait=self._wait_s,
            sleep=self._sleep,
            reraise=True,
        )
        return await retrying(attempt)

    async def _try(self, request: Request, read: Callable[[Response], T]) -> T:
        try:
            value = read(await self._sender.send(request))
        except RateLimited as limit:
            self._pacer.tally.limited += 1
            self._heed(limit)
            raise
        except TokenExpired:
            raise
        except TransientError as error:
            self._pacer.tally.failed += 1
            if isinstance(error, ServiceUnavailable) and error.retry_after_s:
                self._refuse_long_wait(error, error.retry_after_s)
                self._pacer.pause(error.retry_after_s, str(error))
            raise
        self._pacer.reward()
        return value

    def _heed(self, limit: RateLimited) -> None:
        """Make everybody wait and go on slower, or postpone the job."""
        wait_s = limit.retry_after_s or 0.0
        self._refuse_long_wait(limit, (wait_s or QUOTA_WAIT_S) if limit.is_quota else wait_s)
        self._pacer.slow_down(limit.retry_after_s, str(limit))

    def _refuse_long_wait(self, error: TransientError, wait_s: float) -> None:
        """Postpone the job where a wait is too long to sit out, or a quota is used up."""
        is_quota = isinstance(error, RateLimited) and error.is_quota
        if is_quota or wait_s > self._max_wait_s:
            raise self._pacer.shut(wait_s, str(error)) from error

    def _wait_s(self, state: RetryCallState) -> float:
        """Back off 0.5, 1, 2 … 30 s, each shortened by up to half; the pacer waits out a 429."""
        if isinstance(_error_of(state), FREE):
            return 0.0
        longest: float = min(BACKOFF_S * 2 ** min(state.attempt_number - 1, 10), LONGEST_BACKOFF_S)
        return longest * (1 - self._jitter() / 2)


def _after_failures(most: int) -> Callable[[RetryCallState], bool]:
    """Return a stop condition that counts failures, but not those that are free."""
    failures = 0

    def is_spent(state: RetryCallState) -> bool:
        nonlocal failures
        failures += not isinstance(_error_of(state), FREE)
        return failures >= most

    return is_spent


def _error_of(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
