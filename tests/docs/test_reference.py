"""The reference says what the programs' `--help` says, wherever it is made."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer import Typer

from docs import make_reference

DOCS = Path(make_reference.__file__).parent


def test_the_pages_are_what_would_be_made_now():
    for path, text in make_reference.pages().items():
        assert path.read_text(encoding="utf-8") == text, "run `make reference`"


def test_neither_terminal_nor_settings_change_the_pages():
    odd = {"COLUMNS": "40", "FORCE_COLOR": "1", "TERM": "xterm-256color", "HARVEST_STATE": "else"}
    command = [sys.executable, "-m", "docs.make_reference", "--check"]
    done = subprocess.run(
        command,
        cwd=DOCS.parent,
        env={**os.environ, **odd},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "true\n")


@pytest.mark.parametrize("name", ["harvest", "model"])
def test_a_page_has_every_word_of_every_help(name):
    page = _bare(make_reference.pages()[DOCS / "reference" / f"{name}.md"])
    program = make_reference.get_command(make_reference.PROGRAMS[name])
    outer = program.make_context(name, [], resilient_parsing=True)
    for word, command in program.commands.items():
        told = command.make_context(word, [], parent=outer, resilient_parsing=True).get_help()
        whole = re.sub(r"-\n\s+", "-", told)  # `--help` breaks lines behind hyphens too
        lacking = set(_bare(whole).split()) - set(page.split())
        assert lacking <= {"Usage:", "Options:", "Arguments:"}, word


def test_a_page_that_is_not_up_to_date_is_named(tmp_path, monkeypatch, capsys):
    made = {tmp_path / "a.md": "# a\n", tmp_path / "b.md": "# b\n"}
    monkeypatch.setattr(make_reference, "pages", lambda: made)
    monkeypatch.setattr(make_reference, "REFERENCE", tmp_path)
    (tmp_path / "b.md").write_text("# b\n")
    assert make_reference.main(["--check"]) == 1
    assert "not as --help says: a.md; run `make reference`" in capsys.readouterr().out
    assert make_reference.main([]) == 0
    assert make_reference.main(["--check"]) == 0


def test_an_option_without_a_text_is_left_out_and_kept_lines_stay():
    app = Typer(rich_markup_mode=None, add_completion=False)

    @app.callback(epilog="\b\nCodes:\n  0  done")
    def program() -> None:
        """Do *this* or <that>."""

    @app.command()
    def go() -> None:
        """Go on."""

    page = make_reference._page("it", app)
    assert "Do \\*this\\* or \\<that>." in page
    assert "```text\nCodes:\n  0  done\n```" in page
    assert "## `it go`" in page


def _bare(text: str) -> str:
    return text.replace("\\", "").replace("`", " ").replace("|", " ")
