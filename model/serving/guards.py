"""What keeps other sites out: whom a request names, where it comes from, what a page may load."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
REPORT_POLICY = (
    "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
"""The report brings its own scripts along: it runs them as a site of its own, without a network."""

_HEADERS = {
    "Content-Security-Policy": _PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what no page of this server asks; add headers to every answer.

    A site elsewhere can make a browser send requests here, by this address or by a name of its own
    that it points here; the first names another origin, the second another host.
    """
    problem = why_refused(request)
    if problem:
        response: web.StreamResponse = refusal(403, problem)
    else:
        try:
            response = await handler(request)
        except web.HTTPException as error:
            response = refusal(error.status, error.reason)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def why_refused(request: web.Request) -> str:
    """Say why a request is refused; empty if it is not."""
    if not is_loopback(f"http://{request.headers.get('Host', '')}"):
        return "open this page as http://localhost or http://127.0.0.1"
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.headers['Host']}":
        return "requests of other sites are not answered"
    if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
        return "requests of other sites are not answered"
    return ""


def is_loopback(address: str) -> bool:
    """Whether an address names this machine by a name that no other can take.

    Examples
    --------
    >>> is_loopback("http://localhost:8642"), is_loopback("http://[::1]"), is_loopback("http://a.b")
    (True, True, False)
    """
    try:
        parts = urlsplit(address)
        _ = parts.port  # Refused by this alone, where it is no number: the name is read before it.
        rest = parts.path or parts.query or parts.fragment
        return parts.hostname in LOOPBACK and parts.username is None and not rest
    except ValueError:
        return False


def refusal(status: int, problem: str) -> web.Response:
    """Say what is wrong, as JSON."""
    return web.json_response({"error": problem}, status=status)
