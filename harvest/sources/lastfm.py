"""Listeners, tags and similar tracks from last.fm.

pylast builds (and where there is a session, signs) the parameters and names the errors. Sending and
parsing are ours: pylast's own client blocks, and parses each reply twice.
https://www.last.fm/api/show/track.getInfo, track.getTopTags, track.getSimilar
"""

from collections.abc import Sequence
from typing import Annotated
from xml.etree import ElementTree as ET

import msgspec
import pylast

from harvest.config import LastfmSettings
from harvest.errors import (
    CredentialsRefused,
    NothingToAsk,
    RateLimited,
    RequestError,
    RequestRejected,
    ServiceUnavailable,
    Unexpected,
    UnusableReply,
)
from harvest.pacing import retry_after_s
from harvest.records import UNREADABLE, Record
from harvest.source import Reply
from harvest.sources.lastfm_rows import READERS, tidy
from harvest.sources.lastfm_xml import root_of
from harvest.texts.names import plain_artist, plain_title
from harvest.transport import Request, Response, raise_for_status, shown
from harvest.worklist import Task

SIMILARS = 50
PLAIN = "plain"
METHODS = {"info": "track.getInfo", "tags": "track.getTopTags", "similars": "track.getSimilar"}

UNKNOWN_TRACK = {pylast.STATUS_INVALID_PARAMS, pylast.STATUS_INVALID_RESOURCE}
TEMPORARY = {
    pylast.STATUS_OPERATION_FAILED,
    pylast.STATUS_OFFLINE,
    pylast.STATUS_TEMPORARILY_UNAVAILABLE,
}
KEY_REFUSED = {
    pylast.STATUS_AUTH_FAILED,
    pylast.STATUS_INVALID_SK,
    pylast.STATUS_INVALID_API_KEY,
    pylast.STATUS_INVALID_SIGNATURE,
    pylast.STATUS_API_KEY_SUSPENDED,
}


class _JsonError(msgspec.Struct):
    """An error as last.fm writes it in JSON, as servers of its shape do also where XML is asked."""

    error: Annotated[int, msgspec.Meta(ge=1, le=99)]
    message: str = ""


class LastfmTracks:
    """Asks last.fm three things of each track, by its raw artist and title.

    A track that it does not know by these is asked for once more by plain names, without what
    services add to them.

    Parameters
    ----------
    settings : LastfmSettings
    what : sequence of str
        Those of `parts` to ask for.
    n_similars : int
        Similar tracks to ask for, 1 to 1000; a full reply of 100 has 105 kB.
    """

    job = "lastfm"
    provider = "lastfm"
    parts: tuple[str, ...] = tuple(METHODS)
    setting = "LASTFM_API_URL"
    batch_size = 1

    def __init__(
        self,
        settings: LastfmSettings,
        *,
        what: Sequence[str] = tuple(METHODS),
        n_similars: int = SIMILARS,
    ) -> None:
        self.address = settings.api_url
        self.wanted = sum(1 << number for number, part in enumerate(self.parts) if part in what)
        self._n_similars = n_similars
        self._network = pylast.LastFMNetwork(
            api_key=settings.api_key.reveal(), api_secret=settings.api_secret.reveal()
        )

    def single(self) -> None:
        """Return None: tracks are asked for one by one."""

    def request(self, tasks: Sequence[Task], part: str) -> Request:
        """Return the request for `part` of the one track in `tasks`."""
        (task,) = tasks
        artist, title = _names(task)
        wanted = {"artist": artist, "track": title, "autocorrect": True}
        if part == "similars":
            wanted["limit"] = self._n_similars
        # The one class that pylast keeps private and its own methods are all made of.
        signed = pylast._Request(self._network, METHODS[part], wanted)  # noqa: SLF001
        return Request("POST", self.address, form=signed.params, secrets=(self._network.api_key,))

    def otherwise(self, task: Task) -> Task | None:
        """Return `task` asked for by plain names, if they differ and nothing matched before."""
        plain = msgspec.structs.replace(task, form=PLAIN, attempts=0)
        is_settled = task.parts or task.form == PLAIN
        return None if is_settled or _names(plain) == _names(task) else plain

    def read(self, tasks: Sequence[Task], part: str, response: Response) -> Reply:
        """Return the rows in `response`; a track that last.fm does not know is missing.

        Raises
        ------
        HarvestError
            What last.fm's error means (`translate`), or the status.
        UnusableReply
            If it is no document of last.fm's, or lacks what was asked for.
        """
        (task,) = tasks
        try:
            return Reply(tidy(self.records(task, part, response)))
        except pylast.WSError as error:
            if int(error.status) in UNKNOWN_TRACK:
                return Reply((), missing={task.spotify_id: f"unknown to last.fm: {error}"})
            raise translate(error, response) from error

    def records(self, task: Task, part: str, response: Response) -> Sequence[Record]:
        """Return the rows in `response`; raise pylast's `WSError` for an error of last.fm's."""
        if response.status < 500 or b"<error code" not in response.body:
            raise_for_status(response, "last.fm")
        return READERS[part](self._parse(response), task.spotify_id)

    def _parse(self, response: Response) -> ET.Element:
        """Return the document's root; raise pylast's `WSError` where it holds an error."""
        if reported := _json_error(response.body):
            raise self._error(str(reported.error), reported.message)
        root = parse_xml(response, self.address)
        if root.get("status") == "ok":
            return root
        error = root.find("error")
        code = error.get("code", "") if error is not None else ""
        if error is None or not is_code(code):
            raise UnusableReply("last.fm reports an error without a code")
        raise self._error(code, error.text or "")

    def _error(self, code: str, text: str) -> pylast.WSError:
        said = shown(text.strip(), (self._network.api_key,))
        return pylast.WSError(self._network, code, said)


