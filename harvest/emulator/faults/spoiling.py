"""Ways to make a right reply wrong."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec

from harvest.emulator.exchange import Reply

Entries = list[dict[str, Any] | None]
_LISTS = ("audio_features", "content", "tracks")
_MARKS = (b'"danceability"', b'"external_ids"')  # of audio features, of tracks


def cut(reply: Reply, share: float) -> Reply | None:
    """Cut a body short.

    Parameters
    ----------
    reply : Reply
        A right reply.
    share : float
        How much of the body stays, 0 … 1; at least one byte goes.

    Returns
    -------
    Reply or None
        The same status and headers, nothing counting as served; None for an error.

    Examples
    --------
    >>> cut(Reply(200, b'{"a":1}'), 0.5).body
    b'{"a'
    """
    if reply.status != 200:
        return None
    keep = min(int(len(reply.body) * share), len(reply.body) - 1)
    return replace(reply, body=reply.body[: max(keep, 0)], served=[], unknown=0)


def edit_entries(reply: Reply, edit: Callable[[Entries], bool]) -> Reply | None:
    """Change the entries of a reply with audio features, or with tracks.

    Parameters
    ----------
    reply : Reply
        Spotify's or ReccoBeats', batch or single.
    edit : callable
        Changes the list in place and says whether it did.

    Returns
    -------
    Reply or None
        The changed reply, nothing of it counting as served; None where nothing was changed, as in
        an error or the results of a search.
    """
    if reply.status != 200 or not any(mark in reply.body for mark in _MARKS):
        return None
    document = msgspec.json.decode(reply.body)
    name = next((name for name in _LISTS if name in document), None)
    if name and isinstance(document[name], dict):
        return None
    entries = document[name] if name else [document]
    if not edit(entries):
        return None
    changed = document if name else entries[0]
    return replace(reply, body=msgspec.json.encode(changed), served=[], unknown=0)


def rename(other_id: str) -> Callable[[Entries], bool]:
    """Put another id on the first known entry.

    Parameters
    ----------
    other_id : str
        An id that was not asked for.

    Returns
    -------
    callable
        For `edit_entries`.

    Examples
    --------
    >>> entries = [None, {"id": "a", "uri": "spotify:track:a"}]
    >>> rename("b")(entries), entries[1]
    (True, {'id': 'b', 'uri': 'spotify:track:b'})
    """

    def edit(entries: Entries) -> bool:
        entry = _first_known(entries)
        if entry is None:
            return False
        own_id = spotify_id(entry)
        for field, value in entry.items():
            if isinstance(value, str) and value.endswith(own_id):
                entry[field] = value.removesuffix(own_id) + other_id
        return True

    return edit


def put(field: str, value: float) -> Callable[[Entries], bool]:
    """Put a value into the first known entry.

    Parameters
    ----------
    field : str
        Which field.
    value : float
        Its new value.

    Returns
    -------
    callable
        For `edit_entries`.
    """

    def edit(entries: Entries) -> bool:
        entry = _first_known(entries)
        if entry is not None:
            entry[field] = value
        return entry is not None

    return edit


def drop(field: str) -> Callable[[Entries], bool]:
    """Take a field out of the first known entry.

    Parameters
    ----------
    field : str
        Which field.

    Returns
    -------
    callable
        For `edit_entries`.
    """

    def edit(entries: Entries) -> bool:
        entry = _first_known(entries)
        return entry is not None and entry.pop(field, None) is not None

    return edit


def shorten(entries: Entries) -> bool:
    """Drop the last entry.

    Parameters
    ----------
    entries : list
        Changed in place.

    Returns
    -------
    bool
        False for fewer than two entries.
    """
    if len(entries) < 2:
        return False
    entries.pop()
    return True


def reverse(entries: Entries) -> bool:
    """Reverse the order.

    Parameters
    ----------
    entries : list
        Changed in place.

    Returns
    -------
    bool
        False for fewer than two entries.
    """
    entries.reverse()
    return len(entries) > 1


def spotify_id(entry: dict[str, Any]) -> str:
    """Find whose audio features an entry holds.

    Parameters
    ----------
    entry : dict
        Spotify's, by ``id``, or ReccoBeats', by ``href``.

    Returns
    -------
    str
        The Spotify id; the empty text where the entry has none.

    Examples
    --------
    >>> spotify_id({"id": "0-0", "href": "https://open.spotify.com/track/abc"})
    'abc'
    """
    href = str(entry.get("href", ""))
    return href.rpartition("/")[2] if href else str(entry.get("id", ""))


def _first_known(entries: Entries) -> dict[str, Any] | None:
    return next((entry for entry in entries if entry), None)
