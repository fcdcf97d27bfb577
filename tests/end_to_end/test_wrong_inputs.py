"""Whatever is given, the answer is one clear line, the right exit code, and nothing is harmed."""

import ctypes
import os
import resource
import shutil
import sqlite3
import subprocess
import zipfile

import pytest

from harvest.store import Store
from tests.end_to_end.conftest import CREDENTIALS, Programs

PR_CAPBSET_DROP, MAY_READ_ALL = 24, (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


@pytest.fixture
def closed_folder(programs):
    """A list of one song in `lists`, and a folder beside it that nobody may look into."""
    folder = programs.folder / "lists" / "closed"
    folder.mkdir(parents=True)
    (folder.parent / "mine.m3u").write_text(f"spotify:track:{1:022d}\n")
    folder.chmod(0)
    yield folder
    folder.chmod(0o700)


def run_as_everybody(programs, *arguments):
    """Run `harvest` without the right of root to read whatever there is."""
    libc = ctypes.CDLL(None)
    return subprocess.run(
        programs.argv("harvest", *arguments),
        cwd=programs.folder,
        env=programs.settings,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        preexec_fn=lambda: [libc.prctl(PR_CAPBSET_DROP, each, 0, 0, 0) for each in MAY_READ_ALL],
    )


def refused(done, code, *words):
    """Check that a program ended in one line, without a traceback, and with that exit code."""
    assert done.returncode == code, done.stderr
    lines = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith(("harvest: ", "model: "))
    for word in words:
        assert word in lines[0]


def run_within(programs, largest, *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE):
    """Run `harvest` where no file can grow beyond so many bytes, as on a full disk."""
    return subprocess.run(
        programs.argv("harvest", *arguments),
        cwd=programs.folder,
        env=programs.settings,
        stdout=stdout,
        stderr=stderr,
        text=True,
        timeout=300,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)),
    )


@pytest.mark.parametrize("program", ["harvest", "model"])
@pytest.mark.parametrize("arguments", [["no-such-command"], ["--no-such-option"]])
def test_commands_and_options_that_there_are_not_are_refused(program, arguments, programs):
    refused(programs.run(program, *arguments), 2, "No such")


@pytest.mark.parametrize(
    "arguments",
    [
        ["spotify", "--rate", "0"],
        ["spotify", "--rate", "-1"],
        ["spotify", "--rate", "fast"],
        ["spotify", "--batch", "101"],
        ["spotify", "--limit", "0"],
        ["lastfm", "--concurrency", "0"],
        ["lastfm", "--max-wait", "-1"],
        ["emulate", "--port", "70000"],
        ["mpd"],
    ],
)
def test_options_out_of_range_are_named(arguments, programs):
    option = next((word for word in arguments if word.startswith("--")), "path")
    refused(programs.run("harvest", *arguments), 2, option)


@pytest.mark.parametrize("job", ["spotify", "lastfm"])
def test_missing_keys_are_named(job, programs):
    refused(programs.run("harvest", job), 2, job.upper(), "not set", ".env")


def test_settings_may_come_from_an_env_file(programs, read_state):
    shutil.copytree(read_state, programs.state)
    (programs.folder / ".env").write_text(
        "LASTFM_API_KEY=from-the-file\nLASTFM_API_URL=ftp://nowhere\n"
    )
    refused(programs.run("harvest", "lastfm"), 2, "LASTFM_API_URL", "ftp://nowhere")


@pytest.mark.parametrize("job", ["spotify", "lastfm"])
def test_a_job_without_tables_says_what_makes_them(job, tmp_path):
    done = Programs(tmp_path, CREDENTIALS).run("harvest", job)
    refused(done, 2, "harvest mpd PATH")


def test_evaluating_an_empty_state_says_what_to_run_first(programs):
    refused(programs.run("model", "evaluate"), 2, "harvest mpd")


def test_bad_playlist_files_leave_the_tables_as_they_were(programs, read_state, catalogue):
    shutil.copytree(read_state, programs.state)
    before = {path: path.read_bytes() for path in (programs.state / "tables").iterdir()}
    text = programs.folder / "notes.txt"
    text.write_text("not a dataset")
    cut = programs.folder / "cut.zip"
    cut.write_bytes(catalogue.read_bytes()[:2000])
    empty = programs.folder / "empty.zip"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    odd = programs.folder / "odd.zip"
    with zipfile.ZipFile(odd, "w") as archive:
        archive.writestr("data/mpd.slice.0-999.json", '{"playlists": {"name": 3}}')
    for path in (text, cut, empty, programs.folder / "absent.zip"):
        refused(programs.run("harvest", "mpd", path), 2, str(path.name))
    refused(programs.run("harvest", "mpd", odd), 2, "mpd.slice.0-999.json", "$.playlists")
    assert {path: path.read_bytes() for path in (programs.state / "tables").iterdir()} == before


def test_an_error_is_one_line_whatever_a_file_is_called(programs):
    odd = programs.folder / "a\nharvest: b\x1b[2J.json"
    odd.write_text("{")
    done = programs.run("harvest", "playlists", odd)
    refused(done, 2, "a\ufffdharvest: b\ufffd[2J.json")
    refused(programs.run("harvest", "import", odd), 2, "a\ufffdharvest: b\ufffd[2J.json")


def test_a_folder_that_may_not_be_looked_into_is_named(programs, closed_folder):
    done = run_as_everybody(programs, "playlists", closed_folder.parent)
    assert f"{closed_folder}: Permission denied" in done.stderr
    assert (done.returncode, "1 playlist," in done.stdout) == (0, True)


