"""SIGKILL at any moment loses nothing and doubles nothing; the polite signals end politely."""

import random
import signal
import sqlite3
import time
from contextlib import closing

import pytest

from tests.end_to_end.conftest import BY_RAW_NAMES, CREDENTIALS, Programs, running_emulator, stats
from tests.end_to_end.killing import (
    ENDING,
    FAST,
    MAKING,
    PACE,
    PAUSING,
    STARTING,
    WAITING,
    WORKING,
    Ordeal,
    left_behind,
    rows,
    start_and_send,
    wait_for,
)


@pytest.mark.parametrize("job", ["spotify", "lastfm"])
def test_killed_at_every_named_point_a_job_ends_as_an_undisturbed_one(job, emulated, undisturbed):
    with emulated() as (programs, urls):
        ordeal = Ordeal(programs, urls, job)
        ordeal.live_through(random.Random(job), n_random=3, undisturbed=undisturbed)
    assert ordeal.kills >= len(MAKING | STARTING | WORKING | ENDING) + 2
    assert (ordeal.lost, ordeal.doubled, ordeal.asked_again) == (0, 0, set())


def test_killed_while_a_long_wait_is_stored_a_job_waits_and_then_goes_on(emulated, undisturbed):
    job = "spotify"
    with emulated("--faults", "long-retry-after") as (programs, urls):
        ordeal = Ordeal(programs, urls, job)
        ordeal.kill_at(WAITING)
        asked = stats(urls)["requests"]
        refused = programs.run("harvest", job, *FAST)
        assert (refused.returncode, stats(urls)["requests"]) == (75, asked)
    with closing(sqlite3.connect(programs.state / "harvest.db")) as db:
        db.execute("UPDATE job SET not_before = 1")  # as if that hour had passed
        db.commit()
    resume_undisturbed(programs, job, undisturbed)


def test_killed_in_a_pause_a_job_knows_of_it_and_goes_on(emulated, undisturbed):
    job = "lastfm"
    with emulated("--faults", "rate-limit=1") as (programs, urls):
        ordeal, began_at = Ordeal(programs, urls, job), time.time()
        ordeal.kill_at(PAUSING)
    with left_behind(programs.state) as db:
        ((paused_until,),) = db.execute("SELECT paused_until FROM job WHERE job = ?", (job,))
    assert paused_until > began_at
    resume_undisturbed(programs, job, undisturbed)


def resume_undisturbed(programs, job, undisturbed):
    """Go on against a service that works."""
    tables = ("--tables", programs.state / "tables")
    with running_emulator(programs.folder, *tables, *BY_RAW_NAMES) as urls:
        done = Programs(programs.folder, {**CREDENTIALS, **urls}).run("harvest", job, *FAST)
    assert done.returncode == 0, done.stderr
    assert rows(programs.state, job) == undisturbed[job]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("job", ["spotify", "lastfm"])
def test_a_polite_signal_commits_says_where_it_stands_and_repeats_nothing(
    number, code, job, emulated
):
    with emulated() as (programs, urls):
        ended_with, out, err, seconds = start_and_send(programs, number, job, settled=20)
        assert ended_with == code, err
        assert seconds < 100
        assert "pending" in out
        assert err.splitlines()[-1].startswith(f"harvest: stopped by {signal.Signals(number).name}")
        assert programs.run("harvest", job, *FAST).returncode == 0
        again = stats(urls, "/_stats/again")[job]
    assert again == {} or job == "lastfm"
    counts = programs.counts(job)
    assert (counts["pending"], counts["dead"]) == (0, 0)


def test_a_signal_ends_a_long_wait_at_once(emulated):
    options = ("--max-wait", "5000")
    with (
        emulated("--faults", "long-retry-after") as (programs, _),
        programs.start("harvest", "spotify", *PACE["spotify"], *options) as process,
    ):
        while "waiting" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=300)  # Of waits of an hour.
    assert process.returncode == 130


def test_the_second_harvester_names_the_first_and_leaves_it_alone(emulated):
    with emulated() as (programs, _), programs.start("harvest", "lastfm", "--rate", "5") as first:
        wait_for(first, programs.state, "lastfm", settled=1)
        second = programs.run("harvest", "spotify")
        assert second.returncode == 75
        assert f"process {first.pid}" in second.stderr
        assert programs.counts("lastfm")["pending"] > 0
        first.terminate()
        first.communicate(timeout=300)
    assert first.returncode == 143
