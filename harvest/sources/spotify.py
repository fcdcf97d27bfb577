"""Audio features from Spotify's Web API, or any service of its shape.

https://developer.spotify.com/documentation/web-api/reference/get-several-audio-features
"""

from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from harvest.errors import (
    Forbidden,
    NothingThere,
    RequestRejected,
    Unexpected,
    UnusableReply,
)
from harvest.records import UNREADABLE, AudioFeatures, Count, Metre, decode_features
from harvest.source import Reply
from harvest.transport import Request, Response, raise_for_status, shown
from harvest.worklist import Task

LARGEST_BATCH = 100
UNKNOWN = "unknown to Spotify"
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


# Strict: whole numbers are whole, and no text is taken for a number, so that all are finite.
_DECODE_SOUND = msgspec.json.Decoder(_SoundBatch).decode
_DECODE_SOUND_SINGLE = msgspec.json.Decoder(_SpotifyFeatures).decode


class SpotifyFeatures:
    """Asks for audio features by Spotify id, up to 100 in one request.

    Parameters
    ----------
    api_url : str
        Up to and with `/v1`.
    batch_size : int
        1 to 100. With 1 the path for a single track is used.
    provider : str
        Stored with each row.
    """

    job = "spotify"
    parts: tuple[str, ...] = ("features",)
    wanted = 0b1

    def __init__(
        self, api_url: str, *, batch_size: int = LARGEST_BATCH, provider: str = "spotify"
    ) -> None:
        self.batch_size = batch_size
        self.address = api_url
        self.provider = provider
        self._url = f"{api_url}/audio-features"

    def single(self) -> "SpotifyFeatures | None":
        """Return the same service, asked by the path for a single track."""
        if self.batch_size == 1:
            return None
        return SpotifyFeatures(self.address, batch_size=1, provider=self.provider)

    def request(self, tasks: Sequence[Task], part: str) -> Request:
        """Return the request for the features of `tasks`."""
        if self.batch_size == 1:
            return Request("GET", f"{self._url}/{quote(tasks[0].spotify_id, safe='')}")
        return Request(
            "GET", self._url, params={"ids": ",".join([task.spotify_id for task in tasks])}
        )

    def otherwise(self, task: Task) -> None:
        """Return None: a track is asked for by its id."""

    def read(self, tasks: Sequence[Task], part: str, response: Response) -> Reply:
        """Return the features in `response`, each matched by its id."""
        raise_for_status(response, "Spotify")
        if response.status != 200:
            is_single = self.batch_size == 1
            return read_refusal(
                tasks, response, url=self._url, is_single=is_single, refused=REFUSED
            )
        if self.batch_size == 1:
            return _read_single(tasks, response.body)
        return _read_sound(tasks, response.body) or _read_doubtful(tasks, response.body)


def read_refusal(
    tasks: Sequence[Task], response: Response, *, url: str, is_single: bool, refused: str
) -> Reply:
    """Read a 4xx: an unknown track, a bad id among good ones, or nothing served at all.

    Parameters
    ----------
    tasks : sequence of Task
    response : Response
    url : str
        That was asked, for people.
    is_single : bool
        Whether a track was asked for by the path that has a 404 for unknown ones.
    refused : str
        What a 403 means, and what to do.
    """
    status, message = response.status, message_in(response)
    if status == 403:
        raise Forbidden(refused, status=403)
    is_address = "service not found" in (message or "").casefold()
    if status == 404 and is_single and message is not None and not is_address:
        return Reply((), missing={tasks[0].spotify_id: UNKNOWN})
    if status in {400, 413, 414}:
        said = f": {shown(message)}" if message else ""
        raise RequestRejected(f"Spotify answers {status}{said}", status=status)
    what = (
        f"{url} answers {status}; check that SPOTIFY_API_URL is the API's address, "
        "such as https://api.spotify.com/v1"
    )
    raise (NothingThere if status == 404 else Unexpected)(what, status=status)


def _read_single(tasks: Sequence[Task], body: bytes) -> Reply:
    """Read one track's features; what is no object, such as a page, says nothing of the track."""
    try:
        features = _DECODE_SOUND_SINGLE(body)
    except UNREADABLE:
        return _read_doubtful_single(tasks, body)
    if features.spotify_id == tasks[0].spotify_id:
        return Reply([features])
    return read_items(tasks, [msgspec.Raw(body)])


def _read_doubtful_single(tasks: Sequence[Task], body: bytes) -> Reply:
    try:
        msgspec.json.decode(body, type=dict[str, msgspec.Raw] | None)
    except UNREADABLE as error:
        raise UnusableReply(f"Spotify sent no audio features: {error}") from error
    return read_items(tasks, [msgspec.Raw(body)])


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
    try:
        items = msgspec.json.decode(body, type=_Batch).audio_features
    except UNREADABLE as error:
        raise UnusableReply(f"Spotify sent no list of audio features: {error}") from error
    return read_items(tasks, items)


def read_items(tasks: Sequence[Task], items: Sequence[msgspec.Raw]) -> Reply:
    """Match the items of a reply with the tracks asked for, by id and never by position.

    Nulls name no track: they are taken for the tracks without an answer only where both are as many
    and the reply has the length that was asked for.
    """
    asked = {task.spotify_id for task in tasks}
    records: dict[str, AudioFeatures] = {}
    rejected: dict[str, str] = {}
    n_nulls = 0
    for item in items:
        if bytes(item).strip() == b"null":
            n_nulls += 1
        else:
            _read_item(item, asked, records, rejected)
    for spotify_id in rejected:
        records.pop(spotify_id, None)
    unanswered = asked - records.keys() - rejected.keys()
    is_accounted_for = len(items) == len(tasks) and n_nulls == len(unanswered)
    verdict = dict.fromkeys(unanswered, UNKNOWN if is_accounted_for else "not in the reply")
    if is_accounted_for:
        return Reply(list(records.values()), missing=verdict, rejected=rejected)
    return Reply(list(records.values()), rejected=rejected | verdict)


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
        rejected[features.spotify_id] = "the reply holds two different rows for it"


def _id_of(item: msgspec.Raw) -> str:
    try:
        return msgspec.json.decode(item, type=_Identity).id
    except UNREADABLE:
        return ""


def message_in(response: Response) -> str | None:
    """Return the message of an error in Spotify's shape, None where the body is something else.

    >>> message_in(Response(404, b'{"error": {"status": 404, "message": "analysis not found"}}'))
    'analysis not found'
    >>> message_in(Response(404, b"<html>")) is None
    True
    """
    try:
        body = msgspec.json.decode(response.body, type=dict[str, dict[str, str | int]])
    except UNREADABLE:
        return None
    return str(body["error"].get("message", "")) if "error" in body else None
