"""Real processes, since signals reach the main thread of one."""

import signal
import subprocess
import sys
import textwrap

import pytest

BEGIN = """
import os, signal, sys, time
from model import cli

@cli.app.command()
def work(number: int):
"""
LOST_AT_THE_END_OF_AN_OBJECT = """
class Ending:
    def __del__(self):
        os.kill(os.getpid(), number)

Ending()
time.sleep(60)
"""
TAKEN_FOR_A_LIBRARY_THAT_IS_NOT_THERE = """
try:
    try:
        os.kill(os.getpid(), number)
    except BaseException:
        raise ImportError from None
except ImportError:
    pass
time.sleep(60)
"""
ENDING_IN_ANOTHER_ERROR = """
try:
    os.kill(os.getpid(), number)
except BaseException:
    raise ImportError("initialization failed") from None
"""
CLEARING_UP_AT_LENGTH = """
try:
    os.kill(os.getpid(), number)
finally:
    time.sleep(1.2)
    print("cleared up")
"""


def run(work: str, number: int) -> subprocess.CompletedProcess[str]:
    program = f"{BEGIN}{textwrap.indent(work, '    ')}\ncli.main()"
    return subprocess.run(
        [sys.executable, "-c", program, "work", str(int(number))],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


@pytest.mark.parametrize(
    ("number", "word"), [(signal.SIGINT, "interrupted"), (signal.SIGTERM, "terminated")]
)
@pytest.mark.parametrize(
    "work",
    [
        LOST_AT_THE_END_OF_AN_OBJECT,
        TAKEN_FOR_A_LIBRARY_THAT_IS_NOT_THERE,
        ENDING_IN_ANOTHER_ERROR,
    ],
    ids=["end of an object", "import", "another error"],
)
def test_a_signal_ends_the_program_wherever_it_comes(
    work: str, number: signal.Signals, word: str
) -> None:
    done = run(work, number)
    assert (done.returncode, done.stderr) == (128 + number, f"model: {word}\n")


def test_clearing_up_is_not_interrupted_again() -> None:
    done = run(CLEARING_UP_AT_LENGTH, signal.SIGTERM)
    assert (done.returncode, done.stdout) == (128 + signal.SIGTERM, "cleared up\n")
