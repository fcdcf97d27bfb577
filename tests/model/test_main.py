"""The first moments of the program, while it imports itself."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SLOW = "import time\nprint('importing', flush=True)\ntime.sleep(60)\n"


@pytest.fixture
def importing(tmp_path):
    """Return a function that starts the program, and waits until it imports its first library."""
    (tmp_path / "typer.py").write_text(SLOW)
    started = []

    def start(*argv):
        process = subprocess.Popen(
            [sys.executable, *argv],
            cwd=tmp_path,
            env={"PYTHONPATH": f"{tmp_path}:{ROOT}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout.readline() == "importing\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


WAYS = [
    ("-m", "model", "stages"),
    ("-c", "from model.__main__ import main; main()"),  # as the installed program does
]


@pytest.mark.parametrize("argv", WAYS)
def test_ctrl_c_while_the_program_imports_itself_ends_it_without_a_word(argv, importing):
    process = importing(*argv)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "")


def test_a_signal_that_is_ignored_stays_ignored(importing):
    code = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); "
    process = importing("-c", code + "from model.__main__ import main; main()")
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGTERM


def test_the_installed_program_begins_there():
    assert 'model = "model.__main__:main"' in (ROOT / "pyproject.toml").read_text()
