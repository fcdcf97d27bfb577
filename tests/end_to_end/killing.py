"""Kills a harvester again and again, and keeps account of what that cost."""

import shutil
import signal
import sqlite3
import tempfile
import time
from collections import Counter
from contextlib import closing, contextmanager
from pathlib import Path

from harvest.database.opening import APPLICATION_ID, SCHEMA_VERSION
from harvest.emulator.catalogue.recordings import lookup_key
from harvest.sources.lastfm import METHODS
from harvest.store import Store
from tests.end_to_end import killed_at
from tests.end_to_end.conftest import stats

# Where a harvester is killed, by name; see `killed_at` for the steps. In the order of a job's life.
MAKING = {
    "before the lock is taken": [("before harvest.database.opening:lock_state", 1)],
    "with the lock, its pid not yet in it": [("before harvest.database.locking:_write_pid", 1)],
    "half of the tables made": [("sql CREATE TABLE", 4)],
    "before the tables are committed": [("sql PRAGMA user_version =", 1), ("sql COMMIT", 1)],
    "after the tables are made": [("after harvest.database.opening:connect", 1)],
}
UPGRADING = {
    "half of an older file's tables renamed": [("sql ALTER TABLE", 4)],
    "half of an older file's rows moved": [("sql INSERT INTO", 3)],
    "half of an older file's tables dropped": [("sql DROP TABLE", 4)],
}
STARTING = {
    "half of the tasks made": [("sql INSERT INTO task", 100)],
    "before the tasks are committed": [("sql INSERT INTO job", 1), ("sql COMMIT", 1)],
    "after the tasks are made": [("after harvest.store:Store.add_tasks", 1)],
    "before the run begins": [("before harvest.database.runs:RunLog.begin", 1)],
    "before the run's begin is committed": [("sql INSERT INTO run", 1), ("sql COMMIT", 1)],
    "after the run began": [("after harvest.database.runs:RunLog.begin", 1)],
}
TOKEN = {
    "before the token is asked for": [("before harvest.auth:TokenSource._renew", 1)],
    "with the token's reply unread": [("before harvest.auth:read_token", 1)],
    "with the token": [("after harvest.auth:TokenSource._renew", 1)],
}
WORKING = {
    "before a request is sent": [("before harvest.transport:HttpSender.send", 4)],
    "before a reply is read": [("before harvest.transport:_read", 4)],
    "with a reply in hand": [("after harvest.transport:HttpSender.send", 4)],
    "before a commit": [("before harvest.store:Store.commit", 2)],
    "before the rows": [("before harvest.store:Store.commit", 2), ("sql INSERT OR REPLACE", 1)],
    "after the rows, before the tasks": [("sql UPDATE task SET state", 2)],
    "after the tasks, before the run": [("sql UPDATE run SET seen_at", 2)],
    "right before COMMIT": [("sql UPDATE run SET seen_at", 2), ("sql COMMIT", 1)],
    "right after COMMIT": [("after harvest.store:Store.commit", 2)],
}
ENDING = {
    "before the run ends": [("before harvest.database.runs:RunLog.end", 1)],
    "before the run's end is committed": [("sql UPDATE run SET outcome", 1), ("sql COMMIT", 1)],
    "after the run ended": [("after harvest.database.runs:RunLog.end", 1)],
}
WAITING = {
    "before an embargo is stored": [("after harvest.pacing:Pacer.shut", 1)],
    "before an embargo is committed": [("sql UPDATE job SET not_before", 1), ("sql COMMIT", 1)],
    "after an embargo is stored": [
        ("sql UPDATE job SET not_before", 1),
        ("after harvest.store:Store.commit", 1),
    ],
}
PAUSING = {
    "as a pause begins": [("after harvest.pacing:Pacer.pause", 1)],
    "with a pause uncommitted": [
        ("sql UPDATE job SET paused_until", 1),
        ("sql COMMIT", 1),
    ],
    "with a pause committed": [
        ("sql UPDATE job SET paused_until", 1),
        ("after harvest.store:Store.commit", 1),
    ],
}

