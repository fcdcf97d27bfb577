"""`state/harvest.db`: what is due, what was received, how far the jobs are. The only SQL.

Everything that belongs together is one transaction. A SIGKILL at any moment leaves the file as it
was after the last one.
"""

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Self

import msgspec

from harvest.database import connect, connect_readonly, lock_state, storage_errors
from harvest.records import AudioFeatures, Record, SimilarTrack, Tag, TrackInfo
from harvest.worklist import Change, Commit, Counts, Embargo, Run, State, Task

JOBS = ("spotify", "lastfm")
FROM_THE_START = (-1.0, -1)

_FEATURE_MARKS = ", ".join("?" * (len(AudioFeatures.__struct_fields__) + 2))
_INSERT: dict[type[Record], str] = {
    AudioFeatures: f"INSERT OR REPLACE INTO audio_features VALUES ({_FEATURE_MARKS})",
    TrackInfo: "INSERT OR REPLACE INTO lastfm_track VALUES (?, ?, ?, ?, ?, ?)",
    Tag: "INSERT OR REPLACE INTO lastfm_tag VALUES (?, ?, ?)",
    SimilarTrack: "INSERT OR REPLACE INTO lastfm_similar VALUES (?, ?, ?, ?)",
}
_UPDATE_TASK = """
    UPDATE task SET state = ?, parts = ?, attempts = ?, next_at = ?, error = ?
    WHERE job = ? AND spotify_id = ?
"""
_DUE = """
    SELECT spotify_id, artist, title, attempts, parts, next_at, seq
    FROM task JOIN track USING (spotify_id)
    WHERE job = :job AND state = 'pending' AND next_at <= :before
      AND (next_at, seq) > (:after_at, :after_seq)
    ORDER BY next_at, seq LIMIT :limit
"""
# A track that has audio features already, from whatever provider, needs no request.
_ADD_TASK = """
    INSERT INTO task (job, spotify_id, seq, state)
    SELECT :job, :id, :seq, CASE
        WHEN :job = 'spotify' AND EXISTS (SELECT 1 FROM audio_features WHERE spotify_id = :id)
        THEN 'done' ELSE 'pending' END
    WHERE true
    ON CONFLICT (job, spotify_id) DO UPDATE SET seq = excluded.seq
"""
_LAST_RUN = """
    SELECT run_id, pid, started_at, seen_at, settled, requests, outcome
    FROM run WHERE job = ? ORDER BY run_id DESC LIMIT 1
"""

TrackRow = tuple[str, str, str]


