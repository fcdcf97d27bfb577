"""From a reply to HTTP: whole, or broken off."""

from aiohttp import web

from harvest.emulator.exchange import Reply


def response(reply: Reply) -> web.Response:
    """Make an HTTP response.

    Parameters
    ----------
    reply : Reply
        What to send.

    Returns
    -------
    aiohttp.web.Response
        Not sent yet.
    """
    headers = {"Content-Type": reply.content_type} | reply.headers
    return web.Response(status=reply.status, body=reply.body, headers=headers)


def is_gone(request: web.Request) -> bool:
    """Say whether the client has closed the connection.

    Parameters
    ----------
    request : aiohttp.web.Request
        The client's request.

    Returns
    -------
    bool
        Whether a reply would reach nobody.
    """
    return request.transport is None or request.transport.is_closing()


async def break_off(request: web.Request, reply: Reply, share: float) -> web.StreamResponse:
    """Send a part of the body at most, and close the connection.

    Parameters
    ----------
    request : aiohttp.web.Request
        The request.
    reply : Reply
        What would be sent.
    share : float
        How much of its body is; 0 sends nothing, not even a status.

    Returns
    -------
    aiohttp.web.StreamResponse
        For form's sake.
    """
    partial = web.StreamResponse(status=reply.status, headers=response(reply).headers)
    partial.content_length = len(reply.body)
    if share > 0.0:
        await partial.prepare(request)
        await partial.write(reply.body[: int(len(reply.body) * share)])
    if request.transport is not None:
        request.transport.close()
    return partial
