"""The program `harvest`: parse, run one command, exit with its code."""

import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

import typer
from rich.console import Console

from harvest import config
from harvest.commands import emulation, gathering, looking, matching, msd, own_playlists
from harvest.commands.options import (
    DEFAULT_STATE,
    LASTFM_VARIABLES,
    RECCOBEATS_VARIABLES,
    SPOTIFY_VARIABLES,
    State,
    settings_help,
)
from harvest.errors import EXIT_INPUT, EXIT_STORAGE, HarvestError, Interrupted
from harvest.texts.legible import printable

EXIT_FAULT = 70
EXIT_INTERRUPTED = 128 + signal.SIGINT

app = typer.Typer(
    epilog=settings_help(SPOTIFY_VARIABLES, LASTFM_VARIABLES, RECCOBEATS_VARIABLES),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


for _group in (gathering, own_playlists, msd, matching, looking, emulation):
    app.add_typer(_group.app)


@app.callback(invoke_without_command=True)
def harvest(context: typer.Context, state: State = DEFAULT_STATE) -> None:
    """Gather playlists, audio features and last.fm tags without loss.

    Without a command: what the state holds, and which command is sensible next.
    """
    if context.invoked_subcommand is None:
        from harvest.status.overview import first_contact

        Console(highlight=False).print(first_contact(state))
    elif _is_typed(context, "state"):
        command = f"harvest {context.invoked_subcommand} --state {state}"
        raise typer.BadParameter(f"--state stands behind the command: {command}")


def _is_typed(context: typer.Context, option: str) -> bool:
    source = context.get_parameter_source(option)
    return source is not None and source.name == "COMMANDLINE"


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run `harvest`; every error ends here, as one line and an exit code."""
    _fill_closed_streams()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # for terminals that know no "✓"
    try:
        _invoke(arguments)
        sys.exit(0)
    except typer.TyperException as error:
        _fail(_explain_usage(error), EXIT_INPUT)
    except HarvestError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        _fail(str(Interrupted(signal.SIGINT)), EXIT_INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone; nothing is left to tell, not even at exit.
        sys.exit(128 + signal.SIGPIPE)
    except OSError as error:
        _fail(f"cannot write or read: {error}", EXIT_STORAGE)
    except Exception as error:
        _fail(_describe_fault(error), EXIT_FAULT)
    finally:
        _flush_or_drop(sys.stdout)
        _flush_or_drop(sys.stderr)


def _fill_closed_streams() -> None:
    """Let what is said to a closed stream go nowhere, and its number to no file of the state."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))


def _invoke(arguments: list[str] | None) -> None:
    with _sigterm_as_error():
        config.load_env_file(Path(".env"))
        # Typer turns Ctrl-C into a code that it returns.
        try:
            code = app(arguments, prog_name="harvest", standalone_mode=False)
        except SystemExit as error:
            if isinstance(error.__context__, BrokenPipeError):  # which Typer makes 1 of
                raise error.__context__ from None
            raise
        if code == EXIT_INTERRUPTED:
            raise Interrupted(signal.SIGINT)
        sys.stdout.flush()


def _describe_fault(error: Exception) -> str:
    """Say what broke and where, in one line that can be reported."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    what = " ".join(f"{type(error).__name__}: {error}".split())
    place = f"{Path(where.filename).name}:{where.lineno}"
    return f"fault in the program: {what} ({place}); please report it"


def _explain_usage(error: typer.TyperException) -> str:
    message = " ".join(error.format_message().split()).rstrip(".").replace("Value error, ", "")
    return f"{message}; `harvest --help` and `harvest COMMAND --help` list what there is"


def _fail(message: str, code: int) -> NoReturn:
    with suppress(OSError):  # where nothing can be said, the code says it
        print(f"harvest: {printable(message)}", file=sys.stderr, flush=True)
    sys.exit(code)


def _flush_or_drop(stream: TextIO) -> None:
    """Write what `stream` holds, or give it up: else Python tries again, and ends in 120."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def _sigterm_as_error() -> Iterator[None]:
    """Let SIGTERM unwind the program as SIGINT does, so that files are closed and locks freed."""

    def interrupt(number: int, _frame: FrameType | None) -> None:
        raise Interrupted(number)

    previous = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
