"""Access tokens: issued for client credentials, good until they expire or are revoked."""

import base64
import binascii
import secrets
from collections.abc import Callable, Collection, Mapping

import msgspec

from harvest.emulator.exchange import Ask, Reply

_EXPIRED = 'Bearer realm="spotify", error="invalid_token", error_description="{}"'


class Tokens:
    """The token service, and the check of what it issued.

    Parameters
    ----------
    clock : callable
        Seconds; only differences matter.
    expires_in_s : int
        How long a token is good, and said to be.
    clients : mapping of str to str, optional
        Secret by client id; without it, any client with an id and a secret is accepted.
    bearers : collection of str
        Keys accepted besides, that never expire, as vendors of Spotify's shape hand out.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        expires_in_s: int = 3_600,
        clients: Mapping[str, str] | None = None,
        bearers: Collection[str] = (),
    ) -> None:
        self._clock = clock
        self._expires_in_s = expires_in_s
        self._clients = clients
        self._bearers = frozenset(bearers)
        self._good_until: dict[str, float] = {}

    def answer(self, ask: Ask) -> Reply:
        """Issue a token, or refuse as Spotify's accounts service does.

        Parameters
        ----------
        ask : Ask
            Its form holds the grant, and id and secret unless they came by Basic authentication.

        Returns
        -------
        Reply
            200 with a token, or 400.
        """
        client_id, secret = _credentials(ask.basic, ask.form)
        if not self._is_accepted(client_id, secret):
            return _refusal("invalid_client", "Invalid client")
        if ask.form.get("grant_type") != "client_credentials":
            return _refusal("unsupported_grant_type", "grant_type must be client_credentials")
        return self._issue()

    def check(self, bearer: str | None) -> Reply | None:
        """Check the token of a request.

        Parameters
        ----------
        bearer : str or None
            What the request showed.

        Returns
        -------
        Reply or None
            The refusal, 401, or None where the token is good.
        """
        if not bearer:
            return unauthorized("No token provided")
        if bearer in self._bearers:
            return None
        good_until = self._good_until.get(bearer)
        if good_until is None:
            return unauthorized("Invalid access token")
        if self._clock() >= good_until:
            return unauthorized("The access token expired")
        return None

    def revoke(self, bearer: str | None) -> None:
        """Let a token expire now.

        Parameters
        ----------
        bearer : str or None
            The token; an unknown one is ignored.
        """
        if bearer in self._good_until:
            self._good_until[bearer] = self._clock()

    def _issue(self) -> Reply:
        token = secrets.token_urlsafe(60)
        self._good_until[token] = self._clock() + self._expires_in_s
        body = {"access_token": token, "token_type": "Bearer", "expires_in": self._expires_in_s}
        return Reply(200, msgspec.json.encode(body))

    def _is_accepted(self, client_id: str, secret: str) -> bool:
        if not client_id or not secret:
            return False
        return self._clients is None or self._clients.get(client_id) == secret


def unauthorized(message: str) -> Reply:
    """Refuse a token as the Web API does.

    Parameters
    ----------
    message : str
        The service's words.

    Returns
    -------
    Reply
        401 with ``WWW-Authenticate``.

    Examples
    --------
    >>> unauthorized("The access token expired").body
    b'{"error":{"status":401,"message":"The access token expired"}}'
    """
    body = msgspec.json.encode({"error": {"status": 401, "message": message}})
    return Reply(401, body, headers={"WWW-Authenticate": _EXPIRED.format(message)})


def _refusal(error: str, description: str) -> Reply:
    return Reply(400, msgspec.json.encode({"error": error, "error_description": description}))


def _credentials(basic: str | None, form: Mapping[str, str]) -> tuple[str, str]:
    if basic is None:
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(basic, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return client_id, secret
