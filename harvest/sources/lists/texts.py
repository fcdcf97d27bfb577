"""What the formats have in common: artist and title in one text, times."""

import re
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

_DASHES = (" - ", " – ", " — ")
# "01 - ", "1. ", "07_", and "01 " with its nought; "99 Problems" begins with no number of a track.
_TRACK_NUMBER = re.compile(r"^(?:\d{1,3}(?:\s+-\s+|\.\s+|_+)|0\d\s+)(?=\S)", re.ASCII)
_SUFFIX = re.compile(r"\.[0-9A-Za-z]{2,4}$", re.ASCII)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://", re.ASCII)
_LATEST_S = 2**33  # the year 2242: what is later is no time


def artist_and_title(text: str) -> tuple[str, str]:
    """Part "artist - title" at its first dash; without one all is the title.

    >>> artist_and_title("AC/DC - T.N.T. - Live"), artist_and_title("Intro")
    (('AC/DC', 'T.N.T. - Live'), ('', 'Intro'))
    """
    places = [(text.find(dash), dash) for dash in _DASHES if dash in text]
    if not places:
        return "", text.strip()
    place, dash = min(places)
    return text[:place].strip(), text[place + len(dash) :].strip()


def names_in(location: str) -> tuple[str, str]:
    r"""Return artist and title from the name of a file, empty where it does not part them.

    >>> names_in("file:///music/03%20-%20Nina%20Simone%20-%20Sinnerman.mp3")
    ('Nina Simone', 'Sinnerman')
    >>> names_in(r"C:\Music\Intro.mp3")
    ('', '')
    """
    if _SCHEME.match(location):
        try:
            location = unquote(urlsplit(location).path)
        except ValueError:
            return "", ""
    name = _SUFFIX.sub("", PurePosixPath(location.replace("\\", "/")).name)
    artist, title = artist_and_title(_TRACK_NUMBER.sub("", name))
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
