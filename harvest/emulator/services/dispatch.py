"""The three services and the token service behind one call: from what is asked to the reply."""

from collections.abc import Callable, Collection, Mapping

from harvest.emulator.catalogue.library import Library
from harvest.emulator.exchange import Ask, Reply
from harvest.emulator.services.lastfm import LastFm, failure
from harvest.emulator.services.limit import RollingLimit
from harvest.emulator.services.reccobeats import ReccoBeats
from harvest.emulator.services.spotify import Spotify, too_many
from harvest.emulator.services.tokens import Tokens
from harvest.emulator.stats import SERVICES


class Services:
    """Right answers, each service's own way.

    Parameters
    ----------
    library : Library
        What is served.
    clock : callable
        Seconds; only differences matter.
    clients : mapping of str to str, optional
        Accepted Spotify clients, secret by id; without it any.
    bearers : collection of str
        Keys that the Web API accepts besides the tokens issued.
    api_keys : collection of str, optional
        Accepted last.fm keys; without it any.
    expires_in_s : int
        Life of an access token.
    rate_limit : float, optional
        Requests a second, over a rolling 30 s, that each service lets through; by default all.
    """

    def __init__(
        self,
        library: Library,
        *,
        clock: Callable[[], float],
        clients: Mapping[str, str] | None = None,
        bearers: Collection[str] = (),
        api_keys: Collection[str] | None = None,
        expires_in_s: int = 3_600,
        rate_limit: float | None = None,
    ) -> None:
        self.tokens = Tokens(
            clock=clock, expires_in_s=expires_in_s, clients=clients, bearers=bearers
        )
        self._clock = clock
        self._spotify = Spotify(library)
        self._reccobeats = ReccoBeats(library)
        self._lastfm = LastFm(library, api_keys=api_keys)
        limited = SERVICES if rate_limit else ()
        self._limits = {service: RollingLimit(rate_limit or 1.0) for service in limited}

    def answer(self, ask: Ask) -> Reply:
        """Answer one request.

        Parameters
        ----------
        ask : Ask
            The request.

        Returns
        -------
        Reply
            As the service would.
        """
        refusal = self._over_limit(ask.service)
        if refusal is not None:
            return refusal
        if ask.service == "token":
            return self.tokens.answer(ask)
        if ask.service == "reccobeats":
            return self._reccobeats.answer(ask)
        if ask.service == "lastfm":
            return self._lastfm.answer(ask)
        return self.tokens.check(ask.bearer) or self._spotify.answer(ask)

    def _over_limit(self, service: str) -> Reply | None:
        limit = self._limits.get(service)
        wait_s = limit.wait_s(self._clock()) if limit else 0.0
        if not wait_s:
            return None
        return failure(29) if service == "lastfm" else too_many(wait_s)
