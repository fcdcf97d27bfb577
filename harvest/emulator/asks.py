"""From an HTTP request to what is asked."""

from urllib.parse import unquote

from aiohttp import web

from harvest.emulator.catalogue.recordings import lookup_key
from harvest.emulator.exchange import Ask


def read_ids(request: web.Request, *, service: str, endpoint: str) -> Ask:
    """Read a request for ids, in the path or as ``?ids=``.

    Parameters
    ----------
    request : aiohttp.web.Request
        The request.
    service, endpoint : str
        What it is counted under; the single form gets ``/{id}`` appended.

    Returns
    -------
    Ask
        Ids in the order asked for, as they stand.
    """
    single, bearer = request.match_info.get("id"), _credential(request, "bearer")
    if single is not None:
        return Ask(service, f"{endpoint}/{{id}}", [single], bearer=bearer)
    return Ask(service, endpoint, _ids(request), is_batch=True, bearer=bearer)


def read_search(request: web.Request) -> Ask:
    """Read a search of the catalogue, counted by what is searched for."""
    form = dict(request.query)
    key = f"search\t{form.get('q', '').lower()}"
    bearer = _credential(request, "bearer")
    return Ask("spotify", "GET /v1/search", [key], bearer=bearer, form=form)


async def read_token(request: web.Request) -> Ask:
    """Read a request for a token, with its form."""
    form = await _parameters(request)
    return Ask("token", "POST /api/token", basic=_credential(request, "basic"), form=form)


async def read_lastfm(request: web.Request) -> Ask:
    """Read a request to last.fm, counted under its method.

    Its parameters may stand in the query or in a form.
    """
    form = await _parameters(request)
    method = form.get("method", "none")
    key = f"{method}\t{lookup_key(form.get('artist', ''), form.get('track', ''))}"
    return Ask("lastfm", method, [key], form=form)


async def _parameters(request: web.Request) -> dict[str, str]:
    posted = await request.post() if request.can_read_body else {}
    texts = {name: value for name, value in posted.items() if isinstance(value, str)}
    return dict(request.query) | texts


def _credential(request: web.Request, wanted: str) -> str | None:
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    return credential if scheme.lower() == wanted else None


def _ids(request: web.Request) -> list[str]:
    """Read the ids without parsing the whole query, which would take most of a request's time."""
    for part in request.rel_url.raw_query_string.split("&"):
        if part.startswith("ids="):
            listed = part.removeprefix("ids=")
            return (unquote(listed) if "%" in listed else listed).split(",")
    return []
