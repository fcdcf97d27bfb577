"""Spotify's Web API, as far as tracks and audio features go, serving what the library holds.

Shapes follow Spotify's reference of ``GET /audio-features``, ``GET /tracks`` and ``GET /search``.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import msgspec

from harvest.emulator.catalogue import noise
from harvest.emulator.catalogue.features import API
from harvest.emulator.catalogue.library import Library
from harvest.emulator.catalogue.searching import SearchIndex
from harvest.emulator.exchange import Ask, Reply

MAX_IDS = 100
MAX_TRACK_IDS = 50
MAX_FOUND = 50
MAX_QUERY = 250

_ID = re.compile(r"[0-9A-Za-z]{22}")


class Spotify:
    """Answers to requests for audio features and tracks.

    Parameters
    ----------
    library : Library
        What is served.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    def answer(self, ask: Ask) -> Reply:
        """Answer one request whose token is good.

        Parameters
        ----------
        ask : Ask
            Endpoint and ids, or what is searched for.

        Returns
        -------
        Reply
            200, 400 for too many ids or none, or for an id of another form, 404 for a single
            unknown id.
        """
        if ask.endpoint == "GET /v1/search":
            return self._search(ask)
        is_features = ask.endpoint.startswith("GET /v1/audio-features")
        if not ask.is_batch:
            return self._single(ask.keys, is_features=is_features)
        limit = MAX_IDS if is_features else MAX_TRACK_IDS
        if not any(ask.keys) or len(ask.keys) > limit:
            return error_reply(400, "invalid request" if not any(ask.keys) else "Too many ids")
        return self._features(ask.keys) if is_features else self._tracks(ask.keys)

    def _features(self, ids: list[str]) -> Reply:
        found = [self._library.features.get(spotify_id, b"null") for spotify_id in ids]
        unknown = found.count(b"null")
        if unknown and not _are_valid(ids):
            return error_reply(400, "Invalid base62 id")
        body = b'{"audio_features":[%b]}' % b",".join(found)
        return Reply(200, body, served=ids, unknown=unknown)

    def _tracks(self, ids: list[str]) -> Reply:
        if not _are_valid(ids):
            return error_reply(400, "Invalid base62 id")
        found = [self._track(spotify_id) for spotify_id in ids]
        unknown = found.count(None)
        return Reply(200, msgspec.json.encode({"tracks": found}), served=ids, unknown=unknown)

    def _single(self, ids: list[str], *, is_features: bool) -> Reply:
        if not _are_valid(ids):
            return error_reply(400, "Invalid base62 id")
        found = self._library.features.get(ids[0]) if is_features else self._encoded_track(ids[0])
        if found:
            return Reply(200, found, served=ids)
        missing = error_reply(404, "analysis not found" if is_features else "Resource not found")
        return Reply(404, missing.body, served=ids, unknown=1)

    def _search(self, ask: Ask) -> Reply:
        query, kinds = ask.form.get("q", "").strip(), ask.form.get("type", "").split(",")
        limit = ask.form.get("limit", "20")
        if not query:
            return error_reply(400, "No search query")
        if kinds != ["track"]:
            return error_reply(400, "Bad search type field")
        if not (limit.isascii() and limit.isdecimal() and 0 < int(limit) <= MAX_FOUND):
            return error_reply(400, "Invalid limit")
        if len(query) > MAX_QUERY:
            return error_reply(400, "Query exceeds maximum length of 250 characters")
        found = [self._track(spotify_id) for spotify_id in self._index.find(query)]
        page = {
            "href": f"{API}/search?type=track&offset=0&limit={limit}",
            "items": found[: int(limit)],
            "limit": int(limit),
            "next": None,
            "offset": 0,
            "previous": None,
            "total": len(found),
        }
        return Reply(200, msgspec.json.encode({"tracks": page}), served=ask.keys)

    @cached_property
    def _index(self) -> SearchIndex:
        return SearchIndex(self._library)

    def _encoded_track(self, spotify_id: str) -> bytes | None:
        track = self._track(spotify_id)
        return msgspec.json.encode(track) if track else None

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {spotify_id: row for row, spotify_id in enumerate(self._library.ids) if spotify_id}

    def _track(self, spotify_id: str) -> dict[str, Any] | None:
        row = self._row_of.get(spotify_id)
        if row is None:
            return None
        library = self._library
        artist = library.artist_names[library.artist_of[row]]
        album = library.album_names[library.album_of[row]]
        return {
            "album": _named("album", album) | {"album_type": "album"},
            "artists": [_named("artist", artist)],
            "disc_number": 1,
            "duration_ms": int(library.duration_ms[row]),
            "explicit": False,
            "external_ids": {"isrc": isrc(spotify_id)},
            "external_urls": {"spotify": f"https://open.spotify.com/track/{spotify_id}"},
            "href": f"{API}/tracks/{spotify_id}",
            "id": spotify_id,
            "name": library.titles[row],
            "popularity": min(100, int(library.popularity[row] ** 0.5)),
            "track_number": 1,
            "type": "track",
            "uri": f"spotify:track:{spotify_id}",
        }


def error_reply(status: int, message: str) -> Reply:
    """Refuse as the Web API does.

    Parameters
    ----------
    status : int
        HTTP status, repeated in the body.
    message : str
        The service's words.

    Returns
    -------
    Reply
        ``{"error": {"status", "message"}}``.

    Examples
    --------
    >>> error_reply(404, "analysis not found").body
    b'{"error":{"status":404,"message":"analysis not found"}}'
    """
    return Reply(status, msgspec.json.encode({"error": {"status": status, "message": message}}))


def too_many(retry_after_s: float) -> Reply:
    """Ask for patience.

    Parameters
    ----------
    retry_after_s : float
        Seconds; rounded up.

    Returns
    -------
    Reply
        429 with Retry-After.

    Examples
    --------
    >>> too_many(0.3).headers
    {'Retry-After': '1'}
    """
    seconds = str(int(-(-retry_after_s // 1)))
    return replace(error_reply(429, "API rate limit exceeded"), headers={"Retry-After": seconds})


def isrc(spotify_id: str) -> str:
    """Make up a recording's code.

    Parameters
    ----------
    spotify_id : str
        The track.

    Returns
    -------
    str
        Of an ISRC's form, of a country that does not exist.

    Examples
    --------
    >>> isrc("6rqhFgbbKwnb9MLmUQDhG6")[:5]
    'XXEMU'
    """
    return f"XXEMU{noise.key(spotify_id) % 10_000_000:07d}"


def _are_valid(ids: Sequence[str]) -> bool:
    return all(_ID.fullmatch(spotify_id) for spotify_id in ids)


def _named(kind: str, name: str) -> dict[str, str]:
    made_id = f"{noise.key(name):022d}"
    return {
        "href": f"{API}/{kind}s/{made_id}",
        "id": made_id,
        "name": name,
        "type": kind,
        "uri": f"spotify:{kind}:{made_id}",
    }
