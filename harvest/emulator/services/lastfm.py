"""Last.fm's web service 2.0 in XML, as far as tracks go, with made-up numbers.

Shapes follow replies of ``track.getInfo``, ``track.getTopTags``, ``track.getSimilar`` and
``track.getCorrection``.
"""

import re
import uuid
from collections.abc import Collection
from functools import cached_property
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape, quoteattr

from harvest.emulator.catalogue import noise
from harvest.emulator.catalogue.library import Library
from harvest.emulator.catalogue.recordings import lookup_key, spelling, spellings
from harvest.emulator.catalogue.similars import Similars
from harvest.emulator.catalogue.tags import TagCounts
from harvest.emulator.exchange import XML, Ask, Reply

METHODS = ("track.getinfo", "track.gettoptags", "track.getsimilar", "track.getcorrection")
DEFAULT_LIMIT = 100

_STATUS_OF_CODE = (
    dict.fromkeys((3, 7), 400)
    | dict.fromkeys((4, 9, 10, 13, 26), 403)
    | {6: 404, 8: 500, 11: 503, 16: 503, 29: 429}
)
_SIZES = {"small": "34s", "medium": "64s", "large": "174s", "extralarge": "300x300"}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MESSAGES = {
    3: "Invalid Method - No method with that name in this package",
    4: "Authentication Failed - You do not have permissions to access the service",
    6: "Track not found",
    7: "Invalid resource specified",
    8: "Operation failed - Most likely the backend service failed. Please try again.",
    9: "Invalid session key - Please re-authenticate",
    10: "Invalid API key - You must be granted a valid key by last.fm",
    11: "Service Offline - This service is temporarily offline. Try again later.",
    13: "Invalid method signature supplied",
    16: "There was a temporary error processing your request. Please try again",
    26: "Suspended API key - Access for your account has been suspended",
    29: "Rate limit exceeded - Your IP has made too many requests in a short period",
}


class LastFm:
    """Answers to requests about tracks.

    Parameters
    ----------
    library : Library
        What is served.
    api_keys : collection of str, optional
        Accepted keys; without it any key is accepted, but one must be given.
    """

    def __init__(self, library: Library, *, api_keys: Collection[str] | None = None) -> None:
        self._library = library
        self._similars = Similars(library)
        self._api_keys = api_keys

    def answer(self, ask: Ask) -> Reply:
        """Answer one request.

        Parameters
        ----------
        ask : Ask
            Its form holds the parameters.

        Returns
        -------
        Reply
            XML; an error under the status that goes with its code.
        """
        form = ask.form
        key = form.get("api_key", "")
        if not key or (self._api_keys is not None and key not in self._api_keys):
            return failure(10)
        method = form.get("method", "").lower()
        if method not in METHODS:
            return failure(3)
        artist, title = form.get("artist", "").strip(), form.get("track", "").strip()
        if not artist or not title:
            return failure(6, "Invalid parameters - Your request is missing a required parameter")
        row = self._row(artist, title, is_corrected=form.get("autocorrect") == "1")
        if row is None:
            missing = failure(6)
            return Reply(missing.status, missing.body, XML, served=ask.keys, unknown=1)
        return Reply(200, self._found(method, row, form), XML, served=ask.keys)

    def _found(self, method: str, row: int, form: dict[str, str]) -> bytes:
        if method == "track.getinfo":
            return _document(self._info(row))
        if method == "track.gettoptags":
            return _document(self._top_tags(row))
        if method == "track.getcorrection":
            return _document(self._correction(row, form))
        return _document(self._similar(row, _limit(form.get("limit"))))

    def _row(self, artist: str, title: str, *, is_corrected: bool) -> int | None:
        """Find a recording by its names, or by another spelling of them where that is asked for."""
        key = lookup_key(artist, title)
        row = self._library.row_of.get(key)
        return self._spellings.get(spelling(key)) if row is None and is_corrected else row

    @cached_property
    def _spellings(self) -> dict[str, int]:
        return spellings(self._library.row_of)

    def _names(self, row: int) -> tuple[str, str]:
        library = self._library
        return library.artist_names[library.artist_of[row]], library.lastfm_titles[row]

    def _listeners(self, row: int) -> tuple[int, int]:
        """Make up listeners and playcount from the track's popularity and its names."""
        seed = noise.key(lookup_key(*self._names(row)))
        listeners = int((1.0 + self._library.popularity[row]) * (20 + seed % 480)) + 3
        return listeners, listeners * (3 + seed % 9) + seed % 7

    def _info(self, row: int) -> str:
        artist, title = self._names(row)
        album = self._library.album_names[self._library.album_of[row]]
        listeners, playcount = self._listeners(row)
        tags = "".join(_tag(name) for name, _ in self._tags(row)[:5])
        return (
            f"<track><name>{_text(title)}</name>\n{_mbid(artist, title)}"
            f"<url>{_track_url(artist, title)}</url>\n"
            f"<duration>{self._library.duration_ms[row] // 1000 * 1000}</duration>\n"
            '<streamable fulltrack="0">0</streamable>\n'
            f"<listeners>{listeners}</listeners>\n<playcount>{playcount}</playcount>\n"
            f"{_artist(artist)}"
            f"<album><artist>{_text(artist)}</artist>\n<title>{_text(album)}</title>\n"
            f"<url>{_artist_url(artist)}/{quote_plus(album, errors='replace')}</url>\n"
            f"{_images(album)}</album>\n"
            f"<toptags>{tags}</toptags>\n</track>\n"
        )

    def _top_tags(self, row: int) -> str:
        artist, title = self._names(row)
        tags = "".join(_tag(name, count) for name, count in self._tags(row))
        return f"<toptags artist={_attr(artist)} track={_attr(title)}>{tags}</toptags>\n"

    def _similar(self, row: int, limit: int) -> str:
        artist, title = self._names(row)
        tracks = "".join(
            self._similar_track(other, match) for other, match in self._similars.similar(row, limit)
        )
        names = f"artist={_attr(artist)} track={_attr(title)}"
        return f"<similartracks {names}>{tracks}</similartracks>\n"

    def _similar_track(self, row: int, match: float) -> str:
        artist, title = self._names(row)
        return (
            f"<track><name>{_text(title)}</name>\n"
            f"<playcount>{self._listeners(row)[1]}</playcount>\n{_mbid(artist, title)}"
            f"<match>{match:.3f}</match>\n<url>{_track_url(artist, title)}</url>\n"
            '<streamable fulltrack="0">0</streamable>\n'
            f"<duration>{self._library.duration_ms[row] // 1000}</duration>\n"
            f"{_artist(artist)}{_images(title)}</track>\n"
        )

    def _correction(self, row: int, form: dict[str, str]) -> str:
        artist, title = self._names(row)
        artist_differs = int(artist != form["artist"])
        title_differs = int(title != form["track"])
        return (
            f'<corrections><correction index="0" artistcorrected="{artist_differs}"'
            f' trackcorrected="{title_differs}"><track><name>{_text(title)}</name>\n'
            f"{_mbid(artist, title)}<url>{_track_url(artist, title)}</url>\n"
            f"{_artist(artist)}</track>\n</correction>\n</corrections>\n"
        )

    def _tags(self, row: int) -> TagCounts:
        return self._library.artist_tags[int(self._library.artist_of[row])]


