"""Listeners, tags and similar tracks from last.fm.

pylast builds (and where there is a session, signs) the parameters and names the errors. Sending and
parsing are ours: pylast's own client blocks, and parses each reply twice.
https://www.last.fm/api/show/track.getInfo, track.getTopTags, track.getSimilar
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from xml.etree import ElementTree as ET

import msgspec
import pylast

from harvest.config import LastfmSettings
from harvest.errors import (
    CredentialsRefused,
    RateLimited,
    RequestError,
    RequestRejected,
    ServiceUnavailable,
    Unexpected,
    UnusableReply,
)
from harvest.records import Record, SimilarTrack, Tag, TrackInfo
from harvest.source import Reply
from harvest.transport import Request, Response, raise_for_status, shown
from harvest.worklist import Task

SIMILARS = 50
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

R = TypeVar("R", bound=Record)


class LastfmTracks:
    """Asks last.fm three things of each track, by its raw artist and title.

    Parameters
    ----------
    settings : LastfmSettings
    n_similars : int
        Similar tracks to ask for; a full reply of 100 has 105 kB.
    """

    job = "lastfm"
    provider = "lastfm"
    parts: tuple[str, ...] = tuple(METHODS)
    batch_size = 1

    def __init__(self, settings: LastfmSettings, *, n_similars: int = SIMILARS) -> None:
        self.address = settings.api_url
        self._n_similars = n_similars
        self._network = pylast.LastFMNetwork(
            api_key=settings.api_key.reveal(), api_secret=settings.api_secret.reveal()
        )

    def single(self) -> None:
        """Return None: tracks are asked for one by one."""

    def request(self, tasks: Sequence[Task], part: str) -> Request:
        """Return the request for `part` of the one track in `tasks`."""
        (task,) = tasks
        wanted = {"artist": task.artist, "track": task.title, "autocorrect": True}
        if part == "similars":
            wanted["limit"] = self._n_similars
        # The one class that pylast keeps private and its own methods are all made of.
        signed = pylast._Request(self._network, METHODS[part], wanted)  # noqa: SLF001
        return Request("POST", self.address, form=signed.params)

    def read(self, tasks: Sequence[Task], part: str, response: Response) -> Reply:
        """Return the rows in `response`."""
        (task,) = tasks
        if response.status < 500 or b"<error code" not in response.body:
            raise_for_status(response, "last.fm")
        try:
            root = self._parse(response)
        except pylast.WSError as error:
            if int(error.status) in UNKNOWN_TRACK:
                return Reply((), missing={task.spotify_id: f"unknown to last.fm: {error}"})
            raise translate(error) from error
        return Reply(READERS[part](root, task.spotify_id))

    def _parse(self, response: Response) -> ET.Element:
        """Return the document's root; raise pylast's `WSError` where it holds an error."""
        root = parse_xml(response, self.address)
        if root.get("status") == "ok":
            return root
        error = root.find("error")
        code = error.get("code", "") if error is not None else ""
        if error is None or not code.isdecimal():
            raise UnusableReply("last.fm reports an error without a code")
        # What a service says may repeat what it was sent.
        said = (error.text or "").strip().replace(self._network.api_key, "***")
        raise pylast.WSError(self._network, code, shown(said))


def parse_xml(response: Response, url: str) -> ET.Element:
    """Return the root of a last.fm document.

    Documents that declare a type are refused, and with them every entity: no reply of last.fm has
    one, and they are how XML bombs are made.

    Raises
    ------
    UnusableReply
        If it is something else, such as an HTML error page.
    """
    try:
        text = response.body.decode("utf-8-sig")
        if "<!DOCTYPE" in text:
            raise _not_lastfm(response, url, "it declares a document type")
        root = ET.fromstring(text)  # noqa: S314 - no document type, no entities
    except (UnicodeDecodeError, ET.ParseError, RecursionError) as error:
        raise _not_lastfm(response, url, str(error)) from error
    if root.tag != "lfm":
        raise _not_lastfm(response, url, f"its root is <{root.tag}>")
    return root


def read_info(root: ET.Element, spotify_id: str) -> list[TrackInfo]:
    """Return the one row in a reply of track.getInfo."""
    track = root.find("track")
    if track is None:
        raise UnusableReply("last.fm sent no track")
    return _convert([_info_row(track, spotify_id)], TrackInfo)


def read_tags(root: ET.Element, spotify_id: str) -> list[Tag]:
    """Return the rows, possibly none, in a reply of track.getTopTags."""
    rows = (
        {"spotify_id": spotify_id, "tag": tag.findtext("name"), "weight": tag.findtext("count")}
        for tag in _children(root, "toptags", "tag")
    )
    return _convert(rows, Tag)


def read_similars(root: ET.Element, spotify_id: str) -> list[SimilarTrack]:
    """Return the rows, possibly none, in a reply of track.getSimilar."""
    rows = (
        {
            "spotify_id": spotify_id,
            "artist": track.findtext("artist/name"),
            "title": track.findtext("name"),
            "match": track.findtext("match"),
        }
        for track in _children(root, "similartracks", "track")
    )
    return _convert(rows, SimilarTrack)


READERS: dict[str, Callable[[ET.Element, str], Sequence[Record]]] = {
    "info": read_info,
    "tags": read_tags,
    "similars": read_similars,
}


def translate(error: pylast.WSError) -> RequestError | CredentialsRefused:
    """Return our error for one of last.fm's codes."""
    code, said = int(error.status), f"last.fm's error {error.status}: {error}"
    if code == pylast.STATUS_RATE_LIMIT_EXCEEDED:
        return RateLimited("last.fm's rate limit is reached (error 29)", retry_after_s=None)
    if code in TEMPORARY:
        return ServiceUnavailable(said)
    if code in KEY_REFUSED:
        return CredentialsRefused(
            f"last.fm refuses the key ({said}); check LASTFM_API_KEY "
            "at https://www.last.fm/api/accounts"
        )
    return RequestRejected(said)


def _info_row(track: ET.Element, spotify_id: str) -> dict[str, str | None]:
    return {
        "spotify_id": spotify_id,
        "artist": track.findtext("artist/name"),
        "title": track.findtext("name"),
        "listeners": track.findtext("listeners"),
        "playcount": track.findtext("playcount"),
        "mbid": track.findtext("mbid") or None,
    }


def _children(root: ET.Element, parent: str, child: str) -> Iterable[ET.Element]:
    element = root.find(parent)
    if element is None:
        raise UnusableReply(f"last.fm sent no <{parent}>")
    return element.findall(child)


def _convert(rows: Iterable[dict[str, str | None]], kind: type[R]) -> list[R]:
    """Turn the texts of a document into records, checking ranges."""
    try:
        return [msgspec.convert(row, kind, strict=False) for row in rows]
    except msgspec.ValidationError as error:
        raise UnusableReply(f"last.fm sent an unusable {kind.__name__}: {error}") from error


def _not_lastfm(response: Response, url: str, why: str) -> RequestError:
    if response.status == 404:
        return Unexpected(f"{url} answers 404; check that LASTFM_API_URL is the API's address")
    return UnusableReply(f"last.fm's reply ({response.status}) is not its XML: {why}")
