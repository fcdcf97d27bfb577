"""Options and help texts that the commands of `harvest` share."""

import re
from collections.abc import Callable
from enum import StrEnum
from math import inf
from pathlib import Path
from typing import Annotated

import typer

SPOTIFY_VARIABLES = """
  SPOTIFY_CLIENT_ID      of your app at developer.spotify.com
  SPOTIFY_CLIENT_SECRET  of the same
  SPOTIFY_API_KEY        instead of these, for a service that sells keys: sent as it is
  SPOTIFY_API_URL        default https://api.spotify.com/v1
  SPOTIFY_TOKEN_URL      default https://accounts.spotify.com/api/token
"""
LASTFM_VARIABLES = """
  LASTFM_API_KEY         of your API account at last.fm
  LASTFM_API_SECRET      of the same; optional
  LASTFM_API_URL         default https://ws.audioscrobbler.com/2.0/
"""
RECCOBEATS_VARIABLES = """
  RECCOBEATS_API_URL     default https://api.reccobeats.com/v1
"""
STATE_VARIABLE = """
  HARVEST_STATE          the same as --state
"""
EXIT_CODES = """
\b
Exit codes: 0 done; 2 wrong usage or input; 70 a fault in the program; 74 cannot write;
75 stopped for later; 77 credentials refused; 130, 143 stopped by a signal.
"""


MOST = 10**9  # nothing that is counted comes in larger numbers
LEAST_RATE = 1e-5  # requests a second, 0.9 a day
PARTS = "info,tags,similars"

_SIZE = re.compile(r"(?P<number>\d{1,18}(\.\d{1,9})?)\s*(?P<unit>[kmgt]?b|[kmgt]ib)?", re.ASCII)
_UNITS = {
    prefix + unit: base**power
    for power, prefix in enumerate(("", "k", "m", "g", "t"))
    for unit, base in (("b", 1000), ("ib", 1024))
}


class Provider(StrEnum):
    """Who has audio features."""

    SPOTIFY = "spotify"
    RECCOBEATS = "reccobeats"


class Transport(StrEnum):
    """Who sends requests to last.fm and reads its replies."""

    AIOHTTP = "aiohttp"
    PYLAST = "pylast"


class JobName(StrEnum):
    """The jobs that run for days."""

    SPOTIFY = "spotify"
    LASTFM = "lastfm"
    NAMES = "names"
    IDS = "ids"


class FileFormat(StrEnum):
    """What kind of files are written."""

    PARQUET = "parquet"
    CSV = "csv"


def settings_help(*variables: str) -> str:
    """Return the part of a command's help that names its settings, kept line by line."""
    lines = "".join(text.strip("\n") + "\n" for text in (*variables, STATE_VARIABLE))
    return f"\b\nSettings, from the environment or from .env in this folder:\n{lines}\n{EXIT_CODES}"


def whole(low: int, high: int = MOST) -> Callable[[str | int], int]:
    """Return a parser of whole numbers that says which value was given and what was expected.

    >>> whole(1, 100)("7")
    7
    """

    def parse(given: str | int) -> int:
        text = str(given).strip()  # a default is given as the number that it is
        is_whole = text.isascii() and text.removeprefix("-").isdigit() and len(text) < 20
        if not is_whole or not low <= int(text) <= high:
            raise typer.BadParameter(f"{str(given)!r} is not a whole number from {low} to {high:,}")
        return int(text)

    return parse


def parts(text: str) -> str:
    """Parse a choice of what to ask last.fm for, in any order; return it in the order of asking.

    >>> parts("similars, info")
    'info,similars'
    """
    known, names = PARTS.split(","), [name.strip() for name in text.split(",")]
    wrong = [name for name in names if name not in known]
    if wrong:
        raise typer.BadParameter(
            f"{wrong[0]!r} is none of {', '.join(known)}; give one or more, with commas between"
        )
    return ",".join(part for part in known if part in names)


def size(text: str | int) -> int:
    """Parse a number of bytes, with or without a unit of thousands or of 1024.

    >>> size("100MB"), size("1.5 GB"), size("2KiB"), size("4096")
    (100000000, 1500000000, 2048, 4096)
    """
    found = _SIZE.fullmatch(str(text).strip().lower())
    value = round(float(found["number"]) * _UNITS[found["unit"] or "b"]) if found else 0
    if not 1 <= value < 2**63:
        raise typer.BadParameter(f"{text!r} is no size such as 100MB, 1.5GB or 1000000")
    return value


def folder(text: str | Path) -> Path:
    """Parse the path of a folder, which need not exist; an unset variable's, '', is refused."""
    if not str(text).strip():
        raise typer.BadParameter(f"{text!r} names no folder; leave the option out for the default")
    return Path(text)


