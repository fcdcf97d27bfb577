"""What a user meets on bad days, and what helps: waits, budgets, refusals, other providers."""

import itertools
import json
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.end_to_end.conftest import stats

FAST = ("--rate", "5000", "--batch", "5")
IMPATIENT = (*FAST, "--max-wait", "0.5")


def asked(urls):
    """Requests for audio features that the emulator has had."""
    return stats(urls)["ids"]["spotify"]["asked"]


def rows(programs, query):
    with closing(sqlite3.connect(programs.state / "harvest.db")) as db:
        return db.execute(query).fetchall()


def test_wait_sits_out_a_long_retry_after_and_counts_it_down(emulated):
    with emulated("--faults", "long-retry-after=3") as (programs, _):
        began = time.monotonic()
        done = programs.run("harvest", "spotify", *IMPATIENT, "--wait")
        seconds = time.monotonic() - began
    assert done.returncode == 0, done.stderr
    assert seconds >= 2
    countdown = [json.loads(line) for line in done.stderr.splitlines() if "waiting_s" in line]
    assert 0 < countdown[0]["waiting_s"] <= 3
    assert "rate limit is reached; waiting until 20" in countdown[0]["message"]
    assert programs.counts("spotify")["pending"] == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_countdown(number, code, emulated):
    with (
        emulated("--faults", "long-retry-after=600") as (programs, _),
        programs.start("harvest", "spotify", *IMPATIENT, "--wait") as process,
    ):
        while "waiting_s" not in process.stderr.readline():
            pass
        time.sleep(0.3)
        process.send_signal(number)
        assert process.wait(300) == code
        assert "goes on from here" in process.stderr.read()
    assert programs.counts("spotify")["not_before"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_long_pause_is_kept_by_the_run_after_the_one_that_was_stopped_in_it(number, emulated):
    patient = (*FAST, "--max-wait", "7200")
    with emulated("--faults", "long-retry-after=600") as (programs, urls):
        with programs.start("harvest", "spotify", *patient) as process:
            while "waiting 600 s" not in process.stderr.readline():
                assert process.poll() is None
            while not rows(programs, "SELECT 1 FROM job WHERE paused_until > 0"):
                time.sleep(0.05)
            process.send_signal(number)
            process.communicate(timeout=300)
        n_sent = stats(urls)["requests"]
        done = programs.run("harvest", "spotify", *FAST, "--max-wait", "3")
        assert stats(urls)["requests"] == n_sent
    assert done.returncode == 75
    assert "longer wait than --max-wait 3; nothing is sent before 20" in done.stderr


def test_a_daily_budget_is_kept_over_restarts_until_it_is_raised(emulated):
    with emulated() as (programs, urls):
        for budget, code in ((4, 75), (4, 75), (6, 75), (10_000, 0)):
            done = programs.run("harvest", "spotify", *FAST, "--daily-budget", str(budget))
            assert done.returncode == code, done.stderr
            if code == 75:
                assert f"daily budget of {budget} requests is used up" in done.stderr
                assert asked(urls) == budget * 5
    assert programs.counts("spotify")["pending"] == 0
    assert sum(row[0] for row in rows(programs, "SELECT requests FROM day")) == sum(
        row[0] for row in rows(programs, "SELECT requests FROM run")
    )


def test_a_daily_budget_is_kept_over_kills_too(emulated):
    pace = ("--rate", "100", "--batch", "1", "--concurrency", "8", "--daily-budget", "60")
    with emulated("--faults", "slow=0.3") as (programs, urls):
        for _ in range(4):
            with programs.start("harvest", "spotify", *pace) as process:
                while (
                    process.poll() is None and "tracks to ask for" not in process.stderr.readline()
                ):
                    pass
                time.sleep(0.25)
                process.kill()
        done = programs.run("harvest", "spotify", *pace)
        requests = stats(urls)["requests"]
        n_requests = sum(
            n for name in requests if "token" not in name for n in requests[name].values()
        )
        assert 20 < n_requests <= 60
    assert done.returncode == 75


def test_where_batches_are_refused_the_job_goes_on_one_by_one_and_remembers(emulated):
    with emulated("--faults", "forbidden-batch") as (programs, urls):
        first = programs.run("harvest", "spotify", "--rate", "5000", "--limit", "40")
        assert first.returncode == 0, first.stderr
        assert "refuses batches (403) and serves single tracks" in first.stderr
        assert programs.counts("spotify")["done"] == 40
        again = programs.run("harvest", "spotify", "--rate", "5000")
        assert "refuses batches" not in again.stderr
        assert stats(urls)["ids"]["spotify"]["served_again"] == 0
    assert again.returncode == 0, again.stderr
    assert programs.counts("spotify")["pending"] == 0
    assert rows(programs, "SELECT max(attempts) FROM task") == [(0,)]


def test_what_one_provider_lacks_the_next_is_asked_for_and_nothing_is_overwritten(emulated):
    with emulated("--faults", "null-ids=0.3") as (programs, _):
        assert programs.run("harvest", "spotify", *FAST).returncode == 0
    n_missing = programs.counts("spotify")["missing"]
    assert n_missing > 0
    with emulated() as (programs, urls):
        programs.run("harvest", "spotify", "--rate", "5000", "--provider", "reccobeats")
        assert stats(urls)["ids"]["reccobeats"]["asked"] == n_missing
    of_each = dict(
        rows(programs, "SELECT provider, count(*) FROM audio_features GROUP BY provider")
    )
    counts = programs.counts("spotify")
    assert of_each["reccobeats"] == counts["done"] - of_each["spotify"]
    assert counts["done"] + counts["missing"] == counts["total"]


def test_another_provider_overwrites_on_request(emulated):
    with emulated() as (programs, _):
        programs.run("harvest", "spotify", *FAST)
        before = programs.counts("spotify")
        again = programs.run(
            "harvest", "spotify", "--rate", "5000", "--provider", "reccobeats", "--overwrite"
        )
        assert again.returncode == 0, again.stderr
    assert programs.counts("spotify")["done"] == before["done"]
    assert rows(programs, "SELECT count(*) FROM audio_features WHERE provider = 'reccobeats'")[0][0]


def test_dead_tracks_are_tried_again_on_request(emulated):
    with emulated() as (programs, urls):
        programs.run("harvest", "spotify", *FAST, "--limit", "20")
        with closing(sqlite3.connect(programs.state / "harvest.db")) as db:
            db.execute(
                "UPDATE task SET state = 'dead', attempts = 5, error = 'why' "
                "WHERE state = 'pending' AND seq < 50"
            )
            db.commit()
        done = programs.run("harvest", "retry-dead", "spotify")
        assert done.stdout == "spotify: 30 dead tracks are pending again\n"
        programs.run("harvest", "spotify", *FAST)
        assert stats(urls)["ids"]["spotify"]["served_again"] == 0
    counts = programs.counts("spotify")
    assert (counts["dead"], counts["pending"]) == (0, 0)


def test_an_own_file_of_features_makes_harvesting_needless(emulated, tmp_path):
    with emulated() as (programs, _):
        programs.run("harvest", "spotify", *FAST)
        exported = programs.run("harvest", "export", "--format", "csv")
        assert exported.returncode == 0, exported.stderr
    features = rows(programs, "SELECT * FROM audio_features ORDER BY spotify_id")
    for path in programs.state.glob("harvest.db*"):
        path.unlink()
    path = programs.state / "export/audio_features.csv"
    done = programs.run("harvest", "import", path, "--provider", "my own")
    assert done.returncode == 0, done.stderr
    assert f"{len(features):,} rows read: {len(features):,} stored, 0 kept" in done.stdout
    imported = rows(programs, "SELECT * FROM audio_features ORDER BY spotify_id")
    # All but our own number, the provider and the time.
    assert [row[1:-2] for row in imported] == [row[1:-2] for row in features]
    assert {row[-2] for row in imported} == {"my own"}
    assert programs.counts("spotify")["done"] == len(features)


def test_the_log_is_lines_of_json_and_private(emulated):
    with emulated("--faults", "rate-limit=0.2") as (programs, _):
        log = programs.folder / "log.jsonl"
        for _ in range(2):
            done = programs.run("harvest", "spotify", *FAST, "--limit", "50", "--log", log)
            assert done.returncode == 0, done.stderr
            assert "told to slow down" in done.stdout
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert all(line["time"] <= after["time"] for line, after in itertools.pairwise(lines))
    assert [line["outcome"] for line in lines if "outcome" in line] == ["done", "done"]
    assert any("rate limit is reached; waiting" in line.get("message", "") for line in lines)
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_log_that_cannot_be_written_ends_in_74(emulated):
    with emulated() as (programs, _):
        done = programs.run("harvest", "spotify", "--log", programs.folder / "no" / "such")
    assert done.returncode == 74
    assert "cannot write the log" in done.stderr


def test_settings_and_store_are_made_private(emulated):
    with emulated() as (programs, _):
        env = programs.folder / ".env"
        env.write_text("HARVEST_STATE=state\n")
        env.chmod(0o644)
        programs.run("harvest", "spotify", *FAST)
        (programs.state / "harvest.db").chmod(0o644)
        programs.run("harvest", "spotify", *FAST)
    assert env.stat().st_mode & 0o777 == 0o600
    for path in programs.state.glob("harvest.db*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_no_secret_is_seen_while_a_job_runs(emulated):
    with (
        emulated("--faults", "slow=0.5") as (programs, _),
        programs.start("harvest", "spotify", "--rate", "5", "--batch", "5") as process,
    ):
        process.stderr.readline()
        command = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=300)
    assert b"harvest" in command
    stored = b"".join(path.read_bytes() for path in programs.state.glob("harvest.*"))
    for place in (command, out.encode(), err.encode(), stored):
        assert b"s3cret" not in place
        assert b"Bearer" not in place