def failure(code: int, message: str | None = None, *, status: int | None = None) -> Reply:
    """Refuse as last.fm does.

    Parameters
    ----------
    code : int
        last.fm's error code.
    message : str, optional
        The service's words; the usual ones for the code otherwise.
    status : int, optional
        HTTP status; the usual one for the code otherwise.

    Returns
    -------
    Reply
        ``<lfm status="failed">``.

    Examples
    --------
    >>> b'<error code="29">' in failure(29).body
    True
    """
    words = escape(message or _MESSAGES[code])
    body = f'<lfm status="failed">\n  <error code="{code}">{words}</error>\n</lfm>\n'
    return Reply(status or _STATUS_OF_CODE[code], _declared(body), XML)


def _document(content: str) -> bytes:
    return _declared(f'<lfm status="ok">{content}</lfm>\n')


def _declared(content: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8" ?>\n{content}'.encode("utf-8", "replace")


def _text(text: str) -> str:
    """Escape a text; what XML 1.0 cannot hold at all is left out.

    >>> _text("Salt & <Pepper>" + chr(7))
    'Salt &amp; &lt;Pepper&gt;'
    """
    return escape(_NOT_XML.sub("", text), {"'": "&apos;"})


def _attr(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", text))


def _limit(given: str | None) -> int:
    """Read the parameter; what is no number means the default.

    >>> _limit("5"), _limit(None), _limit("many")
    (5, 100, 100)
    """
    return int(given) if given and given.isdecimal() and int(given) > 0 else DEFAULT_LIMIT


def _mbid(*names: str) -> str:
    """Make up an MBID; two recordings in five have none."""
    seed = noise.key("\t".join(names))
    if seed % 5 < 2:
        return ""
    return f"<mbid>{uuid.UUID(int=seed * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128)}</mbid>\n"


def _artist_url(artist: str) -> str:
    return f"https://www.last.fm/music/{quote_plus(artist, errors='replace')}"


def _track_url(artist: str, title: str) -> str:
    return f"{_artist_url(artist)}/_/{quote_plus(title, errors='replace')}"


def _artist(artist: str) -> str:
    return (
        f"<artist><name>{_text(artist)}</name>\n{_mbid(artist)}"
        f"<url>{_artist_url(artist)}</url>\n</artist>\n"
    )


def _images(name: str) -> str:
    digits = f"{noise.key(name):032x}"
    return "".join(
        f'<image size="{size}">https://lastfm.freetls.fastly.net/i/u/{folder}/{digits}.png</image>\n'
        for size, folder in _SIZES.items()
    )


def _tag(name: str, count: int | None = None) -> str:
    counted = "" if count is None else f"<count>{count}</count>"
    url = f"https://www.last.fm/tag/{quote(name, errors='replace')}"
    return f"<tag><name>{_text(name)}</name>{counted}<url>{_text(url)}</url></tag>"
