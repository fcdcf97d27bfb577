"""The `model` program: parse, build the settings, call one function, give the exit code."""

import os
import signal
import sys
import traceback
from io import TextIOWrapper
from pathlib import Path

import typer
from typer.exceptions import TyperException

from model.commands import challenge, comparing, evaluating, looking, making, stages
from model.commands.options import DEFAULT_STATE, State, is_typed
from model.env_file import load_env_file
from model.errors import EXIT_INPUT, EXIT_STORAGE, ModelError
from model.making.text import visible
from model.stopping import Terminated, listen, stopped_by

EXIT_INTERRUPTED = 128 + signal.SIGINT
EXIT_FAULT = 70

_STOPPED: dict[int, str] = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}

app = typer.Typer(
    name="model",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


for _group in (stages, evaluating, challenge, comparing, looking, making):
    app.add_typer(_group.app)


@app.callback(invoke_without_command=True)
def _commands(context: typer.Context, state: State = DEFAULT_STATE) -> None:
    """Learn from playlists, make playlists, and say how good they are.

    Without a command: what the state holds, and which command is sensible next.
    """
    if context.invoked_subcommand is None:
        from model.layout import print_blocks
        from model.status.overview import first_contact

        print_blocks(first_contact(state))
    elif is_typed(context, "state"):
        command = f"model {context.invoked_subcommand} --state {state}"
        msg = f"--state stands behind the command: {command}"
        raise typer.BadParameter(msg)


def main() -> None:
    """Run the program and exit with its code."""
    _fill_closed_streams()
    listen()
    # A reader that leaves, as `head` does, ends the program in silence, as is the custom.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # For terminals that know no "±".
    sys.exit(_run())


def _fill_closed_streams() -> None:
    """Let what is said to a closed stream go nowhere, and its number to no file of the state."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))


def _run() -> int:
    """Run the command; every way to fail ends in one line and a code, never in a traceback."""
    code, message = 0, ""
    try:
        _invoke()
    except ModelError as error:
        code, message = error.exit_code, str(error)
    except TyperException as error:
        code, message = EXIT_INPUT, _explain_usage(error)
    except (KeyboardInterrupt, Terminated, typer.Abort):
        code, message = EXIT_INTERRUPTED, "interrupted"
    except OSError as error:
        code, message = EXIT_STORAGE, f"cannot write or read: {error}"
        # Else the interpreter complains, at exit, about what is still to be flushed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        code, message = EXIT_FAULT, _describe_fault(error)
    number = stopped_by()
    if code and number is not None:  # Whatever it was turned into on its way.
        code, message = 128 + number, _STOPPED[number]
    if message:
        print(f"model: {_one_line(message)}", file=sys.stderr)
    return code


def _one_line(message: str) -> str:
    """Take out what names of files may hold: line ends, and what controls a terminal."""
    lines = " ".join(message.splitlines())
    return visible(lines.encode(errors="backslashreplace").decode())


def _invoke() -> None:
    load_env_file(Path(".env"))
    # Typer turns Ctrl-C into a code that it returns.
    if app(standalone_mode=False) == EXIT_INTERRUPTED:
        raise KeyboardInterrupt
    sys.stdout.flush()


def _explain_usage(error: TyperException) -> str:
    """Give one line."""
    message = " ".join(error.format_message().split()).rstrip(".").replace("Value error, ", "")
    return f"{message}; `model --help` and `model COMMAND --help` list what there is"


def _describe_fault(error: Exception) -> str:
    """Say what broke and where, in one line that can be reported."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(where.filename).name}:{where.lineno}"
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return f"fault in the program: {what} ({place}); please report it"