# Slow enough to be killed on the way, in requests a second.
BATCH = {"spotify": 2, "lastfm": 1}
PACE = {"spotify": ("--batch", "2", "--rate", "60"), "lastfm": ("--rate", "600")}
# Requests whose reply a kill may find unstored: four in flight, and what comes in while the writer
# gathers and commits, for which it may take 20 ms: 12 at this pace. At a service's own it is one.
UNSTORED = 4 + 2 * 12
FAST = ("--rate", "5000")
FIRST_VERSION = Path(__file__).parents[1] / "harvest" / "database" / "schema_v1.sql"
TABLES = {
    "spotify": ("audio_features",),
    "lastfm": ("lastfm_track", "lastfm_tag", "lastfm_similar"),
}


class Ordeal:
    """One job on one state, killed time and again.

    Attributes
    ----------
    kills : int
        SIGKILLs that came.
    repeated : int
        Tracks (for last.fm: parts of tracks) that were served again, for their reply was not
        stored when a kill came.
    asked_again : set of str
        Those that were asked for again although they had been stored.
    lost, doubled : int
        Rows and tasks that are not as they would be without the kills; known at the end.
    """

    def __init__(self, programs, urls, job):
        self.programs, self.urls, self.job = programs, urls, job
        self.kills = self.repeated = self.lost = self.doubled = 0
        self.asked_again = set()
        self._stored = {}
        prepare(programs.state, job)

    def live_through(self, chance, *, n_random, undisturbed):
        """Kill it at every point of its life and at some random ones, and run it to its end."""
        of_spotify = self.job == "spotify"
        self.kill_at((UPGRADING if of_spotify else {}) | MAKING | STARTING)
        self.kill_at((TOKEN if of_spotify else {}) | WORKING)
        while n_random and self.kill_at_random(chance):
            n_random -= 1
        self.kill_at(ENDING, *FAST)
        self._end(undisturbed[self.job])

    def kill_at(self, points, *options):
        """Start it and let it die at each point in turn."""
        options = options or PACE[self.job]
        for name, point in points.items():
            code, said = killed_at.run(point, [self.job, *options], self.programs)
            reached = f"{self.job} was not killed {name!r}, it ended with {code}: {said}"
            assert code == -signal.SIGKILL, reached
            self._account()

    def kill_at_random(self, chance):
        """Start it and kill it at some moment; says whether it was still there to be killed."""
        settled, after = chance.choice([0, 0, 1, 5]), chance.uniform(0, 0.2)
        if settled == 0:
            after *= 5  # in the first second, most of which goes by before anything is asked
        code, _, err, _ = start_and_send(
            self.programs, signal.SIGKILL, self.job, settled=settled, after=after
        )
        assert "Traceback" not in err
        is_killed = code == -signal.SIGKILL
        if is_killed:
            self._account()
        return is_killed

    def figures(self):
        """What it all came to."""
        return Counter(
            {
                "kills": self.kills,
                "lost": self.lost,
                "doubled": self.doubled,
                "stored and asked again": len(self.asked_again),
                "repeated": self.repeated,
            }
        )

    def _end(self, undisturbed):
        """Run it to its end, and compare with what a job stores that nothing disturbed."""
        done = self.programs.run("harvest", self.job, *FAST)
        assert done.returncode == 0, done.stderr
        self._account(is_killed=False)
        found = rows(self.programs.state, self.job)
        self.lost = sum(len(undisturbed[table] - found[table]) for table in undisturbed)
        self.doubled = sum(len(found[table] - undisturbed[table]) for table in undisturbed)

    def _account(self, *, is_killed=True):
        """Look at the files as they were left, and at what the service was asked for."""
        with left_behind(self.programs.state) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            stored, to_store = stored_keys(db, self.job)
        served = stats(self.urls)["ids"][self.job]["served"]
        again = stats(self.urls, "/_stats/again")[self.job]
        repeated = served + sum(again.values()) - len(again) - stored.total() - self.repeated
        self.kills += is_killed
        self.repeated += repeated
        assert 0 <= repeated <= is_killed * UNSTORED * BATCH[self.job]
        for key, times in self._stored.items():
            if again.get(key, 1) != times:
                self.asked_again.add(key)
        whole = [key for key, times in stored.items() if times == to_store[key]]
        self._stored = {key: again.get(key, 1) for key in whole}


