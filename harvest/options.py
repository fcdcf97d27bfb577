"""Options and help texts that the commands of `harvest` share."""

from enum import StrEnum
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


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise typer.BadParameter(f"{text!r} is not a number above 0")
    return value


State = Annotated[
    Path,
    typer.Option(envvar="HARVEST_STATE", metavar="DIR", help="Where everything is kept."),
]
Rate = Annotated[
    float, typer.Option(parser=_positive, metavar="N", help="Requests a second, at most.")
]
Concurrency = Annotated[int, typer.Option(min=1, max=256, help="Requests at a time.")]
Limit = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Ask for at most N tracks in this run.")
]
MaxWait = Annotated[
    float,
    typer.Option(
        "--max-wait",
        min=0,
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
        min=1, metavar="N", help="Send at most N requests a calendar day, then stop for later."
    ),
]
Log = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Append what happens to FILE, as lines of JSON."),
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace features that came from another provider.")
]
Playlists = Annotated[int, typer.Option(min=1, help="Playlists of the made-up catalogue.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed makes the same catalogue.")]
DEFAULT_STATE = Path("state")
DEFAULT_RATES = {"spotify": 3.0, "lastfm": 4.0}  # requests a second
