"""Documents of last.fm -> rows."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from xml.etree import ElementTree as ET

import msgspec

from harvest.errors import UnusableReply
from harvest.records import Record, SimilarTrack, Tag, TrackInfo

R = TypeVar("R", bound=Record)


def read_info(root: ET.Element, spotify_id: str) -> list[TrackInfo]:
    """Return the one row in a reply of track.getInfo.

    Raises
    ------
    UnusableReply
        If there is no track in it, or a field of it is absent or out of range.
    """
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


def tidy(records: Sequence[Record]) -> Sequence[Record]:
    """Leave out what is said twice, but for the strongest, and tags and similars without a name.

    >>> tidy([Tag("a", "rock", 7), Tag("a", "rock", 100), Tag("a", "", 50)])
    [Tag(spotify_id='a', tag='rock', weight=100)]
    """
    named = [record for record in records if all(_key(record))]
    # The weakest first, for the last one stays; in the order in which they came.
    last = {_key(record): record for record in sorted(named, key=_strength)}
    return [record for record in named if last.get(_key(record)) is record]


def _key(record: Record) -> tuple[str, ...]:
    """Return the names that a row is known by, of one track."""
    match record:
        case Tag():
            return (record.tag,)
        case SimilarTrack():
            return (record.artist, record.title)
    return (record.spotify_id,)


def _strength(record: Record) -> float:
    match record:
        case Tag():
            return record.weight
        case SimilarTrack():
            return record.match
    return 0.0


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
