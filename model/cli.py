"""The `model` program: parse, build the settings, call one function, give the exit code."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from dotenv import load_dotenv
from typer.exceptions import TyperException

from model.errors import EXIT_INPUT, EXIT_STORAGE, InputError, ModelError
from model.settings import PARTS, Part, Settings

EXIT_INTERRUPTED = 128 + signal.SIGINT
EXIT_TERMINATED = 128 + signal.SIGTERM
EXIT_FAULT = 70

app = typer.Typer(
    name="model",
    help="Learn from playlists, make playlists, and say how good they are.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=True,
)


class ProtocolName(StrEnum):
    """How to evaluate."""

    HOLDOUT = "holdout"
    PUBLISHED = "published"


class PartName(StrEnum):
    """Which part of the split to generate for."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"
    ALL = "all"


_PARTS_OF: dict[PartName, tuple[Part, ...]] = {
    PartName.TRAIN: ("train",),
    PartName.VALIDATION: ("validation",),
    PartName.TEST: ("test",),
    PartName.ALL: PARTS,
}


class Terminated(BaseException):
    """The process was asked to end (SIGTERM)."""


@app.callback(invoke_without_command=True)
def _commands(context: typer.Context) -> None:
    """Learn from playlists, make playlists, and say how good they are."""
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command()
def evaluate(
    state: Annotated[
        Path,
        typer.Option(envvar="HARVEST_STATE", help="Directory that `harvest` filled."),
    ] = Path("state"),
    protocol: Annotated[
        ProtocolName,
        typer.Option(
            help="holdout: fitted on the training part, judged on another. "
            "published: as the study did it, with its faults, to compare figures."
        ),
    ] = ProtocolName.HOLDOUT,
    part: Annotated[
        PartName | None,
        typer.Option(
            help="Part to generate for.  [default: test for holdout, all for published]",
        ),
    ] = None,
    clusters: Annotated[
        int, typer.Option(min=1, help="Clusters of playlists (study: 2, 10, 50, 100).")
    ] = 10,
    similar: Annotated[
        int, typer.Option(min=1, help="Similar songs that each step looks up.")
    ] = 10,
    playlists_per_cluster: Annotated[
        int, typer.Option(min=1, help="Playlists with most followers to draw songs from.")
    ] = 5,
    share: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Share of the songs from similarity.")
    ] = 0.5,
    min_count: Annotated[
        int, typer.Option(min=1, help="Least co-occurrence of two similar songs.")
    ] = 5,
    random_state: Annotated[
        int, typer.Option(min=0, max=2**32 - 1, help="Seed of split, clusters and draws.")
    ] = 0,
) -> None:
    """Evaluate the study's generator beside random and popular songs.

    Splits the playlists, learns similar songs, features, clusters and followers, generates
    playlists, and prints followers diff, distance, match, metric, metric2, R-precision, NDCG and
    clicks. A row a playlist and a summary go to STATE/results/.

    Run `harvest mpd PATH` and `harvest spotify` first.
    """
    # Imported here, so that `model --help` does not wait for pandas and scikit-learn.
    from model.jobs import run_evaluation

    settings = Settings(
        protocol=protocol.value,
        parts=_parts(protocol, part),
        n_clusters=clusters,
        similar=similar,
        playlists_per_cluster=playlists_per_cluster,
        share=share,
        min_count=min_count,
        random_state=random_state,
    )
    run_evaluation(state, settings, say=_progress())


def main() -> None:
    """Run the program and exit with its code."""
    signal.signal(signal.SIGTERM, _terminate)
    # A reader that leaves, as `head` does, ends the program in silence, as is the custom.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # For terminals that know no "±".
    sys.exit(_run())


def _run() -> int:
    """Run the command; every way to fail ends in one line and a code, never in a traceback."""
    code, message = 0, ""
    try:
        _invoke()
    except ModelError as error:
        code, message = error.exit_code, str(error)
    except TyperException as error:
        code, message = EXIT_INPUT, _explain_usage(error)
    except (KeyboardInterrupt, typer.Abort):
        code, message = EXIT_INTERRUPTED, "interrupted"
    except Terminated:
        code, message = EXIT_TERMINATED, "terminated"
    except OSError as error:
        code, message = EXIT_STORAGE, f"cannot write or read: {error}"
        # Else the interpreter complains, at exit, about what is still to be flushed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        code, message = EXIT_FAULT, _describe_fault(error)
    if message:
        print(f"model: {message}", file=sys.stderr)
    return code


def _invoke() -> None:
    _load_env_file(Path(".env"))
    # Typer turns Ctrl-C into a code that it returns.
    if app(standalone_mode=False) == EXIT_INTERRUPTED:
        raise KeyboardInterrupt
    sys.stdout.flush()


def _load_env_file(path: Path) -> None:
    """Add the settings in `path` to the environment, which wins where both name one."""
    try:
        load_dotenv(path, override=False)
    except (OSError, UnicodeDecodeError) as error:
        msg = f"cannot read the settings in {path}: {error}; expected lines of NAME=value"
        raise InputError(msg) from error


def _parts(protocol: ProtocolName, part: PartName | None) -> tuple[Part, ...]:
    """Parts to generate for: what was asked for, or what the protocol is for."""
    if protocol is ProtocolName.PUBLISHED:
        return _PARTS_OF[part or PartName.ALL]
    if part is PartName.ALL:
        return ("validation", "test")
    return _PARTS_OF[part or PartName.TEST]


def _progress() -> Callable[[str], None]:
    """Give a function that prints a line to stderr, with the seconds since the start."""
    start = time.monotonic()

    def say(line: str) -> None:
        print(f"model: {time.monotonic() - start:6.1f} s  {line}", file=sys.stderr, flush=True)

    return say


def _explain_usage(error: TyperException) -> str:
    """Give one line."""
    message = " ".join(error.format_message().split()).rstrip(".")
    return f"{message}; `model --help` and `model COMMAND --help` list what there is"


def _describe_fault(error: Exception) -> str:
    """Say what broke and where, in one line that can be reported."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(where.filename).name}:{where.lineno}"
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return f"fault in the program: {what} ({place}); please report it"


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise Terminated
