"""One request over HTTP: retry(limit(authorise(send))), and what a status means.

`HttpSender` sends, `auth.BearerSender` adds a token, `PacedSender` waits for its turn before that;
`Client` tries again what may succeed later, each time in its turn.
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import aiohttp
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

from harvest import trust
from harvest.errors import (
    InputError,
    Postponed,
    RateLimited,
    ServiceUnavailable,
    TokenExpired,
    TransientError,
)
from harvest.pacing import Pacer, Sleep, clock_time, retry_after_s

MAX_BODY_BYTES = 16 * 2**20
MAX_TRIES = 5
QUOTA_WAIT_S = 3600.0  # where a used-up quota does not say for how long
BACKOFF_S = 0.5
LONGEST_BACKOFF_S = 30.0
TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=10)

# What costs no try: the pacer waits out the first, the second ends by itself or as a refusal.
FREE = (RateLimited, TokenExpired)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """One request; what may hold a secret stays out of its repr.

    Attributes
    ----------
    method, url : str
    params : mapping
        The query.
    form : mapping or None
        A form body.
    headers : mapping
    """

    method: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """A reply, read whole."""

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Sender(Protocol):
    """Whatever turns a request into a reply, of any status."""

    async def send(self, request: Request) -> Response:
        """Send `request`; raise `ServiceUnavailable` where no whole reply comes."""
        ...


class HttpSender:
    """Sends each request exactly once, over one pool of connections.

    TLS is verified; redirects are not followed, since they would carry credentials elsewhere.
    """

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def send(self, request: Request) -> Response:
        """Send `request` and read its reply, up to 16 MiB."""
        try:
            async with self._session.request(
                request.method,
                request.url,
                params=request.params,
                data=request.form,
                headers=request.headers,
                allow_redirects=False,
                middlewares=(_once(),),
            ) as reply:
                body = await _read(reply)
                return Response(reply.status, body, reply.headers)
        except TimeoutError as error:
            raise ServiceUnavailable(f"{request.url} did not answer in time") from error
        except aiohttp.InvalidURL as error:
            raise InputError(f"{request.url!r} is not a usable address") from error
        except aiohttp.ClientSSLError as error:
            raise trust.explain(request.url, error) from error
        except aiohttp.ClientError as error:
            raise ServiceUnavailable(f"no reply from {request.url}: {_brief(error)}") from error


class PacedSender:
    """Waits for its turn before each request."""

    def __init__(self, inner: Sender, pacer: Pacer) -> None:
        self._inner = inner
        self._pacer = pacer

    async def send(self, request: Request) -> Response:
        """Send `request` when it may be sent."""
        await self._pacer.turn()
        return await self._inner.send(request)


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

        A 429 makes everybody wait and costs no try, nor does a token that expired.

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
        failures = iter([first])

        async def attempt() -> T:
            for failure in failures:
                raise failure
            return await self._try(request, read)

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
        except TransientError:
            self._pacer.tally.failed += 1
            raise
        self._pacer.reward()
        return value

    def _heed(self, limit: RateLimited) -> None:
        """Make everybody wait, or postpone the job where the wait is too long to sit out."""
        if limit.is_quota or (limit.retry_after_s or 0) > self._max_wait_s:
            wait_s = limit.retry_after_s or QUOTA_WAIT_S
            raise Postponed(str(limit), not_before=clock_time(time.time() + wait_s)) from limit
        self._pacer.slow_down(limit.retry_after_s, str(limit))

    def _wait_s(self, state: RetryCallState) -> float:
        """Back off 0.5, 1, 2 … 30 s, each shortened by up to half; the pacer waits out a 429."""
        if isinstance(_error_of(state), FREE):
            return 0.0
        longest: float = min(BACKOFF_S * 2 ** (state.attempt_number - 1), LONGEST_BACKOFF_S)
        return longest * (1 - self._jitter() / 2)


def raise_for_status(response: Response, service: str) -> None:
    """Raise the error that a status means whichever the service; let others pass.

    Raises
    ------
    ServiceUnavailable
        For 408 and 5xx.
    RateLimited
        For 429.
    InputError
        For a redirect: the service lives elsewhere than the settings say.
    """
    status = response.status
    if status == 429:
        wait_s = retry_after_s(response.headers.get("Retry-After"))
        is_quota = b"QUOTA_EXCEEDED" in response.body
        what = "daily quota is used up" if is_quota else "rate limit is reached"
        raise RateLimited(f"{service}'s {what}", retry_after_s=wait_s, is_quota=is_quota)
    if status == 408 or status >= 500:
        raise ServiceUnavailable(f"{service} answers {status}", status=status)
    if 300 <= status < 400:
        where = response.headers.get("Location", "another address")
        raise InputError(
            f"{service} redirects to {where}, which is not followed; set its address to that one"
        )


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


def _once() -> aiohttp.ClientMiddlewareType:
    """Return a middleware that refuses aiohttp's silent second sending, which no limiter sees."""
    is_sent = False

    async def send_once(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        nonlocal is_sent
        if is_sent:
            raise ServiceUnavailable(f"{request.url.with_query(None)} dropped the connection")
        is_sent = True
        return await handler(request)

    return send_once


async def _read(reply: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in reply.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise ServiceUnavailable(f"{reply.url.with_query(None)} sent more than 16 MiB")
    return bytes(body)


def _brief(error: Exception) -> str:
    return str(error) or type(error).__name__
