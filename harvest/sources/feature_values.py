"""Read one cell of a table of audio features: a number, a note, a mode, a length, an id.

A cell is text in a CSV file, and may be a number or None in a Parquet file. Each reader returns
what `AudioFeatures` is to check, or raises `ValueError` where it cannot tell what is meant.
"""

import re
from functools import lru_cache
from math import isfinite, isnan

NOTHING = frozenset({"", "-", "na", "n/a", "#n/a", "<na>", "nan", "null", "none", r"\n"})

_TRACK = re.compile(
    r"""\s*(?:
        spotify:track:([0-9A-Za-z]{22})(?:[?#].*)?
      | (?:https?://)?(?:open|play)\.spotify\.com/(?:intl-[\w-]+/)?(?:embed/)?
            track/([0-9A-Za-z]{22})(?:[/?#].*)?
      | (?:https?://)?api\.spotify\.com/v1/
            (?:tracks|audio-features|audio-analysis)/([0-9A-Za-z]{22})(?:[/?#].*)?
      | ([0-9A-Za-z]{22})
    )\s*""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)
_ELSEWHERE = re.compile(r"\s*spotify:|.*\bspotify\.com/", re.DOTALL)
_KEY = re.compile(
    r"""\s*
    (?: (?P<note>[a-g][#b♯♭]?) (?:\s*/\s*(?P<same>[a-g][#b♯♭]?))? )? \s*
    (?: (?P<major>maj(?:or)?) | (?P<minor>min(?:or)?) )? \s*""",
    re.VERBOSE | re.IGNORECASE,
)
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d\d)(?:\.(\d{1,3})\d*)?", re.ASCII)
_METRE = re.compile(r"(\d{1,2})/\d{1,2}", re.ASCII)
_DECIMAL_COMMA = re.compile(r",(?=[0-9]{1,2}\s*$)")
_THOUSANDS = re.compile(r"\s*[1-9][0-9]{0,2}(?:\.[0-9]{3})+\s*")
_NATURALS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}


def track_id(cell: object) -> str | None:
    """Return the Spotify id of the track that a cell names, None where it names none.

    Raises
    ------
    ValueError
        It names something else of Spotify's: an episode, an album, a local file.

    Examples
    --------
    >>> track_id("https://open.spotify.com/intl-de/track/0000000000000000000001?si=a")
    '0000000000000000000001'
    >>> track_id("17") is None
    True
    """
    text = cell.decode("utf-8", "replace") if isinstance(cell, bytes) else cell
    if not isinstance(text, str):
        return None
    match = _TRACK.fullmatch(text)
    if match:
        return match.group(match.lastindex or 0)
    if _ELSEWHERE.match(text):
        raise ValueError(text)
    return None


def is_nothing(cell: object) -> bool:
    """Say whether a cell holds no value: empty, or one of the words for it.

    >>> is_nothing(" NaN"), is_nothing(None), is_nothing("0")
    (True, True, False)
    """
    if isinstance(cell, str):
        return cell.strip().casefold() in NOTHING
    return cell is None or (isinstance(cell, float) and isnan(cell))


def number(cell: object) -> float:
    """Return a cell's number.

    >>> number(" .5"), number("1e-05"), number(3)
    (0.5, 1e-05, 3.0)
    """
    if isinstance(cell, str):
        if "_" in cell:
            raise ValueError(cell)
        return float(cell)
    try:
        return float(cell)  # type: ignore[arg-type]
    except TypeError as error:
        raise ValueError(cell) from error


def percent(cell: object) -> float:
    """Return the share that a percentage means.

    >>> percent("53")
    0.53
    """
    return number(cell) / 100


def whole_percent(cell: object) -> float:
    """Return the share that a whole percentage means; anything between two whole ones is refused.

    >>> whole_percent("53")
    0.53
    """
    value = number(cell)
    if not value.is_integer():
        raise ValueError(cell)
    return value / 100


def milliseconds(cell: object) -> int | None:
    """Return a whole number of milliseconds.

    A comma is a decimal one where one or two digits follow; with three it may part thousands, and
    so may a point behind no more than three: a guess would be wrong by a factor of a thousand.

    >>> milliseconds("215000.4"), milliseconds("2e+05"), milliseconds("215000,0")
    (215000, 200000, 215000)
    """
    if isinstance(cell, str):
        if cell.isdecimal():
            return int(cell)
        if _THOUSANDS.fullmatch(cell):
            raise ValueError(cell)
        cell = _DECIMAL_COMMA.sub(".", cell)
    return None if is_nothing(cell) else _whole(number(cell))


def seconds(cell: object) -> int | None:
    """Return seconds as milliseconds.

    >>> seconds("215.04"), seconds(None)
    (215040, None)
    """
    return None if is_nothing(cell) else _whole(number(cell) * 1000)


def clock(cell: object) -> int | None:
    """Return minutes:seconds, with hours before them or not, as milliseconds.

    A bare number is no length: nothing says whether it counts seconds or milliseconds, and a guess
    would be wrong by a factor of a thousand.

    >>> clock("3:45"), clock("1:00:01"), clock("0:59.5"), clock("215")
    (225000, 3601000, 59500, None)
    """
    match = _CLOCK.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if match is None:
        return None
    hours, minutes, whole, fraction = match.groups()
    whole_s = int(hours or 0) * 3600 + int(minutes) * 60 + int(whole)
    return whole_s * 1000 + int((fraction or "0").ljust(3, "0"))


@lru_cache(maxsize=1024)
def key(cell: object) -> float | None:
    """Return a pitch class: a number, or a note with or without its mode.

    >>> key("C#"), key("D♭"), key("C♯/D♭ Major"), key("-1"), key("")
    (1, 1, 1, -1.0, None)
    """
    if is_nothing(cell):
        return None
    match = _KEY.fullmatch(cell) if isinstance(cell, str) else None
    if match is None or match["note"] is None:
        return number(cell)
    pitches = {_pitch(note) for note in match.group("note", "same") if note}
    if len(pitches) > 1:
        raise ValueError(cell)
    return pitches.pop()


@lru_cache(maxsize=1024)
def mode(cell: object) -> float | None:
    """Return 0 for minor, 1 for major.

    >>> mode("Major"), mode("C minor"), mode("1"), mode("NA")
    (1, 0, 1.0, None)
    """
    if is_nothing(cell):
        return None
    named = mode_of_key(cell)
    return number(cell) if named is None else named


@lru_cache(maxsize=1024)
def mode_of_key(cell: object) -> int | None:
    """Return the mode that stands behind a note, None where none does.

    >>> mode_of_key("G Major"), mode_of_key("B♭ min"), mode_of_key("G"), mode_of_key("1")
    (1, 0, None, None)
    """
    match = _KEY.fullmatch(cell) if isinstance(cell, str) else None
    if match is None or match["major"] == match["minor"]:
        return None
    return int(match["major"] is not None)


@lru_cache(maxsize=1024)
def metre(cell: object) -> float | None:
    """Return the beats in a bar.

    >>> metre("4/4"), metre("4.0"), metre("null")
    (4, 4.0, None)
    """
    if is_nothing(cell):
        return None
    match = _METRE.fullmatch(cell.strip()) if isinstance(cell, str) else None
    return int(match[1]) if match else number(cell)


def _whole(value: float) -> int:
    if not isfinite(value):
        raise ValueError(value)
    return round(value)


def _pitch(note: str) -> int:
    shift = {"#": 1, "♯": 1, "b": -1, "♭": -1}.get(note[1:].lower(), 0)
    return (_NATURALS[note[0].lower()] + shift) % 12
