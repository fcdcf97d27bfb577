"""Listeners, tags and similar tracks as pylast itself reads them: a cross-check of `lastfm`.

Decision 0008 says where what pylast reads differs from what we read.
"""

from collections.abc import Callable, Sequence
from xml.dom.minidom import Document

import msgspec
import pylast

from harvest.errors import Unexpected, UnusableReply
from harvest.records import Record, SimilarTrack, Tag, TrackInfo
from harvest.sending.pylast_transport import NOT_LASTFM, PylastResponse
from harvest.sources.lastfm import LastfmTracks, is_code
from harvest.transport import Response, raise_for_status, shown
from harvest.worklist import Task

Row = dict[str, object]


class PylastTracks(LastfmTracks):
    """Asks what `LastfmTracks` asks, and lets pylast read what `PylastSender` brings."""

    def records(self, task: Task, part: str, response: Response) -> Sequence[Record]:
        """Return the rows in `response`; raise pylast's `WSError` for an error of last.fm's."""
        assert isinstance(response, PylastResponse)
        raise_for_status(response, "last.fm")
        match response.outcome:
            case pylast.WSError() as error:
                raise self._shown(error)
            case UnusableReply() as error:
                raise _not_lastfm(response, self.address, error)
            case document:
                return read_document(part, document, task.spotify_id, network=self._network)

    def _shown(self, error: pylast.WSError) -> pylast.WSError | UnusableReply:
        """Return `error` fit to be shown."""
        if not is_code(str(error.status)):
            return UnusableReply("last.fm reports an error without a code")
        said = shown(str(error), (self._network.api_key,))
        return pylast.WSError(self._network, error.status, said)


def read_document(
    part: str, document: Document, spotify_id: str, *, network: pylast.LastFMNetwork
) -> list[Record]:
    """Return the rows that pylast finds in `document`.

    Raises
    ------
    UnusableReply
        If it lacks what was asked for, or a value is out of its range.
    """
    parent, kind, read = READERS[part]
    # To pylast a page that holds a document of last.fm's is one, and no tags are no reply at all.
    root = document.documentElement
    if root is None or root.tagName != "lfm":
        raise UnusableReply("last.fm's reply is not its XML")
    if not root.getElementsByTagName(parent):
        raise UnusableReply(f"last.fm sent no <{parent}>")
    try:
        rows = read(_Answered(network, document), document)
        return [
            msgspec.convert(row | {"spotify_id": spotify_id}, kind, strict=False) for row in rows
        ]
    except (*NOT_LASTFM, ValueError) as error:
        raise UnusableReply(f"last.fm sent an unusable {kind.__name__}: {error}") from error


def read_info(track: "_Answered", document: Document) -> list[Row]:
    """Return the one row of track.getInfo.

    Numbers are taken as they stand: pylast's getters make 0 of one that is not there.
    """
    artist = document.getElementsByTagName("artist")[0]
    return [
        {
            "artist": pylast._extract(artist, "name"),  # noqa: SLF001 - pylast has no getter of it
            "title": track.get_title(properly_capitalized=True),
            "listeners": pylast._extract(document, "listeners"),  # noqa: SLF001 - see above
            "playcount": pylast._extract(document, "playcount"),  # noqa: SLF001 - see above
            "mbid": track.get_mbid(),
        }
    ]


def read_tags(track: "_Answered", _: Document) -> list[Row]:
    """Return the rows, possibly none, of track.getTopTags."""
    return [{"tag": top.item.get_name(), "weight": top.weight} for top in track.get_top_tags()]


def read_similars(track: "_Answered", _: Document) -> list[Row]:
    """Return the rows, possibly none, of track.getSimilar."""
    rows: list[Row] = []
    for similar in track.get_similar():
        assert isinstance(similar.item, pylast.Track)
        artist = similar.item.get_artist()
        assert artist
        title, match = similar.item.get_title(), similar.match
        rows.append({"artist": artist.get_name(), "title": title, "match": match})
    return rows


# What each reply has to hold, what its rows become, and who reads them.
READERS: dict[str, tuple[str, type[Record], Callable[["_Answered", Document], list[Row]]]] = {
    "info": ("track", TrackInfo, read_info),
    "tags": ("toptags", Tag, read_tags),
    "similars": ("similartracks", SimilarTrack, read_similars),
}


class _Answered(pylast.Track):
    """A track of pylast's to whose every question one document is the answer."""

    def __init__(self, network: pylast.LastFMNetwork, document: Document) -> None:
        super().__init__("", "", network)
        self._document = document

    def _request(self, *_args: object, **_options: object) -> Document:
        return self._document


def _not_lastfm(response: Response, url: str, why: UnusableReply) -> UnusableReply | Unexpected:
    if response.status == 404:
        return Unexpected(f"{url} answers 404; check that LASTFM_API_URL is the API's address")
    return UnusableReply(f"last.fm's reply ({response.status}) is not its XML: {why}")
