"""Counts of what was asked and served, so that a test can prove that nothing was fetched twice."""

from collections import Counter
from typing import Any

from harvest.emulator.exchange import Ask, Reply

SERVICES = ("spotify", "reccobeats", "lastfm")


class Stats:
    """What the emulator was asked and what it served since it started.

    A key is a Spotify id or, for last.fm, ``method⇥artist⇥title`` in lower case. A key counts as
    served when a reply that no fault spoiled settled it, be it by "not known".
    """

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, int]] = Counter()
        self.faults: Counter[str] = Counter()
        self.tokens_issued = 0
        self.asked: dict[str, Counter[str]] = {service: Counter() for service in SERVICES}
        self.served: dict[str, Counter[str]] = {service: Counter() for service in SERVICES}
        self.unknown: Counter[str] = Counter()

    def count(self, ask: Ask, reply: Reply | None, *, fault: str | None = None) -> None:
        """Count one exchange.

        Parameters
        ----------
        ask : Ask
            The request.
        reply : Reply or None
            What was sent whole; None for a dropped connection, counted under status 0.
        fault : str, optional
            The profile that struck it.
        """
        self.requests[ask.endpoint, reply.status if reply else 0] += 1
        if fault:
            self.faults[fault] += 1
        if ask.service == "token":
            self.tokens_issued += reply is not None and reply.status == 200
            return
        self.asked[ask.service].update(ask.keys)
        if reply:
            self.served[ask.service].update(reply.served)
            self.unknown[ask.service] += reply.unknown

    def summary(self) -> dict[str, Any]:
        """Sum up.

        Returns
        -------
        dict
            ``requests`` by endpoint and status, ``tokens_issued``, ``faults`` by profile, and
            ``ids`` by service: distinct ``asked``, distinct ``served``, ``served_again`` (keys
            served more than once), ``served_unknown`` (times that the answer was "not known").
        """
        requests: dict[str, dict[str, int]] = {}
        for (endpoint, status), n in sorted(self.requests.items()):
            requests.setdefault(endpoint, {})[str(status)] = n
        return {
            "requests": requests,
            "tokens_issued": self.tokens_issued,
            "faults": dict(sorted(self.faults.items())),
            "ids": {service: self._of_service(service) for service in SERVICES},
        }

    def again(self) -> dict[str, dict[str, int]]:
        """List the keys served more than once.

        Returns
        -------
        dict of str to dict of str to int
            By service, key and number of times served.
        """
        return {
            service: {key: n for key, n in self.served[service].items() if n > 1}
            for service in SERVICES
        }

    def _of_service(self, service: str) -> dict[str, int]:
        served = self.served[service]
        return {
            "asked": len(self.asked[service]),
            "served": len(served),
            "served_again": sum(n > 1 for n in served.values()),
            "served_unknown": self.unknown[service],
        }
