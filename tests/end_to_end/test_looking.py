"""What `verify`, `export` and `doctor` say of real states and services, also beside a harvester."""

import csv
import json
import shutil
import signal
import sqlite3
from contextlib import closing, contextmanager, suppress
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.end_to_end.conftest import CREDENTIALS
from tests.end_to_end.killing import wait_for

SECRETS = ("s3cret-made-up", "k3y-made-up", "b3arer-made-up")


def harvested(programs):
    """Harvest what the emulator has, of both jobs."""
    for job in ("spotify", "lastfm"):
        done = programs.run("harvest", job, "--rate", "5000")
        assert done.returncode == 0, done.stderr


@contextmanager
def at_work(programs, *arguments):
    """A harvester that has stored something and has more to do."""
    with programs.start("harvest", "spotify", *arguments) as process:
        try:
            wait_for(process, programs.state, "spotify", settled=1)
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=300)


def signs(done):
    """The lines of a doctor, by subject: mark and text."""
    lines = [line.split(" ", 1) for line in done.stdout.splitlines()]
    return {text.partition(": ")[0]: (mark, text.partition(": ")[2]) for mark, text in lines}


def one_line(done, code):
    assert done.returncode == code, done.stdout + done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("harvest: ")
    return line


def wake(urls):
    """Send what faults that begin after a while wait for."""
    for _ in range(16):
        with suppress(HTTPError):
            urlopen(f"{urls['SPOTIFY_API_URL']}/audio-features?ids=x", timeout=300).close()


def test_what_was_harvested_is_whole_and_goes_out_and_in_again(emulated, tmp_path):
    with emulated("--faults", "null-ids=0.1") as (programs, _):
        harvested(programs)
    verified = programs.run("harvest", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert verified.stdout.splitlines()[-1].startswith("state/harvest.db is whole: ")
    exported = programs.run("harvest", "export", "--format", "csv")
    assert exported.returncode == 0, exported.stderr
    with (programs.state / "export/audio_features.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == programs.counts("spotify")["done"]
    again = ("import", "state/export/audio_features.csv", "--state", "other")
    assert programs.run("harvest", *again, "--provider", "spotify").returncode == 0
    assert programs.run("harvest", "verify", "--state", "other").returncode == 0
    programs.run("harvest", "export", "--format", "parquet")
    assert len(list((programs.state / "export").iterdir())) == 12


def test_a_running_harvester_is_no_obstacle(emulated):
    with (
        emulated() as (programs, _),
        at_work(programs, "--rate", "4", "--batch", "1") as process,
    ):
        verified = programs.run("harvest", "verify", "--json")
        exported = programs.run("harvest", "export", "--format", "parquet")
        examined = programs.run("harvest", "doctor")
        assert process.poll() is None
    assert json.loads(verified.stdout)["is_whole"], verified.stdout
    assert exported.returncode == 0, exported.stderr
    assert examined.returncode == 0, examined.stdout
    assert f"process {process.pid} is at work on it" in signs(examined)["spotify"][1]


def test_a_state_after_a_kill_is_whole(emulated):
    with emulated() as (programs, _), at_work(programs, "--rate", "50", "--batch", "1") as process:
        process.kill()
        process.wait(300)
        done = programs.run("harvest", "verify")
    assert done.returncode == 0, done.stdout


def test_damage_is_one_line_and_names_what_to_do(emulated):
    with emulated() as (programs, _):
        harvested(programs)
    path = programs.state / "harvest.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM audio_features WHERE track_id % 2")
    done = programs.run("harvest", "verify")
    assert "every done task has its row" in one_line(done, 74)
    assert "✗" in done.stdout
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8192] = b"x" * 8192
    path.write_bytes(content)
    assert "bring back a copy" in one_line(programs.run("harvest", "verify"), 74)
    assert one_line(programs.run("harvest", "export", "--format", "csv"), 74)
    assert not list((programs.state / "export").iterdir())


def test_an_empty_state_has_nothing_to_verify_or_export(programs):
    assert "does not exist" in one_line(programs.run("harvest", "verify"), 2)
    assert "nothing to export" in one_line(programs.run("harvest", "export", "--format", "csv"), 2)
    assert not programs.state.exists()


