"""What the formats have in common: artist and title in one text, times."""

import re
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

# The hyphen of keyboards, those of Unicode up to the horizontal bar, minus, and the wide hyphen.
_DASH = "[-\u2010-\u2015\u2212\uff0d]"
_SPACED_DASH = re.compile(rf"(?<=\s){_DASH}(?=\s)")
_EM_DASH = "\u2014"
# "01 - ", "1. ", "07_", "1-04 " of a second disc, "A1. " of a record, and "01 " with its nought;
# "99 Problems" begins with no number of a track.
_TRACK_NUMBER = re.compile(
    rf"(?:\d{{1,3}}(?:\s+{_DASH}\s+|\.\s+|_+)|0\d\s+"
    rf"|\d{{1,2}}-\d\d\s+(?:{_DASH}\s+)?|[A-H]\d{{1,2}}\.\s+)(?=\S)",
)
_NUMBER_WITHIN = re.compile(rf"(?:.*\s{_DASH}\s+)?\d{{1,3}}\s+{_DASH}\s+(?=\S)")
_NUMBER_AS_ARTIST = re.compile(r"[1-9]\d\d", re.ASCII)  # 311 and 112; few tracks have such numbers
_SUFFIX = re.compile(r"\.[0-9A-Za-z]{2,4}$", re.ASCII)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://", re.ASCII)
_LATEST_S = 2**33  # the year 2242: what is later is no time


def artist_and_title(text: str) -> tuple[str, str]:
    """Part "artist - title" at its first dash; without one all is the title.

    White space stands around the dash, of whatever kind both are; an em dash may go without, where
    there is but one.

    >>> artist_and_title("AC/DC - T.N.T. - Live"), artist_and_title("Intro")
    (('AC/DC', 'T.N.T. - Live'), ('', 'Intro'))
    """
    if dash := _SPACED_DASH.search(text):
        return text[: dash.start()].strip(), text[dash.end() :].strip()
    artist, _, title = (part.strip() for part in text.partition(_EM_DASH))
    if artist and title and _EM_DASH not in title:
        return artist, title
    return "", text.strip()


def names_in(location: str) -> tuple[str, str]:
    r"""Return artist and title from the name of a file, empty where it does not part them.

    A track's number is no part of either; three digits are an artist where nothing else is.

    >>> names_in("file:///music/03%20-%20Nina%20Simone%20-%20Sinnerman.mp3")
    ('Nina Simone', 'Sinnerman')
    >>> names_in("Pink Floyd - 02 - The Thin Ice.flac"), names_in("311 - Down.mp3")
    (('Pink Floyd', 'The Thin Ice'), ('311', 'Down'))
    >>> names_in(r"C:\Music\Intro.mp3"), names_in("07 - Intro.mp3")
    (('', ''), ('', ''))
    """
    if _SCHEME.match(location):
        try:
            location = unquote(urlsplit(location).path)
        except ValueError:
            return "", ""
    elif "%20" in location and " " not in location:  # XSPF and VLC escape relative places too
        location = unquote(location)
    name = _SUFFIX.sub("", PurePosixPath(location.replace("\\", "/")).name)
    number = _TRACK_NUMBER.match(name)
    artist, title = artist_and_title(name[number.end() :] if number else name)
    if not artist:
        artist, title = artist_and_title(name)
        if not _NUMBER_AS_ARTIST.fullmatch(artist):
            return "", ""
    if within := _NUMBER_WITHIN.match(title):
        title = title[within.end() :]
    return (artist, title) if artist and title else ("", "")


def unix_seconds(text: object) -> int:
    """Return a time as Unix seconds; 0 for what is none. Without a zone it is UTC.

    >>> unix_seconds("2021-03-04"), unix_seconds("2021-03-04T00:00:01Z"), unix_seconds("soon")
    (1614816000, 1614816001, 0)
    """
    if not isinstance(text, str):
        return 0
    try:
        moment = datetime.fromisoformat(text.strip())
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return 0
    return int(seconds) if 0 <= seconds < _LATEST_S else 0
