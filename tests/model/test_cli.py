import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import pytest

from tests import forking

MADE = shutil.ignore_patterns("model", "results")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def own_state(catalogue_state: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(catalogue_state, tmp_path / "state", ignore=MADE))


def assert_one_clear_line(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    assert done.returncode == code, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("model: ")
    for word in words:
        assert word in last
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("closed", "stdout", "stderr"),
    [("1>&-", b"", b"split: made"), ("0<&- 2>&-", b"playlists", b"")],
)
def test_a_stream_that_was_closed_is_no_fault(
    own_state: Path, closed: str, stdout: bytes, stderr: bytes
) -> None:
    """As a service or `cron` may start programs; a file of the state may not take its number."""
    command = f'exec "$0" -m model split --state "$1" {closed}'
    done = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable, own_state], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (stdout in done.stdout, stderr in done.stderr) == (True, True)
    assert b"model: " not in done.stdout


def test_names_of_files_move_no_cursor_and_paint_no_letters(tmp_path: Path, run_model: Run) -> None:
    odd = tmp_path / "set\x1b[31m\x07\nred  one\u202e.json"
    odd.write_text("[]")
    done = run_model("challenge", "--check", odd, odd)
    assert_one_clear_line(done, 2, "set[31m red  one.json", "it should be an object, not a list")
    assert not {"\x1b", "\x07", "\u202e"} & set(done.stderr)


def test_bytes_of_a_name_that_are_no_text_are_shown(tmp_path: Path, run_model: Run) -> None:
    done = run_model("challenge", "--check", f"{tmp_path}/\udcff.csv", f"{tmp_path}/\udcff.json")
    assert_one_clear_line(done, 2, "\\udcff.json: No such file")


@pytest.mark.parametrize("protocol", ["holdout", "published"])
def test_figures_go_to_stdout_progress_to_stderr_and_files_to_results(
    own_state: Path, run_model: Run, protocol: str
) -> None:
    done = run_model("evaluate", "--state", own_state, "--protocol", protocol, "--min-count", 2)
    assert done.returncode == 0, done.stderr
    assert f"{protocol} protocol, k = 10" in done.stdout
    assert "R-precision" in done.stdout
    assert all(line.startswith("model: ") for line in done.stderr.splitlines())
    summary = json.loads((own_state / "results" / f"{protocol}-k10" / "summary.json").read_text())
    assert summary["settings"]["protocol"] == protocol
    assert {one["part"] for one in summary["summary"]} == (
        {"test"} if protocol == "holdout" else {"train", "validation", "test"}
    )


