"""What a fault profile decides, and by what; and decisions that remember."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from harvest.emulator.exchange import Ask, Reply

WEB_API = frozenset({"spotify"})
FEATURES = frozenset({"spotify", "reccobeats"})
LASTFM = frozenset({"lastfm"})
SERVICES = FEATURES | LASTFM
EVERYTHING = SERVICES | {"token"}

Spoil = Callable[[Reply], Reply | None]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to one exchange.

    Parameters
    ----------
    reply : Reply, optional
        Sent instead of the service's.
    spoil : callable, optional
        Makes the service's reply wrong; None from it means that there was nothing to spoil.
    delay_s : float
        Seconds before the reply.
    sent_share : float, optional
        The connection is closed after so much of the body, 0 meaning before anything is sent.
    is_revoking : bool
        Whether the access token expires before the service looks at it.
    """

    reply: Reply | None = None
    spoil: Spoil | None = None
    delay_s: float = 0.0
    sent_share: float | None = None
    is_revoking: bool = False

    def over(self, lasting: "Fault") -> "Fault":
        """Add this to what is wrong for good.

        Parameters
        ----------
        lasting : Fault
            What it strikes upon.

        Returns
        -------
        Fault
            Both; this alone where nothing of the service's own is sent.
        """
        if self.reply or self.is_revoking:
            return self
        return replace(self, reply=lasting.reply, spoil=_in_turn(lasting.spoil, self.spoil))


@dataclass(frozen=True, slots=True)
class Situation:
    """What a profile decides by.

    Parameters
    ----------
    ask : Ask
        The request.
    rng : numpy.random.Generator
        The only source of chance.
    now_s : float
        Seconds on any steady clock.
    """

    ask: Ask
    rng: np.random.Generator
    now_s: float


Decide = Callable[[Situation], Fault | None]


@dataclass(frozen=True, slots=True)
class Profile:
    """One fault profile, ready to strike.

    Parameters
    ----------
    services : frozenset of str
        Whose requests it may strike.
    decide : callable
        Whether and how it strikes.
    share : float, optional
        Share of those requests that are put to `decide`; without it, all are.
    """

    services: frozenset[str]
    decide: Decide
    share: float | None = None


class AfterAWhile:
    """Strikes for a stretch of time that begins at the 5th to 15th request.

    Parameters
    ----------
    length_s : float
        How long.
    fault : callable
        From the seconds left to the fault.
    """

    def __init__(self, length_s: float, fault: Callable[[float], Fault]) -> None:
        self._length_s = length_s
        self._fault = fault
        self._requests_left: int | None = None
        self._began_s: float | None = None

    def __call__(self, situation: Situation) -> Fault | None:
        """Decide.

        Parameters
        ----------
        situation : Situation
            The clock is what matters.

        Returns
        -------
        Fault or None
            None before and after the stretch.
        """
        if self._began_s is None and not self._is_due(situation.rng):
            return None
        if self._began_s is None:
            self._began_s = situation.now_s
        left_s = self._length_s - (situation.now_s - self._began_s)
        return self._fault(left_s) if left_s > 0 else None

    def _is_due(self, rng: np.random.Generator) -> bool:
        if self._requests_left is None:
            self._requests_left = int(rng.integers(4, 15))
        self._requests_left -= 1
        return self._requests_left < 0


class TokenLives:
    """Lets each access token expire after some requests.

    Parameters
    ----------
    factor : float
        On the numbers of requests, 5-15 for the first token and 200-400 for each later one, so that
        requests that meet an expired token together never meet a second one.
    """

    def __init__(self, factor: float) -> None:
        self._factor = factor
        self._left: dict[str, int] = {}

    def __call__(self, situation: Situation) -> Fault | None:
        """Decide.

        Parameters
        ----------
        situation : Situation
            The bearer is what matters.

        Returns
        -------
        Fault or None
            A fault once for each token.
        """
        bearer = situation.ask.bearer
        if not bearer:
            return None
        if bearer not in self._left:
            low, high = (200, 400) if self._left else (5, 15)
            life = int(situation.rng.integers(low, high + 1) * self._factor)
            self._left[bearer] = max(life, 1)
        self._left[bearer] -= 1
        return Fault(is_revoking=True) if self._left[bearer] == -1 else None


def _in_turn(first: Spoil | None, second: Spoil | None) -> Spoil | None:
    if first is None or second is None:
        return first or second

    def spoil(reply: Reply) -> Reply | None:
        spoiled = first(reply)
        return second(spoiled or reply) or spoiled

    return spoil
