"""Access tokens: fetched when needed, renewed before they expire and once on a 401."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

from harvest.config import Secret, SpotifySettings
from harvest.errors import (
    CredentialsRefused,
    InputError,
    TokenExpired,
    TokenRefused,
    TransientError,
    UnusableReply,
)
from harvest.pacing import PASSING_S
from harvest.sending.token_replies import (
    CHECK_CREDENTIALS,
    FINAL,
    TokenReply,
    code_in,
    read_token,
    token_request,
)
from harvest.transport import Request, Response, Sender

MARGIN_S = 60.0
FRESH_S = 1.0  # so old, a token that was refused twice is not worth another try


class TokenSource:
    """Keeps one client-credentials token, in memory alone.

    However many ask at once, one request is sent.

    Parameters
    ----------
    settings : SpotifySettings
    sender : Sender
    patience_s : float
        For how long what refuses a first token, or is no token service, may be a wall before it.
    clock : callable
        Monotonic seconds: setting the machine's clock neither prolongs nor ends a token. Where a
        token dies unseen, as over a laptop's sleep, the 401 renews it.
    """

    def __init__(
        self,
        settings: SpotifySettings,
        sender: Sender,
        *,
        patience_s: float = PASSING_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._sender = sender
        self._patience_s = patience_s
        self._clock = clock
        self._token: Secret | None = None
        self._renew_at = 0.0
        self._was_refused = False
        self._has_issued = False
        self._issued_at = 0.0
        self._odd_since: float | None = None
        self._lock = asyncio.Lock()
        self._n_failures = 0
        self._failure: Exception | None = None

    @property
    def is_ready(self) -> bool:
        """Whether there is a token that is good for a while yet."""
        return self._token is not None and self._clock() < self._renew_at

    async def token(self) -> Secret:
        """Return a token that is good for a while yet.

        Raises
        ------
        HarvestError
            Why there is none: the same to all who waited for it.
        """
        if self._token and self.is_ready:
            return self._token
        n_failures = self._n_failures
        async with self._lock:
            if self._failure and self._n_failures > n_failures:
                raise self._failure
            if not self.is_ready:
                await self._renew()
            assert self._token is not None
            return self._token

    def accept(self) -> None:
        """Note that the service took a token."""
        self._was_refused = False

    def refuse(self, token: Secret) -> None:
        """Forget `token`, which the service refused, unless it was renewed meanwhile.

        Raises
        ------
        TokenRefused
            If the token before it was refused too, and none taken in between.
        """
        if token is not self._token:
            return
        if self._was_refused:
            if self._clock() - self._issued_at >= FRESH_S:  # it may be worth nothing any more
                self._token = None
            raise TokenRefused(
                f"{self._settings.api_url} refuses a token that was issued just now (401); "
                f"check that SPOTIFY_TOKEN_URL belongs to SPOTIFY_API_URL, and {CHECK_CREDENTIALS}"
            )
        self._was_refused = True
        self._token = None

    async def _renew(self) -> None:
        try:
            reply = self._read(await self._sender.send(token_request(self._settings)))
        except Exception as error:
            if isinstance(error, TransientError):
                error.is_of_token = True
            self._n_failures, self._failure = self._n_failures + 1, error
            raise
        self._has_issued = True
        self._issued_at = self._clock()
        self._token = Secret(reply.access_token)
        margin_s = min(MARGIN_S, reply.life_s / 10)
        self._renew_at = self._clock() + reply.life_s - margin_s

    def _read(self, response: Response) -> TokenReply:
        """Return the token; what else comes may be of a wall before the service.

        Unless it refuses the client in its own words: a service that issued a token before has but
        a bad moment, and one that has not yet is given a while.
        """
        try:
            return read_token(response)
        except (InputError, CredentialsRefused) as error:
            if code_in(response) in FINAL or not (self._has_issued or self._may_pass()):
                raise
            raise UnusableReply(str(error), status=response.status) from error

    def _may_pass(self) -> bool:
        now = self._clock()
        self._odd_since = now if self._odd_since is None else self._odd_since
        return now - self._odd_since < self._patience_s


class FixedKey:
    """A key that stands for a token: it never expires, and is good or is not.

    Parameters
    ----------
    key : Secret
    address : str
        The service that it is for.
    """

    def __init__(self, key: Secret, *, address: str) -> None:
        self._key = key
        self._address = address

    @property
    def is_ready(self) -> bool:
        """True: there is nothing to wait for."""
        return True

    async def token(self) -> Secret:
        """Return the key."""
        return self._key

    def accept(self) -> None:
        """Do nothing: a key that was taken can still be withdrawn."""

    def refuse(self, token: Secret) -> None:
        """Raise `CredentialsRefused`: there is no other key to try."""
        raise CredentialsRefused(f"{self._address} refuses the key (401); check SPOTIFY_API_KEY")


class BearerSender:
    """Adds the token to each request, at the moment when it is sent."""

    def __init__(self, inner: Sender, tokens: TokenSource | FixedKey) -> None:
        self._inner = inner
        self._tokens = tokens

    @property
    def is_ready(self) -> bool:
        """Whether there is a token."""
        return self._tokens.is_ready

    async def prepare(self) -> None:
        """Get a token, where there is none; raise as `TokenSource.token`."""
        await self._tokens.token()

    async def send(self, request: Request) -> Response:
        """Send `request` with a good token.

        Raises
        ------
        TokenExpired
            If the service refuses it: the next try takes a new one.
        CredentialsRefused
            If the key is refused, or a token fresh from the service is too.
        """
        token = await self._tokens.token()
        headers = {**request.headers, "Authorization": f"Bearer {token.reveal()}"}
        response = await self._inner.send(
            Request(request.method, request.url, request.params, request.form, headers)
        )
        if response.status == 401:
            self._tokens.refuse(token)
            raise TokenExpired("the access token expired", status=401)
        self._tokens.accept()
        return replace(response, secrets=(token.reveal(),))


def spotify_sender(
    settings: SpotifySettings, sender: Sender, *, patience_s: float = PASSING_S
) -> BearerSender:
    """Return a sender that adds the key of `settings`, or tokens for its app where it has none."""
    if settings.api_key:
        return BearerSender(sender, FixedKey(settings.api_key, address=settings.api_url))
    return BearerSender(sender, TokenSource(settings, sender, patience_s=patience_s))
