"""Options that several commands share, and the line of progress that all of them print."""

import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from model.commands.number_options import count_or_all, whole_option
from model.processors import processors
from model.saying import Say
from model.settings import Settings

DEFAULTS = Settings()
DEFAULT_STATE = Path("state")
DEFAULT_WORKERS = processors()


def folder(text: str | Path) -> Path:
    """Parse the path of a folder; an empty one, such as an unset variable's, is refused."""
    if not str(text).strip():
        msg = f"{text!r} names no folder; leave the option out for the default"
        raise typer.BadParameter(msg)
    return Path(text)


def seed_option(text: str) -> Any:
    """Return an option that takes a seed of chance, by either of its names."""
    return whole_option("--random-state", "--seed", low=0, high=2**32 - 1, help=text)


def playlists_option(text: str) -> Any:
    """Return an option that takes a number of playlists, or all of them."""
    return typer.Option(parser=count_or_all, metavar="N|all", help=text)


Seed = Annotated[int, seed_option("Seed of the split, and of all that is drawn by chance.")]
State = Annotated[
    Path,
    typer.Option(
        parser=folder,
        envvar="HARVEST_STATE",
        metavar="DIR",
        help="Directory that `harvest` filled.",
    ),
]
Workers = Annotated[
    int,
    whole_option(
        low=1,
        high=1024,
        show_default="one a processor",
        help="Processes and threads at a time; changes no result.",
    ),
]
Dask = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", help="Send the work to this Dask scheduler; changes no result."
    ),
]


def is_typed(context: typer.Context, option: str) -> bool:
    """Whether an option stands on the command line, rather than being a default."""
    source = context.get_parameter_source(option)
    return source is not None and source.name == "COMMANDLINE"


def progress() -> Say:
    """Give a function that prints a line to stderr, with the seconds since the start."""
    start = time.monotonic()

    def say(line: str) -> None:
        print(f"model: {time.monotonic() - start:6.1f} s  {line}", file=sys.stderr, flush=True)

    return say
