"""SIGKILL at any moment loses nothing and doubles nothing; the polite signals end politely."""

import random
import shutil
import signal
import sqlite3
import time

import pytest

from harvest.store import Store
from tests.end_to_end.conftest import CREDENTIALS, Programs, running_emulator, stats

# Slow enough to be killed on the way, in requests a second.
PACE = {"spotify": ("--batch", "5", "--rate", "25"), "lastfm": ("--rate", "600")}
TABLES = {
    "spotify": {"audio_features": "spotify_id, danceability, energy, key, tempo, provider"},
    "lastfm": {"lastfm_track": "*", "lastfm_tag": "*", "lastfm_similar": "*"},
}


def rows(state, job):
    """Every row that `job` stored; none may stand there twice."""
    found = {}
    with sqlite3.connect(state / "harvest.db") as db:
        for table, columns in TABLES[job].items():
            listed = db.execute(f"SELECT {columns} FROM {table}").fetchall()
            found[table] = set(listed)
            assert len(found[table]) == len(listed)
        found["task"] = set(
            db.execute("SELECT spotify_id, state, attempts FROM task WHERE job = ?", (job,))
        )
    db.close()
    return found


def settled(state, job):
    return {task[0] for task in rows(state, job)["task"] if task[1] != "pending"}


def wait_for(process, state, job, *, settled):
    """Wait until so many tasks more are settled, or the process has ended."""
    wanted = n_settled(state, job) + settled
    give_up_at = time.monotonic() + 30
    while process.poll() is None and n_settled(state, job) < wanted:
        assert time.monotonic() < give_up_at
        time.sleep(0.005)


def n_settled(state, job):
    store = Store.peek(state)
    if store is None:
        return 0
    with store:
        return store.counts(job).settled


def start_and_send(programs, number, job, *, settled, after=0.0):
    """Start a job, send it a signal once it has settled some tasks, and return how it ended."""
    with programs.start("harvest", job, *PACE[job]) as process:
        wait_for(process, programs.state, job, settled=settled)
        time.sleep(after)
        process.send_signal(number)
        sent_at = time.monotonic()
        out, err = process.communicate(timeout=20)
    return process.returncode, out, err, time.monotonic() - sent_at


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, read_state):
    """What both jobs store when nothing disturbs them."""
    folder = tmp_path_factory.mktemp("undisturbed")
    shutil.copytree(read_state, folder / "state")
    with running_emulator(folder, "--tables", folder / "state/tables") as urls:
        programs = Programs(folder, {**CREDENTIALS, **urls})
        for job in TABLES:
            done = programs.run("harvest", job, "--rate", "5000")
            assert done.returncode == 0, done.stderr
    return {job: rows(programs.state, job) for job in TABLES}


@pytest.mark.parametrize("job", ["spotify", "lastfm"])
def test_killed_again_and_again_a_job_ends_as_an_undisturbed_one(job, emulated, undisturbed):
    chance = random.Random(job)
    n_kills = 0
    with emulated() as (programs, _urls):
        for _ in range(6):
            code, _, err, _ = start_and_send(
                programs, signal.SIGKILL, job, settled=10, after=chance.uniform(0, 0.1)
            )
            n_kills += code == -signal.SIGKILL
            assert "Traceback" not in err
        done = programs.run("harvest", job, "--rate", "5000")
    assert n_kills >= 2
    assert done.returncode == 0, done.stderr
    assert rows(programs.state, job) == undisturbed[job]


def test_after_a_kill_nothing_that_was_stored_is_fetched_again(emulated):
    with emulated() as (programs, urls):
        code, *_ = start_and_send(programs, signal.SIGKILL, "spotify", settled=40)
        assert code == -signal.SIGKILL
        stored = settled(programs.state, "spotify")
        assert programs.run("harvest", "spotify", "--rate", "5000").returncode == 0
        again = set(stats(urls, "/_stats/again")["spotify"])
    assert stored
    assert not again & stored
    # At most the four requests of five tracks that were in flight.
    assert len(again) <= 20


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("job", ["spotify", "lastfm"])
def test_a_polite_signal_commits_says_where_it_stands_and_repeats_nothing(
    number, code, job, emulated
):
    with emulated() as (programs, urls):
        ended_with, out, err, seconds = start_and_send(programs, number, job, settled=20)
        assert ended_with == code, err
        assert seconds < 10
        assert "pending" in out
        assert err.splitlines()[-1].startswith(f"harvest: stopped by {signal.Signals(number).name}")
        assert programs.run("harvest", job, "--rate", "5000").returncode == 0
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
        process.communicate(timeout=8)
    assert process.returncode == 130


def test_the_second_harvester_names_the_first_and_leaves_it_alone(emulated):
    with emulated() as (programs, _), programs.start("harvest", "lastfm", "--rate", "5") as first:
        wait_for(first, programs.state, "lastfm", settled=1)
        second = programs.run("harvest", "spotify")
        assert second.returncode == 75
        assert f"process {first.pid}" in second.stderr
        assert programs.counts("lastfm")["pending"] > 0
        first.terminate()
        first.communicate(timeout=10)
    assert first.returncode == 143