def test_the_installed_program_takes_its_state_from_the_environment(own_state: Path) -> None:
    program = Path(sysconfig.get_path("scripts")) / "model"
    done = subprocess.run(
        [program, "evaluate", "--clusters", "3"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=os.environ | {"HARVEST_STATE": str(own_state)},
    )
    assert done.returncode == 0, done.stderr
    assert (own_state / "results" / "holdout-k3" / "summary.csv").is_file()


@pytest.mark.parametrize("arguments", [["-h"], ["generate", "-h"]])
def test_help_may_be_asked_for_in_short(run_model: Run, arguments: list[str]) -> None:
    done = run_model(*arguments)
    assert done.returncode == 0
    assert "Usage: " in done.stdout


def test_help_names_every_option(run_model: Run) -> None:
    done = run_model("evaluate", "--help")
    assert done.returncode == 0
    for option in ("--state", "--protocol", "--part", "--clusters", "--similar", "--share"):
        assert option in done.stdout
    assert "HARVEST_STATE" in done.stdout


def test_help_imports_nothing_that_learns_and_so_comes_at_once() -> None:
    code = """
import sys
from model.cli import app
app(["evaluate", "--help"], standalone_mode=False)
sys.exit(any(name in sys.modules for name in ("numpy", "pandas", "scipy", "sklearn", "numba")))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert b"--protocol" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["evaluate", "--clusters", "0"],
            ["--clusters", "'0' is not a whole number from 1 to 1,000,000,000;"],
        ),
        (["evaluate", "--clusters", "many"], ["--clusters", "'many' is not a whole number"]),
        (["evaluate", "--share", "1.5"], ["--share", "'1.5' is not a number from 0 to 1;"]),
        (["evaluate", "--protocol", "other"], ["--protocol", "other", "holdout"]),
        (["evaluate", "--part", "middle"], ["--part", "middle"]),
        (["evaluate", "--nope"], ["--nope"]),
        (["evaluate", "surplus"], ["surplus"]),
        (["bogus"], ["bogus"]),
    ],
)
def test_wrong_usage_is_explained_in_one_line(
    run_model: Run, arguments: list[str], words: list[str]
) -> None:
    done = run_model(*arguments)
    assert_one_clear_line(done, 2, *words)
    assert done.stdout == ""


def test_alone_it_shows_what_there_is_and_what_is_next(run_model: Run, own_state: Path) -> None:
    done = run_model(HARVEST_STATE=str(own_state))
    assert (done.returncode, done.stderr) == (0, "")
    assert "model evaluate" in done.stdout
    assert "all commands: model --help" in done.stdout
    assert "harvest demo" in run_model("--state", own_state / "none").stdout


def test_the_state_stands_behind_the_command(run_model: Run, own_state: Path) -> None:
    done = run_model("--state", own_state, "evaluate")
    assert_one_clear_line(done, 2, f"model evaluate --state {own_state}")
    assert done.stdout == ""


def test_an_absent_state_says_what_to_run(run_model: Run, tmp_path: Path) -> None:
    done = run_model("evaluate", "--state", tmp_path / "none")
    assert_one_clear_line(done, 2, "none", "harvest mpd PATH")


def test_a_foreign_database_says_what_to_run(run_model: Run, own_state: Path) -> None:
    (own_state / "harvest.db").write_bytes(b"not a database, but long enough to be one" * 99)
    done = run_model("evaluate", "--state", own_state)
    assert_one_clear_line(done, 2, "harvest.db", "move it away and start again")


def test_a_corrupt_table_says_what_to_run(run_model: Run, own_state: Path) -> None:
    (own_state / "tables" / "entries.parquet").write_bytes(b"PAR1 and then nothing")
    done = run_model("evaluate", "--state", own_state)
    assert_one_clear_line(done, 2, "entries.parquet", "harvest mpd PATH")


def test_a_name_with_a_line_end_leaves_the_message_one_line(run_model: Run, tmp_path: Path) -> None:
    done = run_model("evaluate", "--state", tmp_path / "two\nlines")
    assert_one_clear_line(done, 2, "no state directory", "two lines")
    assert len(done.stderr.splitlines()) == 1


def test_the_training_part_in_the_holdout_protocol_is_refused(
    run_model: Run, own_state: Path
) -> None:
    done = run_model("evaluate", "--state", own_state, "--part", "train")
    assert_one_clear_line(done, 2, "--part")
    assert not (own_state / "results").exists()


def test_results_that_cannot_be_written_end_in_74(run_model: Run, own_state: Path) -> None:
    (own_state / "results").write_text("in the way")
    done = run_model("evaluate", "--state", own_state)
    assert_one_clear_line(done, 74, "cannot write results")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_table_that_cannot_be_written_ends_in_74(own_state: Path) -> None:
    with Path("/dev/full").open("w") as full, evaluating(own_state, full.fileno()) as started:
        done = ended(*started)
    assert_one_clear_line(done, 74, "cannot write")


def test_a_reader_that_leaves_ends_the_program_in_silence(own_state: Path) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "w") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "model", "evaluate", "--state", own_state],
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=300,
        )
    assert done.returncode == -signal.SIGPIPE
    assert all(line.startswith("model: ") for line in done.stderr.splitlines())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_with_its_code_and_no_half_files(
    own_state: Path, number: signal.Signals
) -> None:
    with (
        Path(os.devnull).open("w") as nowhere,
        evaluating(own_state, nowhere.fileno()) as (run, errors),
    ):
        errors.readline()  # The first line of progress: the work has begun.
        run.send_signal(number)
        done = ended(run, errors)
    assert done.returncode == 128 + number
    assert "Traceback" not in done.stderr
    assert not list(own_state.rglob("*.csv.gz*"))


@contextmanager
def evaluating(state: Path, stdout: int) -> Iterator[tuple[forking.Started, TextIO]]:
    """Start an evaluation that prints to the file of this number; what it says can be read."""
    read_end, write_end = os.pipe()
    argv = ("model", "evaluate", "--state", str(state))
    with (
        os.fdopen(read_end) as errors,
        forking.Started(
            *argv, cwd=Path.cwd(), env={**os.environ}, output=[stdout, write_end]
        ) as run,
    ):
        os.close(write_end)
        yield run, errors


def ended(run: forking.Started, errors: TextIO) -> subprocess.CompletedProcess[str]:
    """Wait for its end."""
    said, code = errors.read(), run.wait(300)
    assert code is not None
    return subprocess.CompletedProcess([], code, "", said)


def test_a_fault_in_the_program_is_one_line_that_can_be_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from model import cli

    def fail(**_: Any) -> None:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr(cli, "app", fail)
    monkeypatch.setattr(cli.signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 70
    message = capsys.readouterr().err
    assert message.startswith("model: fault in the program: ZeroDivisionError: division by zero")
    assert message.count("\n") == 1


@pytest.mark.parametrize(
    "command",
    [
        ("evaluate",),
        ("compare", "--recommenders", "popularity,neighbours", "--playlists", "100"),
        ("sweep", "--grid", "clusters=2"),
        ("explore",),
    ],
)
def test_a_state_that_cannot_be_written_is_one_line_that_says_what_to_do(
    catalogue_state: Path, run_model: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Whoever runs this may write everywhere: what stands in the way is a file."""
    state = tmp_path / "state"
    shutil.copytree(catalogue_state, state, ignore=MADE)
    for name in ("model", "results", "explore"):
        (state / name).write_text("")
    done = run_model(*command, "--state", state)
    words = (f"cannot write {state}", "rights are needed", "a copy of the state", "--state")
    assert_one_clear_line(done, 74, *words)
