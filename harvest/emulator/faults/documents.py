"""Fault profiles of last.fm's XML: documents that are dangerous, untrue, or not quite XML.

What each of them does stands in the table of `harvest.emulator.faults.injector`.
"""

import re
from dataclasses import replace

from harvest.emulator.exchange import XML, Reply
from harvest.emulator.faults.strike import LASTFM, Fault, Profile

_LEVELS = 9  # of ten each: 10⁹ laughs
_NUMBER = re.compile(rb"<(listeners|count|match)>[^<]*<")


def bomb(share: float) -> Profile:
    """Send a small document whose entities are a large one (CWE-776)."""
    fault = Fault(Reply(200, bomb_document(), XML))
    return Profile(LASTFM, lambda _: fault, share)


def number(share: float) -> Profile:
    """Send a listener count, weight or match that is out of its range."""
    return Profile(LASTFM, lambda _: Fault(spoil=_with_wrong_number), share)


def control(share: float) -> Profile:
    """Send control characters in names, as last.fm has been seen to do; else all is right."""
    return Profile(LASTFM, lambda _: Fault(spoil=_with_control_characters), share)


def bomb_document() -> bytes:
    """Make a document of entities that name ten of the one before.

    Returns
    -------
    bytes
        Under 2 kB; 3 GB once they are all expanded.

    Examples
    --------
    >>> len(bomb_document()) < 2_000
    True
    """
    entities = "".join(
        f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, _LEVELS + 1)
    )
    content = f"<track><name>&e{_LEVELS};</name></track>"
    return (
        f'<?xml version="1.0"?>\n<!DOCTYPE lfm [<!ENTITY e0 "ha!">{entities}]>\n'
        f'<lfm status="ok">{content}</lfm>\n'
    ).encode()


def _with_wrong_number(reply: Reply) -> Reply | None:
    body, n = _NUMBER.subn(rb"<\1>-1<", reply.body, count=1)
    return replace(reply, body=body, served=[], unknown=0) if n else None


def _with_control_characters(reply: Reply) -> Reply | None:
    body = reply.body.replace(b"</name>", b"\x07</name>")
    return replace(reply, body=body) if body != reply.body else None
