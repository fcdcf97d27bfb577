"""What Spotify is asked for by id, one track or many at once, and what its refusals mean."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Self, TypeVar
from urllib.parse import quote

import msgspec

from harvest.errors import Forbidden, NothingThere, RequestRejected, Unexpected, UnusableReply
from harvest.records import UNREADABLE, Record
from harvest.source import Reply, require_ids
from harvest.transport import Request, Response, raise_for_status, shown
from harvest.worklist import Task

T = TypeVar("T")
UNKNOWN = "unknown to Spotify"
CHECK_ADDRESS = (
    "check that SPOTIFY_API_URL is the API's address, such as https://api.spotify.com/v1"
)
TRY_SINGLE = ", or try --batch 1, for a service that knows single tracks alone"


class AskedById(ABC):
    """A source that asks for many ids in one request, or for one by a path of its own.

    What it asks for is said by the class attributes; how replies are read, by two methods.

    Parameters
    ----------
    api_url : str
        Up to and with `/v1`.
    batch_size : int or None
        From 1 to `largest_batch`, which None stands for. With 1 the path for one track is used.
    provider : str
        Stored with each row.
    """

    job: str
    parts: tuple[str, ...]
    path: str
    largest_batch: int
    refused: str
    wanted = 0b1
    setting = "SPOTIFY_API_URL"

    def __init__(
        self, api_url: str, *, batch_size: int | None = None, provider: str = "spotify"
    ) -> None:
        self.batch_size = batch_size or self.largest_batch
        self.address = api_url
        self.provider = provider
        self._url = f"{api_url}/{self.path}"

    @abstractmethod
    def read_single(self, tasks: Sequence[Task], body: bytes) -> Reply:
        """Return what a reply by the path for one track says of it."""

    @abstractmethod
    def read_batch(self, tasks: Sequence[Task], body: bytes) -> Reply:
        """Return what a reply says of many tracks, each matched by its id."""

    def single(self) -> Self | None:
        """Return the same service, asked by the path for one track."""
        if self.batch_size == 1:
            return None
        return type(self)(self.address, batch_size=1, provider=self.provider)

    def request(self, tasks: Sequence[Task], part: str) -> Request:
        """Return the request for `tasks`."""
        require_ids(tasks)
        if self.batch_size == 1:
            return Request("GET", f"{self._url}/{quote(tasks[0].spotify_id, safe='')}")
        ids = ",".join([task.spotify_id for task in tasks])
        return Request("GET", self._url, params={"ids": ids})

    def otherwise(self, task: Task) -> Task | None:
        """Return None: a track is asked for by its id."""
        return None

    def read(self, tasks: Sequence[Task], part: str, response: Response) -> Reply:
        """Return what `response` says, each item matched by its id."""
        raise_for_status(response, "Spotify")
        is_single = self.batch_size == 1
        if response.status != 200:
            return read_refusal(
                tasks,
                response,
                url=self._url,
                is_single=is_single,
                refused=self.refused,
                advice=CHECK_ADDRESS if is_single else CHECK_ADDRESS + TRY_SINGLE,
            )
        return (self.read_single if is_single else self.read_batch)(tasks, response.body)


def read_refusal(
    tasks: Sequence[Task],
    response: Response,
    *,
    url: str,
    is_single: bool,
    refused: str,
    advice: str = CHECK_ADDRESS,
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
    advice : str
        What to try where nothing is served.

    Raises
    ------
    Forbidden
        For 403.
    RequestRejected
        For 400, 413 and 414: something is wrong with what was asked for.
    NothingThere, Unexpected
        For 404 where no track was asked for by itself, and for any other status.
    """
    status, message = response.status, message_in(response)
    if status == 403:
        raise Forbidden(refused, status=403)
    is_address = "service not found" in (message or "").casefold()
    if status == 404 and is_single and message is not None and not is_address:
        return Reply((), missing={tasks[0].spotify_id: UNKNOWN})
    if status in {400, 413, 414}:
        said = f": {shown(message, response.secrets)}" if message else ""
        raise RequestRejected(f"Spotify answers {status}{said}", status=status, advice=advice)
    what = f"{url} answers {status}; {advice}"
    raise (NothingThere if status == 404 else Unexpected)(what, status=status)


def decode_object(body: bytes) -> object:
    """Decode an object, whatever is in it, or null."""
    return msgspec.json.decode(body, type=dict[str, msgspec.Raw] | None)


def decode_reply(body: bytes, decode: Callable[[bytes], T], *, what: str) -> T:
    """Return the document in `body`.

    Raises
    ------
    UnusableReply
        `body` is something else than `what`.
    """
    try:
        return decode(body)
    except UNREADABLE as error:
        raise UnusableReply(f"Spotify sent no {what}: {error}") from error


def settle(
    tasks: Sequence[Task],
    items: Sequence[msgspec.Raw],
    records: Mapping[str, Record],
    *,
    missing: dict[str, str],
    rejected: dict[str, str],
) -> Reply:
    """Make of what the items of a reply say of some tracks what the reply says of all.

    Nulls name no track: they are taken for the tracks without an answer only where both are as many
    and the reply has the length that was asked for.

    Parameters
    ----------
    tasks : sequence of Task
        That were asked for.
    items : sequence of msgspec.Raw
        Of the reply, in its order; nulls among them.
    records : mapping of str to Record
        What the items say, by Spotify id.
    missing, rejected : dict of str to str
        Why a track is unknown, or its item cannot be trusted, by Spotify id.

    Returns
    -------
    Reply
        With a word on each of `tasks`.
    """
    missing = {key: why for key, why in missing.items() if key not in rejected}
    said = records.keys() | missing.keys() | rejected.keys()
    sound = [each for key, each in records.items() if key not in missing and key not in rejected]
    unanswered = [task.spotify_id for task in tasks if task.spotify_id not in said]
    n_nulls = sum(map(is_null, items))
    if len(items) == len(tasks) and n_nulls == len(unanswered):
        missing = missing | dict.fromkeys(unanswered, UNKNOWN)
    else:
        rejected = rejected | dict.fromkeys(unanswered, "not in the reply")
    return Reply(sound, missing=missing, rejected=rejected)


def is_null(item: msgspec.Raw) -> bool:
    """Say whether an item of a reply names no track."""
    return bytes(item).strip() == b"null"


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
