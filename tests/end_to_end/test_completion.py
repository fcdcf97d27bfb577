"""Tab in bash completes commands, options and choices, by the script that the program prints."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")


# As bash does at Tab, for a program and the words typed so far.
PRESS_TAB = """
    eval "$("$1" --show-completion bash)"
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    "_${1}_completion" "$1"
    printf '%s\\n' "${COMPREPLY[@]}"
"""


def run(command, **settings):
    path = f"{BIN}:{os.environ['PATH']}"
    environment = os.environ | {"PATH": path} | settings
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, check=True, timeout=300
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("harvest re", ["retry-dead", "resolve"]),
        ("harvest spotify --ra", ["--rate"]),
        ("harvest retry-dead ", ["spotify", "lastfm", "names", "ids"]),
        ("model sp", ["split"]),
        ("model evaluate --proto", ["--protocol"]),
        ("model evaluate --protocol ", ["holdout", "published"]),
    ],
)
def test_bash_completes_commands_options_and_what_these_take(typed, expected):
    offered = run(["bash", "--norc", "-c", PRESS_TAB, "bash", *typed.split(" ")])
    assert offered.split() == expected


@pytest.mark.parametrize("program", ["harvest", "model"])
def test_completion_is_installed_where_bash_finds_it(program, tmp_path):
    # The program looks which shell has started it; more than one command, or bash would become it.
    command = '"$0" --install-completion bash && exit'
    run(["bash", "--norc", "-c", command, program], HOME=str(tmp_path))
    installed = tmp_path / ".bash_completions" / f"{program}.sh"
    assert f"_{program}_completion" in installed.read_text()
    assert str(installed) in (tmp_path / ".bashrc").read_text()
