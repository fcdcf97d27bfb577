"""What Spotify calls its tracks, by their ids.

https://developer.spotify.com/documentation/web-api/reference/get-several-tracks
"""

from collections.abc import Sequence

import msgspec

from harvest.records import TrackNames
from harvest.source import TWO_ROWS, Reply
from harvest.sources.spotify_ids import AskedById, decode_object, decode_reply, settle
from harvest.sources.spotify_objects import CATALOGUE_REFUSED, NO_ID, Track, track_in
from harvest.worklist import Task

LARGEST_BATCH = 50
NAMELESS = "Spotify has no name for it: it was removed"


class _Batch(msgspec.Struct):
    tracks: list[msgspec.Raw]


_DECODE_BATCH = msgspec.json.Decoder(_Batch).decode


class SpotifyNames(AskedById):
    """Asks what tracks are called, by Spotify id, up to 50 in one request."""

    job = "names"
    parts: tuple[str, ...] = ("track",)
    path = "tracks"
    largest_batch = LARGEST_BATCH
    refused = CATALOGUE_REFUSED

    def read_single(self, tasks: Sequence[Task], body: bytes) -> Reply:
        """Return the names of one track; what is no object, such as a page, says nothing of it."""
        decode_reply(body, decode_object, what="tracks")
        return _match(tasks, [msgspec.Raw(body)])

    def read_batch(self, tasks: Sequence[Task], body: bytes) -> Reply:
        """Return the names of many tracks."""
        return _match(tasks, decode_reply(body, _DECODE_BATCH, what="tracks").tracks)


def _match(tasks: Sequence[Task], items: Sequence[msgspec.Raw]) -> Reply:
    """Match tracks with those asked for, by id; one that moved says whose place it took."""
    asked = {task.spotify_id for task in tasks}
    said: dict[str, TrackNames | None] = {}  # None: it has no name
    rejected: dict[str, str] = {}
    for item in items:
        track = track_in(item)
        key = _key(track, asked) if track else None
        if track is None or key is None:
            continue
        if not track.has_id:
            rejected[key] = NO_ID
            continue
        names = track.names(key) if track.is_named else None
        if said.setdefault(key, names) != names:
            rejected[key] = TWO_ROWS
    records = {key: names for key, names in said.items() if names}
    missing = dict.fromkeys(said.keys() - records.keys(), NAMELESS)
    return settle(tasks, items, records, missing=missing, rejected=rejected)


def _key(track: Track, asked: set[str]) -> str | None:
    link = track.linked_from.id if track.linked_from else None
    return next((key for key in (track.id, link) if key in asked), None)