def prepare(state, job):
    """Let Spotify's job begin with a file of version 1, with two tracks that no table holds."""
    if job != "spotify":
        return
    script = FIRST_VERSION.read_text(encoding="utf-8")
    with closing(sqlite3.connect(state / "harvest.db")) as db:
        db.executescript(
            f"{script} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1;"
        )
        for number, outcome in enumerate(("done", "missing")):
            db.execute("INSERT INTO track VALUES (?, 'a', 't')", (f"old {number}",))
            db.execute(
                "INSERT INTO task (job, spotify_id, state, parts, seq) "
                "VALUES ('spotify', ?, ?, 1 - ?, ?)",
                (f"old {number}", outcome, number, number),
            )
        zeros = ", ".join("0" * 13)
        db.execute(f"INSERT INTO audio_features VALUES ('old 0', {zeros}, 'spotify', 0)")
        db.commit()


@contextmanager
def left_behind(state):
    """The database in a copy, so that the next harvester finds the files as a kill left them."""
    with tempfile.TemporaryDirectory() as folder:
        for path in state.glob("harvest.db*"):
            if not path.name.endswith("-shm"):
                shutil.copy(path, folder)
        with closing(sqlite3.connect(Path(folder) / "harvest.db")) as db:
            yield db


def stored_keys(db, job):
    """What is stored, and what is to be, each counted by the name under which it is asked for."""
    stored, to_store = Counter(), Counter()
    if db.execute("PRAGMA user_version").fetchone() != (SCHEMA_VERSION,):
        return stored, to_store
    query = (
        "SELECT spotify_id, artist, title, state, parts "
        "FROM task JOIN track USING (spotify_id) "
        "WHERE job = ? AND twin_of IS NULL AND spotify_id NOT LIKE 'old%'"
    )
    for spotify_id, artist, title, state, parts in db.execute(query, (job,)):
        keys = [spotify_id]
        if job == "lastfm":
            keys = [f"{method}\t{lookup_key(artist, title)}" for method in METHODS.values()]
        answered = 1 if state == "missing" else parts
        keys = keys[:1] if state == "missing" else keys
        to_store.update(keys)
        stored.update(key for part, key in enumerate(keys) if answered >> part & 1)
    return stored, to_store


def rows(state, job):
    """Every row that `job` stored, but for when; none may stand there twice."""
    found = {}
    with closing(sqlite3.connect(state / "harvest.db")) as db:
        for table in (*TABLES[job], "task"):
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            chosen = ", ".join(column for column in columns if column != "fetched_at")
            where = f" WHERE job = '{job}'" if table == "task" else ""
            listed = db.execute(f"SELECT {chosen} FROM {table}{where}").fetchall()
            found[table] = set(listed)
            assert len(found[table]) == len(listed)
    return found


def wait_for(process, state, job, *, settled):
    """Wait until so many tasks more are settled, or the process has ended."""
    wanted = n_settled(state, job) + settled
    give_up_at = time.monotonic() + 300
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
        if settled:
            wait_for(process, programs.state, job, settled=settled)
        time.sleep(after)
        process.send_signal(number)
        sent_at = time.monotonic()
        out, err = process.communicate(timeout=300)
    return process.returncode, out, err, time.monotonic() - sent_at
