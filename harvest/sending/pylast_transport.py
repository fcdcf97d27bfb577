"""pylast's own blocking client as a `Sender`: a cross-check of ours, not a faster way.

A call of pylast opens a connection, sends, and parses the reply twice. It cannot be cancelled: each
runs in a thread of its own that nobody waits for when the program ends. Pace, tries and stops stay
with whoever calls `send`; pylast's own limiter is off.
"""

import asyncio
import ssl
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import Thread
from urllib.parse import urlsplit
from xml.dom.minidom import Document

import httpx2
import pylast

from harvest import trust
from harvest.config import LastfmSettings
from harvest.errors import InputError, RequestError, ServiceUnavailable, UnusableReply
from harvest.transport import TIMEOUT, Request, Response, shown

THREADS = 2
# A reply of 1,000 similars has 1 MB. What pylast makes of a text may take 100 times its bytes.
MAX_BODY_BYTES = 2 * 2**20
TIMEOUT_S = TIMEOUT.total or 30.0

# What pylast raises for a reply that is not last.fm's.
NOT_LASTFM = (
    pylast.MalformedResponseError,
    AttributeError,
    IndexError,
    RecursionError,
    UnicodeDecodeError,
    UnusableReply,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PylastResponse(Response):
    """A reply, and what pylast made of it.

    Attributes
    ----------
    outcome : xml.dom.minidom.Document, pylast.WSError or UnusableReply
        The document; the error that last.fm reports; or why it is not last.fm's.
    """

    outcome: Document | pylast.WSError | UnusableReply = field(repr=False)


class PylastSender:
    """Sends by `pylast._Request.execute`, in two threads.

    Parameters
    ----------
    settings : LastfmSettings
    timeout_s : float
        The longest time that one call may take.

    Raises
    ------
    InputError
        If the address is not https, which is all that pylast speaks.
    """

    def __init__(self, settings: LastfmSettings, *, timeout_s: float = TIMEOUT_S) -> None:
        require_https(settings.api_url)
        self._settings = settings
        self._timeout_s = timeout_s
        self._has_answered = False
        self._calls: set[asyncio.Future[PylastResponse | Exception]] = set()

    async def send(self, request: Request) -> Response:
        """Send the form of `request`; return a `PylastResponse`.

        Raises
        ------
        ServiceUnavailable
            If no whole reply comes in time, or both threads are stuck in earlier calls.
        InputError
            If the certificate is not trusted, of a server that has not answered before: one that
            has is out of order.
        """
        try:
            async with asyncio.timeout(self._timeout_s):
                while len(self._calls) >= THREADS:
                    await asyncio.wait(self._calls, return_when=asyncio.FIRST_COMPLETED)
                # The thread goes on if nobody waits any more, and keeps its place until it ends.
                outcome = await asyncio.shield(self._start(request.form or {}))
        except TimeoutError as error:
            raise ServiceUnavailable(f"{request.url} did not answer in time") from error
        if isinstance(outcome, Exception):
            raise outcome
        return replace(outcome, secrets=request.secrets)

    def _start(self, form: Mapping[str, str]) -> "asyncio.Future[PylastResponse | Exception]":
        """Begin a call in a thread of its own; return its outcome to come."""
        loop = asyncio.get_running_loop()
        call = loop.create_future()
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

        def work() -> None:
            outcome = self._outcome(form)
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(call.set_result, outcome)

        # As a daemon, so that the program ends though the call may not.
        Thread(target=work, name="pylast", daemon=True).start()
        return call

    def _outcome(self, form: Mapping[str, str]) -> PylastResponse | Exception:
        """Return the reply to one call, or what is to be raised where the caller waits."""
        wire = _Wire(self._timeout_s)
        try:
            said = self._execute(form, wire)
        except pylast.NetworkError as error:
            url, cause = self._settings.api_url, error.underlying_error
            return _unreached(url, cause, has_answered=self._has_answered)
        except Exception as error:
            return error  # to be raised where the caller waits
        assert wire.reply
        self._has_answered = True
        status, body = wire.reply.status, wire.reply.body
        return PylastResponse(status=status, body=body, headers=wire.reply.headers, outcome=said)

    def _execute(
        self, form: Mapping[str, str], wire: "_Wire"
    ) -> Document | pylast.WSError | UnusableReply:
        """Let pylast ask over `wire`; return what it makes of the reply."""
        params = {name: value for name, value in form.items() if name not in {"api_key", "method"}}
        try:
            document: Document = _Call(self._network(wire), form["method"], params).execute()
        except pylast.WSError as error:
            return error
        except NOT_LASTFM as error:
            secrets = (self._settings.api_key.reveal(),)
            return UnusableReply(shown(str(error) or type(error).__name__, secrets))
        return document

    def _network(self, wire: "_Wire") -> pylast.LastFMNetwork:
        key, secret = self._settings.api_key.reveal(), self._settings.api_secret.reveal()
        network = pylast.LastFMNetwork(api_key=key, api_secret=secret)
        address = urlsplit(self._settings.api_url)
        network.ws_server = (address.netloc, address.path or "/")
        # The star outweighs whatever the environment's NO_PROXY says of this host.
        star = "" if address.netloc.startswith("[") else "*"
        network.enable_proxy({f"https://{star}{address.netloc}": wire})
        return network


def require_https(url: str) -> None:
    """Raise `InputError` where `url` is not one that pylast can ask."""
    if urlsplit(url).scheme != "https":
        raise InputError(
            f"LASTFM_API_URL is {url!r}, and pylast speaks https alone; "
            "give an https address, or leave --transport pylast out"
        )


class _Call(pylast._Request):  # noqa: SLF001 - all of pylast's calls are made of this class
    """A call of pylast that refuses document types before any parser sees them."""

    def _check_response_for_errors(self, response: str) -> None:
        if "\0" in response:
            raise UnusableReply("it is not in UTF-8")
        # What pylast itself cuts out of a text before it parses it may hide one.
        cleaned = pylast._remove_invalid_xml_chars(response.replace("opensearch:", ""))  # noqa: SLF001
        if "<!DOCTYPE" in cleaned:
            raise UnusableReply("it declares a document type")
        super()._check_response_for_errors(response)  # type: ignore[no-untyped-call]


class _Wire(httpx2.BaseTransport):
    """What pylast's client sends through: one exchange, within bounds, of which it keeps the reply.

    Compressed replies are not asked for and are refused: few bytes can become many.

    Attributes
    ----------
    reply : Response or None
        As it came.
    """

    def __init__(self, timeout_s: float) -> None:
        self.reply: Response | None = None
        self._until = time.monotonic() + timeout_s
        self._inner = httpx2.HTTPTransport(verify=pylast.SSL_CONTEXT, trust_env=False)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send `request` and read its reply, up to 2 MiB."""
        url = str(request.url)
        request.headers["Accept-Encoding"] = "identity"
        reply = self._inner.handle_request(request)
        try:
            if reply.headers.get("Content-Encoding", "identity") != "identity":
                raise ServiceUnavailable(f"{url} sent a compressed reply that was not asked for")
            body = self._read(url, reply.iter_raw())
        finally:
            reply.close()
        self.reply = Response(reply.status_code, body, reply.headers)
        return httpx2.Response(reply.status_code, content=body)

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def _read(self, url: str, stream: Iterable[bytes]) -> bytes:
        body = bytearray()
        for chunk in stream:
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise ServiceUnavailable(f"{url} sent more than 2 MiB")
            if time.monotonic() > self._until:
                raise ServiceUnavailable(f"{url} did not answer in time")
        return bytes(body)


def _unreached(url: str, error: BaseException, *, has_answered: bool) -> Exception:
    """Return what to raise where no whole reply came, because of `error`."""
    if isinstance(error, RequestError):
        return error
    if isinstance(error, httpx2.TimeoutException):
        return ServiceUnavailable(f"{url} did not answer in time")
    refused = _refused_handshake(error) if isinstance(error, httpx2.ConnectError) else None
    if refused:
        return trust.explain(url, refused, has_answered=has_answered)
    return ServiceUnavailable(f"no reply from {url}: {str(error) or type(error).__name__}")


def _refused_handshake(error: BaseException | None) -> ssl.SSLError | None:
    """Return what TLS itself raised, unless the server merely hung up."""
    while error:
        if isinstance(error, ssl.SSLError):
            return None if isinstance(error, ssl.SSLEOFError) else error
        error = error.__cause__ or error.__context__
    return None
