"""One request over HTTP, sent exactly once, and what a status means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit

import aiohttp

from harvest import trust
from harvest.errors import (
    InputError,
    RateLimited,
    ServiceUnavailable,
    Unexpected,
)
from harvest.pacing import retry_after_s
from harvest.texts.secrecy import hide

MAX_BODY_BYTES = 16 * 2**20
USER_AGENT = "playlist-harvest/0.1"
TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=10)


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
    secrets : sequence of str
        What of all this is secret.
    """

    method: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: Sequence[str] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """A reply, read whole.

    Attributes
    ----------
    status : int
    body : bytes
        As it came: data are read from it as they are.
    headers : mapping
    secrets : sequence of str
        That were sent for it, and may be repeated in it: no text that is made of it holds them.
    """

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: Sequence[str] = field(default=(), repr=False)


class Sender(Protocol):
    """Whatever turns a request into a reply, of any status."""

    async def send(self, request: Request) -> Response:
        """Send `request`; raise `ServiceUnavailable` where no whole reply comes."""
        ...


@runtime_checkable
class Preparing(Protocol):
    """A sender that has to get something, such as a token, before it can send."""

    @property
    def is_ready(self) -> bool:
        """Whether it can send as it is."""
        ...

    async def prepare(self) -> None:
        """Get ready."""
        ...


class HttpSender:
    """Sends each request exactly once, over one pool of connections.

    TLS is verified; redirects are not followed, since they would carry credentials elsewhere.
    """

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._answered: set[str] = set()

    async def send(self, request: Request) -> Response:
        """Send `request` and read its reply, up to 16 MiB.

        Raises
        ------
        ServiceUnavailable
            If no whole reply comes in time.
        InputError
            If the address cannot be used, or its certificate not be trusted, of a host that has not
            answered before: one that has is out of order.
        """
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
                self._answered.add(_host(request.url))
                body = await _read(reply)
                return Response(reply.status, body, reply.headers, request.secrets)
        except TimeoutError as error:
            raise ServiceUnavailable(f"{request.url} did not answer in time") from error
        except aiohttp.InvalidURL as error:
            raise InputError(f"{request.url!r} is not a usable address") from error
        except aiohttp.ClientSSLError as error:
            has_answered = _host(request.url) in self._answered
            raise trust.explain(request.url, error, has_answered=has_answered) from error
        except aiohttp.ClientError as error:
            raise ServiceUnavailable(f"no reply from {request.url}: {_brief(error)}") from error


def _host(url: str) -> str:
    return urlsplit(url).netloc


def session(concurrency: int, *, timeout: aiohttp.ClientTimeout = TIMEOUT) -> aiohttp.ClientSession:
    """Return a session for so many requests at a time; without cookies, and with our name."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=concurrency + 1),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": USER_AGENT},
        timeout=timeout,
    )


def raise_for_status(response: Response, service: str) -> None:
    """Raise the error that a status means whichever the service; let others pass.

    Raises
    ------
    ServiceUnavailable
        For 408 and 5xx.
    RateLimited
        For 429.
    Unexpected
        For a redirect: the service lives elsewhere than the settings say, if it ever did there.
    """
    status = response.status
    if status == 429:
        wait_s = retry_after_s(response.headers.get("Retry-After"))
        is_quota = b"QUOTA_EXCEEDED" in response.body
        what = "daily quota is used up" if is_quota else "rate limit is reached"
        raise RateLimited(f"{service}'s {what}", retry_after_s=wait_s, is_quota=is_quota)
    if status == 408 or status >= 500:
        wait_s = retry_after_s(response.headers.get("Retry-After"))
        raise ServiceUnavailable(f"{service} answers {status}", status=status, retry_after_s=wait_s)
    if 300 <= status < 400:
        where = response.headers.get("Location", "another address").partition("?")[0]
        where = shown(where, response.secrets)
        raise Unexpected(
            f"{service} redirects to {where}, which is not followed; set its address to that one",
            status=status,
        )


def shown(text: str, secrets: Sequence[str] = ()) -> str:
    r"""Return what a service said fit to be shown and stored: short, of one line, without secrets.

    >>> shown("a\x1b[31m\nb")
    'a?[31m?b'
    >>> shown("no such key: 0123456789", ["0123456789"])
    'no such key: ***'
    """
    # Before the text is cut, which may leave a part of a secret.
    return "".join(c if c.isprintable() else "?" for c in hide(text, secrets)[:200])


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
    """Say in short why no reply came; neither the query nor what a service sent is repeated."""
    if isinstance(error, aiohttp.ClientResponseError):
        return "what it sent is no HTTP: " + " ".join(error.message.partition(":")[0].split())
    return " ".join(str(error).split()) or type(error).__name__
