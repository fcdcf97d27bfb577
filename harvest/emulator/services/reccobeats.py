"""ReccoBeats' audio features by Spotify id: no key, unknown ids left out, matched by ``href``.

What it answers to a wrong request is not documented with an example; the shape of its errors here
is an assumption.
"""

import uuid

import msgspec

from harvest.emulator.catalogue.library import Library
from harvest.emulator.exchange import Ask, Reply
from harvest.emulator.services.spotify import isrc

MAX_IDS = 40

_NAMESPACE = uuid.UUID("8f6c2f6e-5d0a-4a53-9c11-0d6b7f0d3a55")


class ReccoBeats:
    """Answers to requests for audio features.

    Parameters
    ----------
    library : Library
        What is served: Spotify's audio features without duration and time signature.
    """

    def __init__(self, library: Library) -> None:
        self._features = library.features

    def answer(self, ask: Ask) -> Reply:
        """Answer one request.

        Parameters
        ----------
        ask : Ask
            The ids.

        Returns
        -------
        Reply
            200 with the known ones, or 400 for no ids or too many.
        """
        if not any(ask.keys):
            return _error(400, 4001, "ids is required")
        if len(ask.keys) > MAX_IDS:
            return _error(400, 4002, f"ids must hold at most {MAX_IDS} entries")
        known = [spotify_id for spotify_id in ask.keys if spotify_id in self._features]
        content = b",".join(self._encode(spotify_id) for spotify_id in known)
        unknown = len(ask.keys) - len(known)
        return Reply(200, b'{"content":[%b]}' % content, served=ask.keys, unknown=unknown)

    def _encode(self, spotify_id: str) -> bytes:
        fragment = self._features[spotify_id]
        measured = fragment[1 : fragment.index(b',"type":')]
        made_id = uuid.uuid5(_NAMESPACE, spotify_id)
        head = (
            f'{{"id":"{made_id}","href":"https://open.spotify.com/track/{spotify_id}"'
            f',"isrc":"{isrc(spotify_id)}",'
        )
        return head.encode() + measured + b"}"


def _error(status: int, code: int, message: str) -> Reply:
    return Reply(status, msgspec.json.encode({"error": {"code": code, "message": message}}))