@pytest.mark.parametrize(
    ("faults", "code", "text"),
    [
        ("forbidden", 77, "27 November 2024"),
        ("quota", 75, "daily quota is used up"),
        ("outage=60", 75, "503"),
        ("long-retry-after", 75, "rate limit is reached"),
    ],
)
def test_the_doctor_names_what_ails_the_service(faults, code, text, emulated):
    with emulated("--faults", faults) as (programs, urls):
        wake(urls)
        done = programs.run("harvest", "doctor")
    assert text in one_line(done, code)
    mark, said = signs(done)["Spotify"]
    assert (mark, text in said) == ("✗", True)
    assert not (programs.state / "harvest.db").exists()


def test_an_app_that_may_not_ask_for_batches_is_served_one_by_one(emulated):
    with emulated("--faults", "forbidden-batch") as (programs, _):
        done = programs.run("harvest", "doctor", "--daily-budget", "100")
    assert done.returncode == 0, done.stdout
    assert signs(done)["Spotify"] == ("✓", "answers, one track in one request")
    total = programs.counts("spotify")["total"]
    cost = signs(done)["spotify, to finish"][1]
    assert cost.startswith(f"tracks: {total:,}; requests: about {total:,}; time: ")
    assert cost.endswith("at 3 a second and 100 a day")


def test_what_is_refused_unreachable_or_wrong_ends_in_its_code(emulated):
    with emulated() as (programs, urls):
        wrong = programs.with_settings(SPOTIFY_API_URL=urls["SPOTIFY_API_URL"] + "/wrong")
        assert "SPOTIFY_API_URL" in one_line(wrong.run("harvest", "doctor"), 2)
        nobody = programs.with_settings(LASTFM_API_URL="http://127.0.0.1:9")
        assert "last.fm: no reply" in one_line(nobody.run("harvest", "doctor"), 75)
        wrong = programs.with_settings(LASTFM_API_URL="ftp://nowhere")
        assert "LASTFM_API_URL" in one_line(wrong.run("harvest", "doctor"), 2)
        unset = programs.with_settings(**dict.fromkeys(CREDENTIALS, ""))
        assert "credentials: none are set" in one_line(unset.run("harvest", "doctor"), 2)


def test_a_full_or_closed_disk_ends_in_74(emulated):
    with emulated() as (programs, _):
        shutil.rmtree(programs.state)
        programs.state.write_text("in the way")
        assert "cannot be written" in one_line(programs.run("harvest", "doctor"), 74)


@pytest.mark.parametrize("faults", ["slow=0.1", "forbidden", "outage", "html-200"])
def test_no_secret_is_shown_whatever_happens(faults, emulated):
    with emulated("--faults", faults) as (programs, _):
        plain = programs.run("harvest", "doctor")
        keyed = programs.with_settings(SPOTIFY_API_KEY=SECRETS[2]).run(
            "harvest", "doctor", "--json"
        )
    for done in (plain, keyed):
        assert "Traceback" not in done.stderr
        for secret in SECRETS:
            assert secret not in done.stdout + done.stderr


def test_the_doctor_s_json_has_every_check(emulated):
    with emulated() as (programs, _):
        done = programs.run("harvest", "doctor", "--json")
    checks = json.loads(done.stdout)["checks"]
    assert {"mark", "subject", "text", "exit_code"} == set(checks[0])
    assert {"versions", "disk", "Spotify", "last.fm", "ReccoBeats", "clock"} < {
        check["subject"] for check in checks
    }


def test_a_database_that_others_may_read_is_pointed_out(emulated):
    with emulated() as (programs, _):
        programs.run("harvest", "spotify", "--limit", "1")
        (programs.state / "harvest.db").chmod(0o644)
        done = programs.run("harvest", "doctor")
    text = "others may read state/harvest.db; run `chmod 600 state/harvest.db`"
    assert signs(done)["rights"] == ("!", text)
    assert done.returncode == 0


@pytest.mark.parametrize("command", ["status", "verify", "doctor"])
def test_a_terminal_that_knows_no_tick_is_shown_the_rest(command, programs, read_state):
    latin = programs.with_settings(PYTHONIOENCODING="latin-1", RECCOBEATS_API_URL="https://[")
    done = latin.run_script("harvest", command, "--state", read_state)
    assert done.returncode == (2 if command == "doctor" else 0), done.stderr
    assert "?" in done.stdout
