"""What is sent for a token, and what the token service says to it."""

import base64
import re
from math import inf
from typing import Annotated

import msgspec

from harvest.config import SpotifySettings
from harvest.errors import CredentialsRefused, InputError, Unexpected, UnusableReply
from harvest.records import UNREADABLE
from harvest.transport import Request, Response, raise_for_status

DEFAULT_LIFE_S = 3600.0
ODD_LIFE_S = 60.0
# With these a token service refuses for good (RFC 6749, section 5.2).
FINAL = frozenset(
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    }
)
CHECK_CREDENTIALS = (
    "check SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET at https://developer.spotify.com/dashboard"
)


class TokenReply(msgspec.Struct):
    """A token, and for how long it is good."""

    # It goes into a header: visible characters alone (RFC 6749, appendix A.12).
    access_token: Annotated[str, msgspec.Meta(pattern="^[!-~]+$")]
    expires_in: msgspec.Raw = msgspec.Raw(b"null")

    @property
    def life_s(self) -> float:
        """How long the token lives; an hour where that is not said, a minute where it is odd."""
        text = bytes(self.expires_in).strip(b'" ')
        if text == b"null":
            return DEFAULT_LIFE_S
        try:
            life_s = float(text)
        except ValueError:
            return ODD_LIFE_S
        return life_s if 0 < life_s < inf else ODD_LIFE_S


def token_request(settings: SpotifySettings) -> Request:
    """Return the client-credentials request (RFC 6749, section 4.4)."""
    secret = settings.client_secret.reveal()
    pair = base64.b64encode(f"{settings.client_id}:{secret}".encode()).decode()
    return Request(
        "POST",
        settings.token_url,
        form={"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {pair}"},
        secrets=(secret, pair),
    )


def read_token(response: Response) -> TokenReply:
    """Return the token in a reply of the token endpoint.

    Raises
    ------
    CredentialsRefused
        If the service does not know the client.
    InputError
        If it is no token service.
    TransientError
        If it may answer well another time.
    """
    try:
        raise_for_status(response, "Spotify's token service")
    except Unexpected as error:
        raise InputError(str(error)) from error
    if response.status in {400, 401, 403}:
        said = ", ".join(filter(None, (str(response.status), code_in(response))))
        raise CredentialsRefused(
            f"Spotify's token service refuses the credentials ({said}); {CHECK_CREDENTIALS}"
        )
    if response.status != 200:
        raise InputError(
            f"Spotify's token service answers {response.status}; check SPOTIFY_TOKEN_URL"
        )
    try:
        return msgspec.json.decode(response.body, type=TokenReply)
    except UNREADABLE as error:
        raise UnusableReply(f"Spotify's token service sent no token: {error}") from error


def code_in(response: Response) -> str:
    """Return the OAuth error code in a refusal, or nothing."""
    try:
        fields = msgspec.json.decode(response.body, type=dict[str, object])
    except UNREADABLE:
        return ""
    error = fields.get("error")
    # RFC 6749, section 5.2; anything else may repeat what was sent.
    return error if isinstance(error, str) and re.fullmatch("[a-z_]{1,40}", error) else ""
