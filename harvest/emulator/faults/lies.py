"""Fault profiles of audio features: answers that are untrue, and ids that do harm.

What each of them does stands in the table of `harvest.emulator.faults.injector`.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

from harvest.emulator.catalogue import noise
from harvest.emulator.exchange import Reply
from harvest.emulator.faults import spoiling
from harvest.emulator.faults.strike import FEATURES, Fault, Profile, Situation
from harvest.emulator.services.spotify import error_reply


def wrong_id(share: float) -> Profile:
    """Put an id that was not asked for on audio features."""

    def decide(at: Situation) -> Fault:
        edit = spoiling.rename(noise.random_ids(at.rng, 1)[0])
        return Fault(spoil=lambda reply: spoiling.edit_entries(reply, edit))

    return Profile(FEATURES, decide, share)


def spoiled(edit: Callable[[spoiling.Entries], bool]) -> Callable[[float], Profile]:
    """Change audio features in one way.

    Parameters
    ----------
    edit : callable
        For `spoiling.edit_entries`.

    Returns
    -------
    callable
        From the share to the profile.
    """
    fault = Fault(spoil=lambda reply: spoiling.edit_entries(reply, edit))
    return lambda share: Profile(FEATURES, lambda _: fault, share)


def reordered(share: float) -> Profile:
    """Send right audio features in reverse order, which counts as served."""

    def spoil(reply: Reply) -> Reply | None:
        changed = spoiling.edit_entries(reply, spoiling.reverse)
        return changed and replace(changed, served=reply.served, unknown=reply.unknown)

    return Profile(FEATURES, lambda at: Fault(spoil=spoil) if at.ask.is_batch else None, share)


def poison_id(share: float, *, ids: Collection[str] = ()) -> Profile:
    """Fail for ids that no request may hold.

    Parameters
    ----------
    share : float
        Share of all ids, chosen by the id alone.
    ids : collection of str
        If given, exactly these instead.

    Returns
    -------
    Profile
        Half of the ids make 400, half 500.
    """

    def decide(at: Situation) -> Fault | None:
        for spotify_id in at.ask.keys:
            if spotify_id in ids if ids else is_chosen(spotify_id, share, "poison"):
                return Fault(_poisoned(spotify_id))
        return None

    return Profile(FEATURES, decide)


def null_ids(share: float) -> Profile:
    """Hide ids.

    Parameters
    ----------
    share : float
        Share of all ids, chosen by the id alone.

    Returns
    -------
    Profile
        "Not known" is an answer: it counts as served.
    """

    def decide(at: Situation) -> Fault | None:
        hidden = {key for key in at.ask.keys if is_chosen(key, share, "null")}
        return Fault(spoil=lambda reply: _without(reply, hidden)) if hidden else None

    return Profile(FEATURES, decide)


def is_chosen(spotify_id: str, share: float, kind: str) -> bool:
    """Say whether an id is among a share of all ids.

    Parameters
    ----------
    spotify_id : str
        The id.
    share : float
        0 … 1.
    kind : str
        Different kinds choose different ids.

    Returns
    -------
    bool
        The same whenever asked.

    Examples
    --------
    >>> is_chosen("6rqhFgbbKwnb9MLmUQDhG6", 1.0, "null")
    True
    >>> is_chosen("6rqhFgbbKwnb9MLmUQDhG6", 0.0, "null")
    False
    """
    return noise.key(f"{kind} {spotify_id}") < share * 2**32


def _poisoned(spotify_id: str) -> Reply:
    if noise.key(spotify_id) % 2:
        return error_reply(400, "Bad request")
    return error_reply(500, "Server error")


def _without(reply: Reply, hidden: set[str]) -> Reply | None:
    def edit(entries: spoiling.Entries) -> bool:
        known = [entry is None or spoiling.spotify_id(entry) not in hidden for entry in entries]
        is_spotify = any(
            entry and {"analysis_url", "external_ids"} & entry.keys() for entry in entries
        )
        kept = [entry if stays else None for entry, stays in zip(entries, known, strict=True)]
        entries[:] = kept if is_spotify else [entry for entry in kept if entry]
        return not all(known)

    changed = spoiling.edit_entries(reply, edit)
    if changed is None:
        return None
    unknown = reply.unknown + sum(key in hidden for key in reply.served)
    if changed.body == b"null":
        changed = error_reply(404, "analysis not found")
    return replace(changed, served=reply.served, unknown=unknown)