class Store:
    """An open `harvest.db`.

    `Store.open` takes the state's lock, so that two harvesters never write to one state;
    `Store.peek` reads beside a running harvester.
    """

    def __init__(self, db: sqlite3.Connection, path: Path, lock: IO[str] | None = None) -> None:
        self._db = db
        self._path = path
        self._lock = lock

    @classmethod
    def open(cls, state: Path) -> Self:
        """Open the store in `state` for writing, making it where it is absent.

        Raises
        ------
        StateInUse
            If another harvester holds the lock.
        StorageError, InputError
            If the file cannot be written, or is not a harvest.db that this program knows.
        """
        path = state / "harvest.db"
        lock = lock_state(state)
        try:
            return cls(connect(path), path, lock)
        except BaseException:
            lock.close()
            raise

    @classmethod
    def peek(cls, state: Path) -> Self | None:
        """Open the store in `state` for reading alone; None where there is none yet."""
        path = state / "harvest.db"
        db = connect_readonly(path) if path.exists() else None
        return cls(db, path) if db else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and give the lock back."""
        self._db.close()
        if self._lock:
            self._lock.close()

    def add_tasks(self, job: str, pages: Iterable[Sequence[TrackRow]], *, fingerprint: str) -> None:
        """Make a task of `job` for every track in `pages`, unless these tables were seen before.

        Tasks still pending for tracks that the tables no longer hold are dropped; whatever was
        received stays.

        Parameters
        ----------
        job : str
            One of `JOBS`.
        pages : iterable of sequences of (spotify_id, artist, title)
            Every track of the tables, in the order of work.
        fingerprint : str
            Names the tables' content.
        """
        if self._one("SELECT 1 FROM job WHERE job = ? AND fingerprint = ?", job, fingerprint):
            return
        with self._transaction() as db:
            db.execute("UPDATE task SET seq = -1 WHERE job = ?", (job,))
            seq = 0
            for page in pages:
                db.executemany("INSERT OR REPLACE INTO track VALUES (?, ?, ?)", page)
                db.executemany(
                    _ADD_TASK,
                    ({"job": job, "id": row[0], "seq": seq + i} for i, row in enumerate(page)),
                )
                seq += len(page)
            db.execute("DELETE FROM task WHERE job = ? AND seq = -1 AND state = 'pending'", (job,))
            db.execute(
                "INSERT INTO job (job, fingerprint) VALUES (?, ?) "
                "ON CONFLICT (job) DO UPDATE SET fingerprint = excluded.fingerprint",
                (job, fingerprint),
            )

    def due(
        self, job: str, *, before: float, after: tuple[float, int] = FROM_THE_START, limit: int
    ) -> list[Task]:
        """Return a page of pending tasks, in the order of work.

        Parameters
        ----------
        job : str
        before : float
            Unix seconds; tasks to be tried later are left out.
        after : (next_at, seq)
            Of the last task of the page before.
        limit : int
            Length of the page.
        """
        values = {"job": job, "before": before, "limit": limit}
        values |= {"after_at": after[0], "after_seq": after[1]}
        with storage_errors(self._path):
            return [Task(*row) for row in self._db.execute(_DUE, values)]

    def next_due_at(self, job: str) -> float | None:
        """Return when the next pending task is due, in Unix seconds; None where none is pending."""
        row = self._one("SELECT min(next_at) FROM task WHERE job = ? AND state = 'pending'", job)
        return row[0] if row else None

    def some_done(self, job: str) -> Task | None:
        """Return a task that the service has answered before, None where there is none."""
        row = self._one(
            "SELECT spotify_id, artist, title FROM task JOIN track USING (spotify_id) "
            "WHERE job = ? AND state = 'done' LIMIT 1",
            job,
        )
        return Task(*row) if row else None

    def commit(
        self, job: str, commits: Sequence[Commit], *, provider: str, run_id: int, requests: int
    ) -> None:
        """Write rows, the tasks that they settle and the run's progress in one transaction."""
        now = time.time()
        settled = sum(c.state != State.PENDING for commit in commits for c in commit.changes)
        with self._transaction() as db:
            for commit in commits:
                _insert(db, commit.records, stamp=(provider, now))
                db.executemany(_UPDATE_TASK, (_task_row(job, c) for c in commit.changes))
            db.execute(
                "UPDATE run SET seen_at = ?, settled = settled + ?, requests = ? WHERE run_id = ?",
                (now, settled, requests, run_id),
            )

    def settled_ids(self, job: str) -> Iterator[str]:
        """Yield the tracks on which `job` will spend nothing more."""
        with storage_errors(self._path):
            for (spotify_id,) in self._db.execute(
                "SELECT spotify_id FROM task WHERE job = ? AND state != 'pending'", (job,)
            ):
                yield spotify_id

    def begin_run(self, job: str) -> int:
        """Note that this process starts `job`; return the run's number."""
        now = time.time()
        with self._transaction() as db:
            return int(
                db.execute(
                    "INSERT INTO run (job, pid, started_at, seen_at) VALUES (?, ?, ?, ?) "
                    "RETURNING run_id",
                    (job, os.getpid(), now, now),
                ).fetchone()[0]
            )

    def end_run(self, run_id: int, outcome: str) -> None:
        """Note how a run ended."""
        with self._transaction() as db:
            db.execute("UPDATE run SET outcome = ? WHERE run_id = ?", (outcome, run_id))

    def last_run(self, job: str) -> Run | None:
        """Return the latest run of `job`, None before the first."""
        row = self._one(_LAST_RUN, job)
        return Run(*row) if row else None

    def has_job(self, job: str) -> bool:
        """Say whether `job` was ever started."""
        return self._one("SELECT 1 FROM job WHERE job = ?", job) is not None

    def counts(self, job: str) -> Counts:
        """Return how many tasks of `job` stand where."""
        with storage_errors(self._path):
            rows = self._db.execute(
                "SELECT state, count(*) FROM task WHERE job = ? GROUP BY state", (job,)
            )
            return Counts(**dict(rows.fetchall()))

    def embargo(self, job: str) -> Embargo | None:
        """Return until when nothing may be sent for `job`, None where it was never said."""
        row = self._one("SELECT not_before, reason FROM job WHERE job = ? AND not_before > 0", job)
        return Embargo(*row) if row else None

    def set_embargo(self, job: str, embargo: Embargo) -> None:
        """Remember over restarts that nothing may be sent for `job` for a while."""
        with self._transaction() as db:
            db.execute(
                "UPDATE job SET not_before = ?, reason = ? WHERE job = ?",
                (embargo.not_before, embargo.reason, job),
            )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with storage_errors(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        with storage_errors(self._path):
            row: tuple[Any, ...] | None = self._db.execute(query, values).fetchone()
            return row


def _insert(db: sqlite3.Connection, records: Sequence[Record], *, stamp: tuple[str, float]) -> None:
    """Insert records, kind by kind; audio features are stamped with provider and time."""
    for kind, query in _INSERT.items():
        rows = [msgspec.structs.astuple(r) for r in records if isinstance(r, kind)]
        if rows:
            db.executemany(query, (row + stamp for row in rows) if kind is AudioFeatures else rows)


def _task_row(job: str, change: Change) -> tuple[object, ...]:
    return (
        change.state,
        change.parts,
        change.attempts,
        change.next_at,
        change.error,
        job,
        change.spotify_id,
    )
