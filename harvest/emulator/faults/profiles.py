"""Fault profiles of any service: refusals, delays and broken connections.

What each of them does stands in the table of `harvest.emulator.faults.injector`.
"""

from collections.abc import Callable
from dataclasses import replace

import msgspec

from harvest.emulator.exchange import HTML, JSON, TEXT, Reply
from harvest.emulator.faults import spoiling
from harvest.emulator.faults.strike import (
    EVERYTHING,
    LASTFM,
    SERVICES,
    WEB_API,
    AfterAWhile,
    Fault,
    Profile,
    Situation,
    TokenLives,
)
from harvest.emulator.services.lastfm import failure
from harvest.emulator.services.spotify import too_many

_PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>Service unavailable</title></head>"
    b"<body><h1>We'll be right back</h1><p>This page is made up.</p></body></html>\n"
)


def forbidden(_: float) -> Profile:
    """Answer 403 to every Web API request."""
    reply = Reply(403, b'{"error":{"status":403}}')
    return Profile(WEB_API, lambda _: Fault(reply))


def forbidden_batch(_: float) -> Profile:
    """Answer 403 to the Web API's batches alone."""
    fault = Fault(Reply(403, b'{"error":{"status":403}}'))
    return Profile(WEB_API, lambda at: fault if at.ask.is_batch else None)


def quota(length_s: float) -> Profile:
    """Answer 429 for a long time, with no word about how long."""
    error = {"status": 429, "message": "API rate limit exceeded", "reason": "QUOTA_EXCEEDED"}
    fault = Fault(Reply(429, msgspec.json.encode({"error": error})))
    return Profile(WEB_API, AfterAWhile(length_s, lambda _: fault))


def long_retry_after(length_s: float) -> Profile:
    """Answer 429 for a long time, which is named."""
    return Profile(SERVICES, AfterAWhile(length_s, lambda left_s: Fault(too_many(left_s))))


def outage(length_s: float) -> Profile:
    """Answer 503 for a while."""
    fault = Fault(Reply(503, b"upstream connect error", TEXT))
    return Profile(EVERYTHING, AfterAWhile(length_s, lambda _: fault))


def expired_token(factor: float) -> Profile:
    """Let tokens expire before their time."""
    return Profile(WEB_API, TokenLives(factor))


def rate_limit(share: float) -> Profile:
    """Answer 429 with a small Retry-After."""

    def decide(at: Situation) -> Fault:
        reply = too_many(1.0)
        if at.rng.random() < 0.5:
            reply = replace(reply, body=b"Too many requests", content_type=TEXT)
        return Fault(reply)

    return Profile(SERVICES, decide, share)


def flaky_5xx(share: float) -> Profile:
    """Answer with a server error of one kind or another."""

    def decide(at: Situation) -> Fault:
        status = int(at.rng.choice((500, 502, 503, 504)))
        body = msgspec.json.encode({"error": {"status": status, "message": "Server error"}})
        bodies = ((body, JSON), (b"upstream connect error", TEXT), (_PAGE, HTML))
        return Fault(Reply(status, *bodies[int(at.rng.integers(0, 3))]))

    return Profile(EVERYTHING, decide, share)


def slow(delay_s: float) -> Profile:
    """Answer late, one request in twenty."""
    return Profile(EVERYTHING, lambda _: Fault(delay_s=delay_s), 0.05)


def drop_connection(share: float) -> Profile:
    """Send no reply, or half of one."""
    kinds = (Fault(sent_share=0.0), Fault(sent_share=0.5))
    return Profile(EVERYTHING, lambda at: kinds[int(at.rng.integers(0, 2))], share)


def truncated(share: float) -> Profile:
    """Cut the body short."""

    def decide(at: Situation) -> Fault:
        kept = float(at.rng.uniform(0.1, 0.9))
        return Fault(spoil=lambda reply: spoiling.cut(reply, kept))

    return Profile(SERVICES, decide, share)


def html_200(share: float) -> Profile:
    """Send a page where data was asked for."""
    return Profile(SERVICES, lambda _: Fault(Reply(200, _PAGE, HTML)), share)


def lastfm(code: int) -> Callable[[float], Profile]:
    """Answer with one of last.fm's error codes.

    Parameters
    ----------
    code : int
        8, 11, 16 or 29.

    Returns
    -------
    callable
        From the share to the profile.
    """
    faults = (Fault(failure(code)), Fault(failure(code, status=200)))
    return lambda share: Profile(LASTFM, lambda at: faults[int(at.rng.integers(0, 2))], share)