@pytest.fixture
def sealed_state(programs):
    """A state with one track to ask for, in a folder that nobody may write to."""
    with Store.open(programs.state) as store:
        store.add_tasks("spotify", [[(f"{1:022d}", "A", "T")]], fingerprint="one track")
    programs.state.chmod(0o500)
    yield programs.state
    programs.state.chmod(0o700)


@pytest.mark.parametrize("command", ["status", "verify", ""])
def test_a_state_that_cannot_be_written_to_is_looked_at_all_the_same(
    command, programs, sealed_state
):
    before = sorted(sealed_state.iterdir())
    done = run_as_everybody(programs, *command.split())
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(sealed_state.iterdir()) == before


def test_a_log_in_a_folder_that_cannot_be_written_to_is_not_passed_over(programs, sealed_state):
    (sealed_state / "harvest.db-wal").write_bytes(b"x" * 64)
    refused(run_as_everybody(programs, "status"), 74, "harvest.db", "set the rights")


def test_the_dataset_is_not_read_without_what_may_be_in_a_closed_folder(programs, closed_folder):
    (closed_folder.parent / "mpd.slice.0-999.json").write_text('{"playlists": []}')
    done = run_as_everybody(programs, "mpd", closed_folder.parent)
    refused(done, 2, "Permission denied", str(closed_folder))
    assert not programs.state.exists()


def test_refused_credentials_say_what_to_check_and_show_no_secret(emulated):
    with emulated() as (programs, urls):
        wrong = programs.with_settings(SPOTIFY_TOKEN_URL=urls["SPOTIFY_API_URL"] + "/nothing")
        asked = wrong.run("harvest", "doctor")  # a job asks for half a minute
        assert (asked.returncode, "check SPOTIFY_TOKEN_URL" in asked.stdout) == (2, True)
        done = programs.run("harvest", "spotify", "--rate", "5000")
    assert "s3cret-made-up" not in done.stdout + done.stderr


def test_a_wrong_api_address_stops_the_job_and_charges_no_track(emulated):
    with emulated() as (programs, urls):
        wrong = programs.with_settings(SPOTIFY_API_URL=urls["SPOTIFY_API_URL"] + "/wrong")
        done = wrong.run("harvest", "spotify")
        assert done.returncode == 2
        assert "SPOTIFY_API_URL" in done.stderr.splitlines()[-1]
        counts = programs.counts("spotify")
        assert counts["pending"] == counts["total"]


def test_a_damaged_store_is_named_and_left_alone(programs, read_state):
    shutil.copytree(read_state, programs.state)
    (programs.state / "harvest.db").write_bytes(b"not a database" * 100)
    ready = programs.with_settings(**CREDENTIALS)
    refused(ready.run("harvest", "spotify"), 74, "harvest.db")
    refused(ready.run("harvest", "status"), 74, "harvest.db")
    assert (programs.state / "harvest.db").read_bytes() == b"not a database" * 100


def test_a_state_that_is_a_file_cannot_be_written(programs, catalogue):
    programs.state.write_text("in the way")
    refused(programs.run("harvest", "mpd", catalogue), 74, "state")


def test_a_full_disk_ends_in_74_and_the_job_goes_on_when_there_is_room(emulated):
    with emulated() as (programs, _):
        # Room for the tables that are there, not for much of a database.
        done = run_within(programs, 60_000, "spotify", "--rate", "5000")
        assert done.returncode == 74, done.stderr
        assert "make room" in done.stderr.splitlines()[-1]
        assert "Traceback" not in done.stderr
        again = programs.run("harvest", "spotify", "--rate", "5000")
        assert again.returncode == 0, again.stderr
        counts = programs.counts("spotify")
    assert counts["pending"] == counts["dead"] == 0
    db = sqlite3.connect(programs.state / "harvest.db")
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert db.execute("SELECT count(*) FROM audio_features").fetchone() == (counts["done"],)
    db.close()


def test_a_port_in_use_is_one_clear_line(emulated):
    with emulated() as (programs, urls):
        port = urls["SPOTIFY_API_URL"].split(":")[2].split("/")[0]
        refused(programs.run("harvest", "emulate", "--port", port), 2, port)


def test_an_unknown_fault_is_answered_with_the_known_ones(programs):
    refused(programs.run("harvest", "emulate", "--faults", "gremlins"), 2, "flaky-5xx")


def test_a_demo_never_replaces_a_folder_of_somebody_else(programs):
    programs.state.mkdir()
    (programs.state / "precious").touch()
    refused(programs.run("harvest", "demo", "--state", programs.state), 2, "not made by a demo")
    assert (programs.state / "precious").exists()


def test_a_reader_that_goes_away_is_no_fault(programs):
    with subprocess.Popen(
        programs.argv("harvest", "--help"),
        cwd=programs.folder,
        env=programs.settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_a_disk_without_room_for_the_lock_ends_in_74(emulated):
    with emulated() as (programs, _):
        refused(run_within(programs, 0, "spotify"), 74, "make room")


def test_output_for_which_there_is_no_room_ends_in_74(programs, read_state, tmp_path):
    with (tmp_path / "out").open("w") as out:
        done = run_within(programs, 5, "status", "--json", "--state", read_state, stdout=out)
    refused(done, 74, "cannot write or read: ", "File too large")


def test_a_full_disk_under_the_messages_alone_ends_no_job(emulated):
    with emulated() as (programs, _):
        full = programs.folder / "err"
        full.touch()
        os.truncate(full, 20_000_000)
        with full.open("a") as err:
            done = run_within(programs, 10_000_000, "spotify", "--rate", "5000", stderr=err)
        assert done.returncode == 0
        assert "0 pending" in done.stdout
        with full.open("a") as err:
            done = run_within(programs, 10_000_000, "spotify", "--rate", "x", stderr=err)
        assert done.returncode == 2
