"""What goes wrong on demand: named fault profiles, seeded, and combinable by commas.

``NAME`` or ``NAME=NUMBER``, the number replacing the profile's own (a share, or seconds).

================ =============================================================== ===============
profile          what it does                                                    default
================ =============================================================== ===============
forbidden        403 to every Web API request, without a message                 always
forbidden-batch  403 to ``?ids=`` of the Web API; single ids work                always
quota            Web API: from the 5th-15th request on, 429 with the reason      86,400 s
                 ``QUOTA_EXCEEDED``, without a Retry-After
long-retry-after from the 5th-15th request on, 429 with what is left of a        3,600 s
                 long Retry-After
outage           from the 5th-15th request on, 503 to everything, then well      3 s
expired-token    Web API: the token in use expires early, the first after        1 (a factor on
                 5-15 requests, each later one after 200-400                     these numbers)
rate-limit       429 with ``Retry-After: 1``; JSON or plain text                 .05 of requests
flaky-5xx        500, 502, 503 or 504 with JSON, plain text or HTML              .15 of requests
slow             one reply in twenty comes late                                  2 s
drop-connection  closed without a reply, or half-way through the body            .1 of requests
truncated        200, and the body is cut short                                  .1 of requests
html-200         200 with an HTML page                                           .1 of requests
lastfm-8         last.fm's code 8, under its own HTTP status or under 200        .1 of requests
lastfm-11        the same with code 11                                           .1 of requests
lastfm-16        the same with code 16                                           .1 of requests
lastfm-29        the same with code 29                                           .1 of requests
lastfm-bomb      a document whose entities name entities ("billion laughs")      .1 of requests
lastfm-number    last.fm: one listener count, weight or match is -1              .1 of requests
lastfm-control   last.fm: names end in a control character, which XML forbids;   .1 of requests
                 right otherwise
wrong-id         one entry bears an id that was not asked for                    .1 of requests
out-of-range     audio features: one entry's energy is 7.5                       .1 of requests
missing-field    audio features: one entry has no tempo                          .1 of requests
short-batch      the batch lacks its last entry                                  .1 of requests
reordered        the batch is in reverse order, and right                        .1 of requests
poison-id        some ids turn any request that holds them                       .002 of ids
                 into 400 or 500, for good
null-ids         some ids are unknown, for good                                  .05 of ids
================ =============================================================== ===============

Where an id is meant, it is one of audio features or of Spotify's tracks; the results of a search
are struck by what strikes any request, and by nothing that is about ids or values.

Where no service is named, Spotify, ReccoBeats and last.fm are struck alike; ``outage``,
``flaky-5xx``, ``slow`` and ``drop-connection`` strike the token service too. ``last.fm-8`` is
another spelling of ``lastfm-8``.

A profile with a share of requests strikes at random, from the seed. However profiles are combined,
no key is struck by them more than twice in all, so that a harvester that tries again always ends.
Of several profiles that could strike a request, the one that stands first in this table does; what
`poison-id` and `null-ids` say of their ids holds for good, whatever else strikes.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import numpy as np

from harvest.emulator.exchange import Ask
from harvest.emulator.faults import documents, lies, profiles, spoiling
from harvest.emulator.faults.strike import Fault, Profile, Situation
from harvest.errors import InputError

MAX_STRIKES_A_KEY = 2
LASTING = ("poison-id", "null-ids")


@dataclass(frozen=True, slots=True)
class Kind:
    """How to make one profile.

    Parameters
    ----------
    make : callable
        From its number to the profile.
    number : float
        The number taken where none is given.
    is_share : bool
        Whether the number is a share, 0 … 1.
    """

    make: Callable[[float], Profile]
    number: float
    is_share: bool = True


KINDS: dict[str, Kind] = {
    "forbidden": Kind(profiles.forbidden, 1.0),
    "forbidden-batch": Kind(profiles.forbidden_batch, 1.0),
    "quota": Kind(profiles.quota, 86_400.0, is_share=False),
    "long-retry-after": Kind(profiles.long_retry_after, 3_600.0, is_share=False),
    "outage": Kind(profiles.outage, 3.0, is_share=False),
    "expired-token": Kind(profiles.expired_token, 1.0, is_share=False),
    "rate-limit": Kind(profiles.rate_limit, 0.05),
    "flaky-5xx": Kind(profiles.flaky_5xx, 0.15),
    "slow": Kind(profiles.slow, 2.0, is_share=False),
    "drop-connection": Kind(profiles.drop_connection, 0.1),
    "truncated": Kind(profiles.truncated, 0.1),
    "html-200": Kind(profiles.html_200, 0.1),
    "lastfm-8": Kind(profiles.lastfm(8), 0.1),
    "lastfm-11": Kind(profiles.lastfm(11), 0.1),
    "lastfm-16": Kind(profiles.lastfm(16), 0.1),
    "lastfm-29": Kind(profiles.lastfm(29), 0.1),
    "lastfm-bomb": Kind(documents.bomb, 0.1),
    "lastfm-number": Kind(documents.number, 0.1),
    "lastfm-control": Kind(documents.control, 0.1),
    "wrong-id": Kind(lies.wrong_id, 0.1),
    "out-of-range": Kind(lies.spoiled(spoiling.put("energy", 7.5)), 0.1),
    "missing-field": Kind(lies.spoiled(spoiling.drop("tempo")), 0.1),
    "short-batch": Kind(lies.spoiled(spoiling.shorten), 0.1),
    "reordered": Kind(lies.reordered, 0.1),
    "poison-id": Kind(lies.poison_id, 0.002),
    "null-ids": Kind(lies.null_ids, 0.05),
}


class Faults:
    """The profiles in force.

    Parameters
    ----------
    names : str or iterable of str or None
        Profiles, ``NAME`` or ``NAME=NUMBER``; a text is split at commas; None means none.
    seed : int
        Same seed and same requests in the same order, same faults.
    poison_ids : collection of str
        If given, ``poison-id`` is in force and these are the ids.

    Raises
    ------
    InputError
        For an unknown name or an unusable number.

    Examples
    --------
    >>> faults = Faults("forbidden", seed=0)
    >>> name, fault = faults.strike(Ask("spotify", "GET /v1/audio-features", ["a"]), now_s=0.0)
    >>> name, fault.reply.status
    ('forbidden', 403)
    >>> Faults("forbiden", seed=0)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    harvest.errors.InputError: unknown fault profile 'forbiden'; the known ones are: forbidden, ...
    """

    def __init__(
        self,
        names: str | Iterable[str] | None,
        *,
        seed: int,
        poison_ids: Collection[str] = (),
    ) -> None:
        chosen = parse(names)
        made = {name: KINDS[name].make(number) for name, number in chosen.items()}
        if poison_ids:
            made["poison-id"] = lies.poison_id(0.0, ids=frozenset(poison_ids))
        self._profiles = [(name, made[name]) for name in KINDS if name in made]
        self._rng = np.random.default_rng([seed, 7])
        self._strikes: Counter[str] = Counter()

    def strike(self, ask: Ask, *, now_s: float) -> tuple[str, Fault] | None:
        """Decide what goes wrong with one request.

        Parameters
        ----------
        ask : Ask
            The request.
        now_s : float
            Seconds on any steady clock.

        Returns
        -------
        tuple of str and Fault, or None
            The profile's name and what it does; None where all goes well.
        """
        situation = Situation(ask, self._rng, now_s)
        for name, profile in self._profiles:
            if ask.service not in profile.services or not self._is_drawn(profile, ask):
                continue
            if fault := profile.decide(situation):
                if profile.share is not None:
                    self._strikes.update(_struck(ask))
                return name, self._with_lasting(name, fault, situation)
        return None

    def _with_lasting(self, name: str, fault: Fault, situation: Situation) -> Fault:
        """Return `fault` over what is wrong with the request for good, if anything is."""
        if name in LASTING:
            return fault
        for other, profile in self._profiles:
            if other in LASTING and situation.ask.service in profile.services:
                lasting = profile.decide(situation)
                if lasting:
                    return fault.over(lasting)
        return fault

    def _is_drawn(self, profile: Profile, ask: Ask) -> bool:
        if profile.share is None:
            return True
        if self._rng.random() >= profile.share:
            return False
        return all(self._strikes[key] < MAX_STRIKES_A_KEY for key in _struck(ask))


def parse(names: str | Iterable[str] | None) -> dict[str, float]:
    """Read names of profiles.

    Parameters
    ----------
    names : str or iterable of str or None
        As for `Faults`.

    Returns
    -------
    dict of str to float
        The number of each profile.

    Raises
    ------
    InputError
        For an unknown name or an unusable number.

    Examples
    --------
    >>> parse("last.fm-8, outage=1.5")
    {'lastfm-8': 0.1, 'outage': 1.5}
    >>> parse(None)
    {}
    """
    listed = [names] if isinstance(names, str) else list(names or ())
    parts = [part.strip() for text in listed for part in text.split(",")]
    return dict(_parse_one(part) for part in parts if part)


def _parse_one(part: str) -> tuple[str, float]:
    given, _, number = part.partition("=")
    name = given.strip().lower().replace("last.fm-", "lastfm-")
    kind = KINDS.get(name)
    if kind is None:
        known = ", ".join(KINDS)
        raise InputError(f"unknown fault profile '{given}'; the known ones are: {known}")
    return name, _number(part, number, kind) if number else kind.number


def _number(part: str, number: str, kind: Kind) -> float:
    try:
        value = float(number)
    except ValueError:
        value = float("nan")
    if not 0.0 <= value <= (1.0 if kind.is_share else float("inf")):
        wanted = "a share from 0 to 1" if kind.is_share else "a number of at least 0"
        raise InputError(f"fault profile '{part}': {wanted} is expected after '='")
    return value


def _struck(ask: Ask) -> list[str]:
    return [f"{ask.service} {key}" for key in ask.keys or [ask.endpoint]]
