"""Write docs/reference/PROGRAM.md from what `--help` of each command says.

The texts are taken before `--help` breaks them into lines, so that neither the terminal's width nor
its colours matter. `python -m docs.make_reference` writes the pages, and with `--check` only says
which are not what it would write.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from typer import Context, Typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

import harvest.cli
import model.cli

REFERENCE = Path(__file__).parent / "reference"
PROGRAMS = {"harvest": harvest.cli.app, "model": model.cli.app}
_CODE = re.compile(r"(`[^`]*`)")
_MARKUP = re.compile(r"(<(?=[A-Za-z/!?])|[*\\])")
KEPT = "\b"
"""What a paragraph of `--help` begins with whose lines are not to be joined."""


def pages() -> dict[Path, str]:
    """Return the text of each page by its path."""
    return {REFERENCE / f"{name}.md": _page(name, app) for name, app in PROGRAMS.items()}


def main(arguments: list[str]) -> int:
    """Write the pages, or only compare them with what is there."""
    made = pages()
    if arguments == ["--check"]:
        stale = [path.name for path, text in made.items() if _read(path) != text]
        print(f"not as --help says: {', '.join(stale)}; run `make reference`" if stale else "true")
        return bool(stale)
    REFERENCE.mkdir(exist_ok=True)
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _page(name: str, app: Typer) -> str:
    program = get_command(app)
    assert isinstance(program, TyperGroup)
    context = program.make_context(name, [], resilient_parsing=True)
    common = list(_prose(program.epilog))
    parts = [f"# `{name}`", *_prose(program.help), _commands(name, program)]
    parts += [_options(program, context), *common, "Made from `--help` by `make reference`."]
    for word, command in program.commands.items():
        inner = command.make_context(word, [], parent=context, resilient_parsing=True)
        parts += [part for part in _section(command, inner) if part not in common]
    return "\n\n".join(parts) + "\n"


def _commands(name: str, program: TyperGroup) -> str:
    """Return a table of the commands, each with the first paragraph of its help."""
    rows = [
        f"| [`{word}`](#{name}-{word}) | {next(_prose(command.help))} |"
        for word, command in program.commands.items()
    ]
    return "\n".join(["| command | what it does |", "|---|---|", *rows])


def _options(command: TyperCommand | TyperGroup, context: Context) -> str:
    """Return a table of what `--help` says of arguments and options."""
    records = [each.get_help_record(context) for each in command.get_params(context)]
    shown = [record for record in records if record]
    rows = [f"| `{_cell(f'`{name}`').strip('`')}` | {_cell(text)} |" for name, text in shown]
    return "\n".join(["| argument, option | meaning |", "|---|---|", *rows])


def _section(command: TyperCommand | TyperGroup, context: Context) -> Iterator[str]:
    yield f"## `{context.command_path}`"
    yield f"    {context.command_path} {' '.join(command.collect_usage_pieces(context))}"
    yield from _prose(command.help)
    yield _options(command, context)
    yield from _prose(command.epilog)


def _prose(text: str | None) -> Iterator[str]:
    """Yield paragraphs, joined into lines, or as code where `--help` keeps their lines."""
    for paragraph in re.split(r"\n\s*\n", (text or "").strip("\n")):
        lines = paragraph.strip("\n").splitlines()
        if lines and lines[0].strip() == KEPT:
            yield "```text\n" + "\n".join(lines[1:]) + "\n```"
        elif lines:
            yield _cell(" ".join(line.strip() for line in lines))


def _cell(text: str) -> str:
    r"""Escape what Markdown would take for its own, bars everywhere, the rest outside of code.

    >>> print(_cell("a|b <c> `<d|e>`"))
    a\|b \<c> `<d\|e>`
    """
    pieces = _CODE.split(text)
    pieces[::2] = [_MARKUP.sub(r"\\\1", piece) for piece in pieces[::2]]
    return "".join(pieces).replace("|", r"\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