def is_code(text: str) -> bool:
    """Say whether `text` may be one of last.fm's codes; `int` refuses numbers of 5,000 digits.

    >>> is_code("29"), is_code("x"), is_code("9" * 5000)
    (True, False, False)
    """
    return text.isdecimal() and len(text) < 10


def _json_error(body: bytes) -> _JsonError | None:
    """Return the error in a reply that is JSON; None where there is none, or it is something else.

    >>> _json_error(b'{"error": 6, "message": "Track not found"}').error
    6
    >>> _json_error(b'<lfm status="ok"/>'), _json_error(b'{"error": "busy"}')
    (None, None)
    """
    if not body.startswith(b"{"):
        return None
    try:
        return msgspec.json.decode(body, type=_JsonError, strict=False)
    except UNREADABLE:
        return None


def parse_xml(response: Response, url: str) -> ET.Element:
    """Return the root of a last.fm document.

    Raises
    ------
    UnusableReply
        If it is something else, such as an HTML error page.
    """
    try:
        root = root_of(response.body)
    except UnusableReply as error:
        raise _not_lastfm(response, url, str(error)) from error
    if root.tag != "lfm":
        raise _not_lastfm(response, url, f"its root is <{root.tag}>")
    return root


def translate(error: pylast.WSError, response: Response) -> RequestError | CredentialsRefused:
    """Return our error for one of last.fm's codes, with the wait that the reply asks for."""
    wait_s = retry_after_s(response.headers.get("Retry-After"))
    code, said = int(error.status), f"last.fm's error {error.status}: {error}"
    if code == pylast.STATUS_RATE_LIMIT_EXCEEDED:
        return RateLimited("last.fm's rate limit is reached (error 29)", retry_after_s=wait_s)
    if code in TEMPORARY:
        return ServiceUnavailable(said, retry_after_s=wait_s)
    if code in KEY_REFUSED:
        return CredentialsRefused(
            f"last.fm refuses the key ({said}); check LASTFM_API_KEY "
            "at https://www.last.fm/api/accounts"
        )
    return RequestRejected(said, advice="check that LASTFM_API_URL is the API's address")


def _names(task: Task) -> tuple[str, str]:
    """Return artist and title as `task` is asked for by them.

    Raises
    ------
    NothingToAsk
        If one of them shows nothing: to last.fm it would be a missing parameter (error 6).
    """
    for what, name in (("artist", task.artist), ("title", task.title)):
        if not any(map(str.isprintable, name.strip())):
            raise NothingToAsk(f"not asked for: the tables have no {what} of it ({name[:20]!r})")
    if task.form == PLAIN:
        return plain_artist(task.artist), plain_title(task.title)
    return task.artist, task.title


def _not_lastfm(response: Response, url: str, why: str) -> RequestError:
    if response.status == 404:
        return Unexpected(f"{url} answers 404; check that LASTFM_API_URL is the API's address")
    return UnusableReply(f"last.fm's reply ({response.status}) is not its XML: {why}")
