"""Options and help texts that the commands of `harvest` share."""

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
Exit codes: 0 done; 2 wrong usage or input; 74 cannot write; 75 stopped for later;
77 credentials refused; 130, 143 stopped by a signal.
"""


class Provider(StrEnum):
    """Who has audio features."""

    SPOTIFY = "spotify"
    RECCOBEATS = "reccobeats"


class JobName(StrEnum):
    """The jobs that run for days."""

    SPOTIFY = "spotify"
    LASTFM = "lastfm"


class FileFormat(StrEnum):
    """What kind of files are written."""

    PARQUET = "parquet"
    CSV = "csv"


def settings_help(*variables: str) -> str:
    """Return the part of a command's help that names its settings, kept line by line."""
    lines = "".join(text.strip("\n") + "\n" for text in (*variables, STATE_VARIABLE))
    return f"\b\nSettings, from the environment or from .env in this folder:\n{lines}\n{EXIT_CODES}"


def whole(low: int, high: int | None = None) -> Callable[[str | int], int]:
    """Return a parser of whole numbers that says which value was given and what was expected.

    >>> whole(1, 100)("7")
    7
    """
    expected = f"of {low} or more" if high is None else f"from {low} to {high}"

    def parse(given: str | int) -> int:
        text = str(given)  # a default is given as the number that it is
        value = int(text) if text.removeprefix("-").isdecimal() else low - 1
        if value < low or (high is not None and value > high):
            raise typer.BadParameter(f"{text!r} is not a whole number {expected}")
        return value

    return parse


def _positive(text: str) -> float:
    value = _number(text)
    if not 0 < value < inf:
        raise typer.BadParameter(f"{text!r} is not a number above 0")
    return value


def _not_negative(text: str) -> float:
    value = _number(text)
    if not 0 <= value < inf:
        raise typer.BadParameter(f"{text!r} is not a number of 0 or more")
    return value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return -1.0


State = Annotated[
    Path,
    typer.Option(envvar="HARVEST_STATE", metavar="DIR", help="Where everything is kept."),
]
Rate = Annotated[
    float, typer.Option(parser=_positive, metavar="N", help="Requests a second, at most.")
]
ReckonedRate = Annotated[
    float | None,
    typer.Option(
        parser=_positive,
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
DailyBudget = Annotated[
    int | None,
    typer.Option(
        parser=whole(1),
        metavar="N",
        help="Send at most N requests a calendar day, then stop for later.",
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
    typer.Option(parser=whole(0), metavar="N", help="The same seed makes the same catalogue."),
]
DEFAULT_STATE = Path("state")
DEFAULT_RATES = {"spotify": 3.0, "lastfm": 4.0}  # requests a second
