"""Audio features from Spotify's Web API, or any service of its shape.

https://developer.spotify.com/documentation/web-api/reference/get-several-audio-features
"""

from collections.abc import Sequence

import msgspec

from harvest.records import UNREADABLE, AudioFeatures, Count, Metre, decode_features
from harvest.source import TWO_ROWS, Reply
from harvest.sources.spotify_ids import (
    UNKNOWN,
    AskedById,
    decode_object,
    decode_reply,
    is_null,
    settle,
)
from harvest.worklist import Task

LARGEST_BATCH = 100
REFUSED = (
    "Spotify refuses audio features to this app (403). It closed them on 27 November 2024 to apps "
    "made since then and to apps in development mode. Use an older app's credentials, "
    "--provider reccobeats, another service of the same shape (SPOTIFY_API_URL, SPOTIFY_API_KEY), "
    "or features that you have in a file (harvest import)"
)


class _Batch(msgspec.Struct):
    audio_features: list[msgspec.Raw]


class _Identity(msgspec.Struct):
    id: str


class _SpotifyFeatures(AudioFeatures, frozen=True, kw_only=True, gc=False):
    """Spotify's own reply names every field, be it as null."""

    duration_ms: Count | None
    time_signature: Metre | None


class _SoundBatch(msgspec.Struct):
    audio_features: list[_SpotifyFeatures | None]


_DECODE_BATCH = msgspec.json.Decoder(_Batch).decode
# Strict: whole numbers are whole, and no text is taken for a number, so that all are finite.
_DECODE_SOUND = msgspec.json.Decoder(_SoundBatch).decode
_DECODE_SOUND_SINGLE = msgspec.json.Decoder(_SpotifyFeatures).decode


class SpotifyFeatures(AskedById):
    """Asks for audio features by Spotify id, up to 100 in one request."""

    job = "spotify"
    parts: tuple[str, ...] = ("features",)
    path = "audio-features"
    largest_batch = LARGEST_BATCH
    refused = REFUSED

    def read_single(self, tasks: Sequence[Task], body: bytes) -> Reply:
        """Return the features of one track."""
        return _read_single(tasks, body)

    def read_batch(self, tasks: Sequence[Task], body: bytes) -> Reply:
        """Return the features of many tracks, a bad item harming no other."""
        return _read_sound(tasks, body) or _read_doubtful(tasks, body)


def _read_single(tasks: Sequence[Task], body: bytes) -> Reply:
    """Read one track's features; what is no object, such as a page, says nothing of the track."""
    try:
        features = _DECODE_SOUND_SINGLE(body)
    except UNREADABLE:
        return _read_doubtful_single(tasks, body)
    if features.spotify_id == tasks[0].spotify_id:
        return Reply([features])
    return _match(tasks, [msgspec.Raw(body)])


def _read_doubtful_single(tasks: Sequence[Task], body: bytes) -> Reply:
    decode_reply(body, decode_object, what="audio features")
    return _match(tasks, [msgspec.Raw(body)])


def _read_sound(tasks: Sequence[Task], body: bytes) -> Reply | None:
    """Read a batch in one go where all in it is as it should be; None where anything is not."""
    try:
        items = _DECODE_SOUND(body).audio_features
    except UNREADABLE:
        return None
    records = [item for item in items if item is not None]
    answered = {record.spotify_id for record in records}
    unanswered = [task.spotify_id for task in tasks if task.spotify_id not in answered]
    has_each_once = len(answered) == len(records) and len(answered) + len(unanswered) == len(tasks)
    if not has_each_once or len(items) != len(tasks):
        return None
    return Reply(records, missing=dict.fromkeys(unanswered, UNKNOWN))


def _read_doubtful(tasks: Sequence[Task], body: bytes) -> Reply:
    """Read a batch item by item, so that a bad one harms no other."""
    batch = decode_reply(body, _DECODE_BATCH, what="list of audio features")
    return _match(tasks, batch.audio_features)


def _match(tasks: Sequence[Task], items: Sequence[msgspec.Raw]) -> Reply:
    """Match the items of a reply with the tracks asked for, by id and never by position."""
    asked = {task.spotify_id for task in tasks}
    records: dict[str, AudioFeatures] = {}
    rejected: dict[str, str] = {}
    for item in items:
        if not is_null(item):
            _read_item(item, asked, records, rejected)
    return settle(tasks, items, records, missing={}, rejected=rejected)


def _read_item(
    item: msgspec.Raw,
    asked: set[str],
    records: dict[str, AudioFeatures],
    rejected: dict[str, str],
) -> None:
    """Sort one item into `records` or `rejected`; a track not asked for goes into neither."""
    try:
        features = decode_features(item, _SpotifyFeatures)
    except UNREADABLE as error:
        spotify_id = _id_of(item)
        if spotify_id in asked:
            rejected[spotify_id] = str(error)
        return
    if features.spotify_id not in asked:
        return
    if records.setdefault(features.spotify_id, features) != features:
        rejected[features.spotify_id] = TWO_ROWS


def _id_of(item: msgspec.Raw) -> str:
    try:
        return msgspec.json.decode(item, type=_Identity).id
    except UNREADABLE:
        return ""
