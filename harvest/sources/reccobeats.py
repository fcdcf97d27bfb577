"""The same audio features from ReccoBeats, by Spotify id and without a key.

https://reccobeats.com/docs/apis/get-audio-features
"""

from collections.abc import Sequence

import msgspec

from harvest.errors import CredentialsRefused, RequestRejected, Unexpected, UnusableReply
from harvest.records import UNREADABLE, AudioFeatures, decode_features
from harvest.source import TWO_ROWS, Reply, require_ids
from harvest.transport import Request, Response, raise_for_status
from harvest.worklist import Task

LARGEST_BATCH = 40
UNKNOWN = "unknown to ReccoBeats"
CHECK_ADDRESS = (
    "check that RECCOBEATS_API_URL is the API's address, such as https://api.reccobeats.com/v1"
)


class _Batch(msgspec.Struct):
    content: list[msgspec.Raw]


class _Identity(msgspec.Struct):
    href: str


class _Item(AudioFeatures, frozen=True, kw_only=True):
    """Names its track by address alone; its own id is another one."""

    spotify_id: str = msgspec.field(name="href")


class ReccoBeatsFeatures:
    """Asks ReccoBeats for audio features by Spotify id, up to 40 in one request.

    It has no duration and no time signature.

    Parameters
    ----------
    api_url : str
        Up to and with `/v1`.
    batch_size : int
        At least 1; more than 40 counts as 40.
    """

    job = "spotify"
    provider = "reccobeats"
    parts: tuple[str, ...] = ("features",)
    setting = "RECCOBEATS_API_URL"
    wanted = 0b1

    def __init__(self, api_url: str, *, batch_size: int = LARGEST_BATCH) -> None:
        self.batch_size = min(batch_size, LARGEST_BATCH)
        self.address = api_url
        self._url = f"{api_url}/audio-features"

    def single(self) -> None:
        """Return None: a batch of one is asked for in the same way."""

    def request(self, tasks: Sequence[Task], part: str) -> Request:
        """Return the request for the features of `tasks`."""
        require_ids(tasks)
        return Request("GET", self._url, params={"ids": ",".join(t.spotify_id for t in tasks)})

    def otherwise(self, task: Task) -> None:
        """Return None: a track is asked for by its id."""

    def read(self, tasks: Sequence[Task], part: str, response: Response) -> Reply:
        """Return the features in `response`, each matched by its address.

        Raises
        ------
        HarvestError
            As `Source.read`; `Unexpected` for a status that speaks of a wrong address.
        """
        raise_for_status(response, "ReccoBeats")
        if response.status in {400, 413, 414}:
            raise RequestRejected(
                f"ReccoBeats answers {response.status}",
                status=response.status,
                advice=f"{CHECK_ADDRESS}, or try --batch 1",
            )
        if response.status in {401, 403}:
            raise CredentialsRefused(
                f"ReccoBeats refuses to serve this machine ({response.status}); wait a while, "
                "or use --provider spotify or features that you have in a file (harvest import)"
            )
        if response.status != 200:
            raise Unexpected(
                f"{self._url} answers {response.status}; {CHECK_ADDRESS}", status=response.status
            )
        try:
            items = msgspec.json.decode(response.body, type=_Batch).content
        except UNREADABLE as error:
            raise UnusableReply(f"ReccoBeats sent no list of audio features: {error}") from error
        return _read_items(tasks, items)


def _read_items(tasks: Sequence[Task], items: Sequence[msgspec.Raw]) -> Reply:
    """Match items with tracks; one without an item is unknown, unless an item has no track."""
    asked = {task.spotify_id for task in tasks}
    records: dict[str, AudioFeatures] = {}
    rejected: dict[str, str] = {}
    ids = [_spotify_id(item) for item in items]
    for spotify_id, item in zip(ids, items, strict=True):
        if spotify_id in asked:
            _read_item(item, spotify_id, records, rejected)
    sound = [record for key, record in records.items() if key not in rejected]
    unanswered = asked - records.keys() - rejected.keys()
    if asked.issuperset(ids):
        return Reply(sound, missing=dict.fromkeys(unanswered, UNKNOWN), rejected=rejected)
    doubtful = dict.fromkeys(unanswered, "the reply names a track that was not asked for")
    return Reply(sound, rejected=rejected | doubtful)


def _read_item(
    item: msgspec.Raw,
    spotify_id: str,
    records: dict[str, AudioFeatures],
    rejected: dict[str, str],
) -> None:
    """Sort one item into `records` or `rejected`; a track in both is not to be trusted."""
    try:
        found = msgspec.structs.replace(decode_features(item, _Item), spotify_id=spotify_id)
    except UNREADABLE as error:
        rejected[spotify_id] = str(error)
        return
    if records.setdefault(spotify_id, found) != found:
        rejected[spotify_id] = TWO_ROWS


def _spotify_id(item: msgspec.Raw) -> str:
    """Return the id at the end of an item's address, or nothing."""
    try:
        return msgspec.json.decode(item, type=_Identity).href.rpartition("/")[2]
    except UNREADABLE:
        return ""