def name(text: str) -> str:
    """Parse a name, which has to have a letter and may be shown in a line."""
    found = text.strip()
    if not found:
        raise typer.BadParameter(f"{text!r} is no name; leave the option out for the default")
    if not found.isprintable():
        raise typer.BadParameter(f"{text!r} is no name: expected printable characters alone")
    return found


def rate(text: str) -> float:
    """Parse requests a second; far fewer than one a day would not be waited for."""
    value = _number(text)
    if not LEAST_RATE <= value <= MOST:
        raise typer.BadParameter(
            f"{text!r} is not a number from {LEAST_RATE:.5f}, about one a day, to {MOST:,}"
        )
    return value


def share(text: str) -> float:
    """Parse a share, 0 to 1."""
    value = _number(text)
    if not 0 <= value <= 1:
        raise typer.BadParameter(f"{text!r} is not a share from 0 to 1")
    return value


def positive_share(text: str | float) -> float:
    """Parse a share above 0, up to 1."""
    value = _number(text)
    if not 0 < value <= 1:
        raise typer.BadParameter(f"{str(text)!r} is not a number above 0 and up to 1")
    return value


def _not_negative(text: str) -> float:
    value = _number(text)
    if not 0 <= value < inf:
        raise typer.BadParameter(f"{text!r} is not a number of 0 or more")
    return value


def _number(text: str | float) -> float:
    try:
        return float(text)
    except ValueError:
        return -1.0


State = Annotated[
    Path,
    typer.Option(
        parser=folder, envvar="HARVEST_STATE", metavar="DIR", help="Where everything is kept."
    ),
]
Rate = Annotated[float, typer.Option(parser=rate, metavar="N", help="Requests a second, at most.")]
ReckonedRate = Annotated[
    float | None,
    typer.Option(
        parser=rate,
        metavar="N",
        help="Reckon with N requests a second; default 3 for spotify, 4 for lastfm.",
    ),
]
Concurrency = Annotated[
    int,
    typer.Option(parser=whole(1, 256), metavar="N", help="Requests at a time, up to 256."),
]
Limit = Annotated[
    int | None,
    typer.Option(parser=whole(1), metavar="N", help="Ask for at most N tracks in this run."),
]
MaxWait = Annotated[
    float,
    typer.Option(
        "--max-wait",
        parser=_not_negative,
        metavar="S",
        help="The longest wait, in seconds, that the service may impose; above it the job stops "
        "for later, with exit code 75.",
    ),
]
Wait = Annotated[
    bool,
    typer.Option(
        "--wait", help="Sit out such a wait, or the end of the day, instead; it is counted down."
    ),
]
IgnoreWait = Annotated[
    bool,
    typer.Option(
        "--ignore-wait",
        help="Forget a wait that the service imposed on an earlier run, and ask at once.",
    ),
]
DailyBudget = Annotated[
    int | None,
    typer.Option(
        parser=whole(1),
        metavar="N",
        help="Send at most N requests a calendar day, local time, then stop for later; "
        "requests for tokens are not counted.",
    ),
]
Log = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Append what happens to FILE, as lines of JSON."),
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace features that came from another provider.")
]
Playlists = Annotated[
    int, typer.Option(parser=whole(1), metavar="N", help="Playlists of the made-up catalogue.")
]
Seed = Annotated[
    int,
    typer.Option(
        parser=whole(0, 2**32 - 1), metavar="N", help="The same seed makes the same catalogue."
    ),
]
What = Annotated[
    str,
    typer.Option(
        "--what",
        parser=parts,
        metavar="LIST",
        help="What to ask for: any of info, tags and similars, with commas between them. What was "
        "asked for before stays; a later run asks for what is lacking alone.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        parser=whole(1, 1024),
        metavar="N",
        help="Processes or threads at a time; default one a processor, 8 at most.",
    ),
]
Similars = Annotated[
    int,
    typer.Option(
        "--similars",
        parser=whole(1, 1000),
        metavar="N",
        help="Similar tracks of each track, at most; changes only what is asked from now on.",
    ),
]
MaxBytes = Annotated[
    int | None,
    typer.Option(
        "--max-bytes",
        parser=size,
        metavar="SIZE",
        help="Stop for later, with exit code 75, once so much of last.fm's data is stored (UTF-8 "
        "bytes of texts, 8 for a number): 100MB, 1.5GB or a number of bytes. What is on its way "
        "then is stored too.",
    ),
]
DEFAULT_STATE = Path("state")
DEFAULT_RATES = {"spotify": 3.0, "lastfm": 4.0}  # requests a second
