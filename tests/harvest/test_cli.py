import os
import subprocess
import sys

import pytest

from harvest import cli
from harvest.emulator.catalogue.dataset import write_mpd
from harvest.errors import InputError, StorageError

CONTRACT = {
    "mpd": ["--state"],
    "spotify": ["--state", "--rate", "--concurrency", "--limit", "--max-wait", "--batch"],
    "lastfm": ["--state", "--rate", "--concurrency", "--limit", "--max-wait"],
    "status": ["--state", "--json"],
    "emulate": ["--state", "--port", "--tables", "--features", "--tags", "--faults"],
}
VARIABLES = {
    "spotify": [
        "SPOTIFY_CLIENT_ID",
        "SPOTIFY_CLIENT_SECRET",
        "SPOTIFY_API_URL",
        "SPOTIFY_TOKEN_URL",
        "HARVEST_STATE",
    ],
    "lastfm": ["LASTFM_API_KEY", "LASTFM_API_SECRET", "LASTFM_API_URL", "HARVEST_STATE"],
}


def run(capsys, *arguments):
    """Run the program in this process; return its exit code, stdout and stderr."""
    with pytest.raises(SystemExit) as ended:
        cli.main(list(arguments))
    shown = capsys.readouterr()
    return ended.value.code or 0, shown.out, shown.err


@pytest.mark.parametrize("closed", ["1>&-", "0<&- 2>&-", "0<&- 1>&- 2>&-"])
def test_a_stream_that_was_closed_is_no_fault(closed, tmp_path):
    """As a service or `cron` may start programs; a file of the state may not take its number."""
    command = f'exec "$0" -m harvest mpd "$1" --state state {closed}'
    write_mpd(tmp_path / "mpd.zip", n_playlists=20)
    argv = ["/bin/sh", "-c", command, sys.executable, "mpd.zip"]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, b"fault" in done.stderr) == (0, False), done.stderr
    assert (b"20 playlists" in done.stdout) == ("1>&-" not in closed)
    verified = subprocess.run(
        [sys.executable, "-m", "harvest", "verify", "--state", "state"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert verified.returncode == 0, verified.stdout


@pytest.mark.parametrize("command", CONTRACT)
def test_every_option_of_the_contract_is_in_the_help(command, capsys):
    code, out, _ = run(capsys, command, "--help")
    assert code == 0
    for option in CONTRACT[command]:
        assert option in out


@pytest.mark.parametrize("command", VARIABLES)
def test_the_help_names_each_setting_s_variable(command, capsys):
    _, out, _ = run(capsys, command, "--help")
    for variable in VARIABLES[command]:
        assert variable in out


def test_the_program_s_help_names_all_commands_settings_and_exit_codes(capsys):
    _, out, _ = run(capsys, "--help")
    for word in (*CONTRACT, *VARIABLES["spotify"], "RECCOBEATS_API_URL", "130, 143"):
        assert word in out


def test_alone_it_shows_what_there_is_and_what_is_next(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARVEST_STATE", "[none]")
    code, out, err = run(capsys)
    assert (code, err) == (0, "")
    assert "[none]" in out
    assert "harvest demo" in out
    monkeypatch.delenv("HARVEST_STATE")
    assert "elsewhere" in run(capsys, "--state", "elsewhere")[1]


def test_the_state_stands_behind_the_command(capsys, tmp_path):
    code, out, err = run(capsys, "--state", str(tmp_path), "status")
    assert (code, out) == (2, "")
    assert f"harvest status --state {tmp_path}" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [(InputError("no such thing"), 2), (StorageError("disk full"), 74), (KeyboardInterrupt(), 130)],
)
def test_every_error_ends_as_one_line_and_its_code(error, code, capsys, monkeypatch):
    def fail(*_args, **_more):
        raise error

    monkeypatch.setattr(cli, "app", fail)
    ended_with, out, err = run(capsys)
    assert (ended_with, out) == (code, "")
    assert err.startswith("harvest: ")
    assert len(err.splitlines()) == 1


def test_a_fault_in_the_program_is_one_line_that_can_be_reported(capsys, monkeypatch):
    def fail(*_args, **_more):
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr(cli, "app", fail)
    code, _, err = run(capsys)
    assert code == 70
    assert "ZeroDivisionError: division by zero (test_cli.py:" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("stream", "arguments", "code"),
    [
        ("stdout", ["verify"], 141),
        ("stdout", ["status"], 141),
        ("stderr", ["verify"], 0),
        ("stderr", ["spotify"], 2),
    ],
)
def test_where_nobody_reads_what_is_said_the_code_says_it(stream, arguments, code, gathered):
    reader, writer = os.pipe()
    os.close(reader)
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: writer}
    program = [sys.executable, "-m", "harvest", *arguments, "--state", str(gathered)]
    keys = {"SPOTIFY_CLIENT_ID": "i", "SPOTIFY_CLIENT_SECRET": "s"}
    done = subprocess.run(program, env={**os.environ, **keys}, check=False, timeout=100, **streams)
    os.close(writer)
    assert done.returncode == code
