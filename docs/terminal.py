"""A program's output in a terminal -> an SVG that names no other host."""

import os
import pty
import re
import subprocess
import termios
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

_FETCHED = re.compile(r"@font-face \{.*?\}|<!--.*?-->|Fira Code, ", re.DOTALL)
"""Of Rich's SVG: fonts that it would fetch, and its address."""


def shown(argv: Sequence[str], *, folder: Path, settings: Mapping[str, str], columns: int) -> str:
    """Run a program whose standard output is a terminal; return what it prints, colours and all.

    What it says on standard error (how far it is) is left out.
    """
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (60, columns))
    terminal = {"TERM": "xterm-256color", "COLUMNS": str(columns)}
    with subprocess.Popen(
        argv, cwd=folder, env={**settings, **terminal}, stdout=theirs, stderr=subprocess.PIPE
    ) as process:
        os.close(theirs)
        printed = _read_all(ours)
        said = process.stderr.read() if process.stderr else b""
    os.close(ours)
    if process.returncode:
        raise RuntimeError(f"{argv} ended with {process.returncode}: {said.decode()}")
    return printed.decode().replace("\r\n", "\n")


def _read_all(descriptor: int) -> bytes:
    pieces = []
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:  # Linux says so when the other end has gone.
            piece = b""
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)


def picture(command: str, printed: str, *, columns: int) -> str:
    """Return an SVG of a terminal in which `command` was typed and `printed` came out.

    Examples
    --------
    >>> "url(http" in picture("harvest status", "nothing", columns=40)
    False
    """
    console = Console(
        record=True, width=columns, file=StringIO(), force_terminal=True, color_system="truecolor"
    )
    console.print(Text.assemble(("$ ", "dim"), (command, "bold")))
    console.print(Text.from_ansi(printed.rstrip()))
    svg = _FETCHED.sub("", console.export_svg(title="", unique_id="t"))
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"
