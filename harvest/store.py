"""`state/harvest.db`: what is due, what was received, how far the jobs are.

Everything that belongs together is one transaction. A SIGKILL at any moment leaves the file as it
was after the last one.
"""

import random
import time
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from harvest.changes import update_tasks
from harvest.database import Database
from harvest.records import AudioFeatures
from harvest.rows import import_features, insert_records
from harvest.runs import day_of
from harvest.worklist import Commit, Counts, State, Tally, Task

JOBS = ("spotify", "lastfm")
FROM_THE_START = (-1.0, -1)

_NOTE_PAUSE = """
    UPDATE job SET paused_until = :paused_until
    WHERE job = (SELECT job FROM run WHERE run_id = :run_id) AND paused_until < :paused_until
"""
_ADD_TRACKS = """
    INSERT INTO track (spotify_id, artist, title) VALUES (?, ?, ?)
    ON CONFLICT (spotify_id) DO UPDATE SET artist = excluded.artist, title = excluded.title
"""
# A track that has audio features already, from whatever provider, needs no request.
_ADD_TASK = """
    INSERT INTO task (job, track_id, spotify_id, seq, state, provider)
    SELECT :job, track.track_id, :id, :seq,
        CASE WHEN f.provider IS NULL THEN 'pending' ELSE 'done' END, f.provider
    FROM track LEFT JOIN audio_features f ON f.track_id = track.track_id AND :job = 'spotify'
    WHERE track.spotify_id = :id
    ON CONFLICT (job, track_id) DO UPDATE SET seq = excluded.seq
"""
_DROP_TASKS = """
    DELETE FROM task WHERE job = ? AND seq = -1 AND state = 'pending' AND parts = 0
    AND NOT (job = 'spotify' AND EXISTS (
        SELECT 1 FROM audio_features f WHERE f.track_id = task.track_id))
"""
_COUNT_DAY = """
    INSERT INTO day SELECT job, :day, :sent - requests FROM run WHERE run_id = :run_id
    ON CONFLICT (job, day) DO UPDATE SET requests = requests + excluded.requests
"""
_COUNT_RUN = """
    UPDATE run SET seen_at = :now, settled = settled + :settled, requests = :sent,
        limited = :limited, failed = :failed, rejected = :rejected
    WHERE run_id = :run_id
"""
# A page comes as one value: fetched row by row, the interpreter would be given up for each. Most
# tasks are due at 0, which is written sooner as a whole number.
_PAGE = """
    SELECT json_group_array(json_array(spotify_id, artist, title, attempts, parts,
        iif(next_at = 0, 0, next_at), seq, track_id))
    FROM (
        SELECT task.spotify_id, {names}, attempts, parts, next_at, seq, track_id FROM {tables}
        WHERE job = :job AND state = 'pending' AND next_at <= :before
          AND (next_at, seq) > (:after_at, :after_seq) AND seq >= 0
        ORDER BY next_at, seq LIMIT :limit
    )
"""
# Spotify is asked by id: looking the names up takes a third of the time that a page takes.
_DUE = {
    "spotify": _PAGE.format(names="'' AS artist, '' AS title", tables="task"),
    "lastfm": _PAGE.format(names="artist, title", tables="task JOIN track USING (track_id)"),
}
_SOME_DONE = """
    SELECT track.spotify_id, artist, title FROM task JOIN track USING (track_id)
    WHERE job = ?1 AND track_id >= ?2 AND state = 'done' AND provider = coalesce(?3, provider)
    LIMIT 1
"""
# In one pass: grouping would sort the tasks first.
_COUNTS = ", ".join(f"count(*) FILTER (WHERE state = '{state}')" for state in State)
_AFRESH = "state = 'pending', attempts = 0, next_at = 0, error = NULL, provider = NULL"

_DECODE_TASKS = msgspec.json.Decoder(list[Task]).decode

TrackRow = tuple[str, str, str]


class Store(Database):
    """The part of a database that is about tracks: the resume log and the rows received."""

    def add_tasks(self, job: str, pages: Iterable[Sequence[TrackRow]], *, fingerprint: str) -> None:
        """Make a task of `job` for every track in `pages`, unless these tables were seen before.

        Tasks still pending for tracks that the tables no longer hold are dropped, unless something
        was received for them: whatever was received stays.

        Parameters
        ----------
        job : str
            One of `JOBS`.
        pages : iterable of sequences of (spotify_id, artist, title)
            Every track of the tables, in the order of work.
        fingerprint : str
            Names the tables' content.
        """
        if self.one("SELECT 1 FROM job WHERE job = ? AND fingerprint = ?", job, fingerprint):
            return
        with self.transaction() as db:
            db.execute("UPDATE task SET seq = -1 WHERE job = ?", (job,))
            seq = 0
            for page in pages:
                db.executemany(_ADD_TRACKS, page)
                db.executemany(
                    _ADD_TASK,
                    ({"job": job, "id": row[0], "seq": seq + i} for i, row in enumerate(page)),
                )
                seq += len(page)
            db.execute(_DROP_TASKS, (job,))
            db.execute(
                "INSERT INTO job (job, fingerprint) VALUES (?, ?) "
                # A track that comes back was perhaps not there when the provider was last changed.
                "ON CONFLICT (job) DO UPDATE SET fingerprint = excluded.fingerprint, "
                "provider = NULL",
                (job, fingerprint),
            )

    def due(
        self, job: str, *, before: float, after: tuple[float, int] = FROM_THE_START, limit: int
    ) -> list[Task]:
        """Return a page of pending tasks, in the order of work; Spotify's without names.

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
        ((page,),) = self.rows(_DUE[job], **values)
        return _DECODE_TASKS(page)

    def bring_forward(self, job: str, *, latest: float) -> None:
        """Let no pending task of `job` be due later than `latest`, in Unix seconds.

        Retries are seconds apart: one that is due much later was put off before the clock was set
        back.
        """
        with self.transaction() as db:
            db.execute(
                "UPDATE task SET next_at = ?2 "
                "WHERE job = ?1 AND state = 'pending' AND next_at > ?2",
                (job, round(latest, 3)),
            )

    def next_due_at(self, job: str) -> float | None:
        """Return when the next pending task is due, in Unix seconds; None where none is pending."""
        query = "SELECT min(next_at) FROM task WHERE job = ? AND state = 'pending' AND seq >= 0"
        row = self.one(query, job)
        return row[0] if row else None

    def some_done(self, job: str, *, provider: str | None = None) -> Task | None:
        """Return a task that was answered before, by `provider` where one is named.

        Another one each time, since the service may have lost a track meanwhile; None where there
        is none.
        """
        (last,) = self.one("SELECT coalesce(max(track_id), 0) FROM track") or (0,)
        for first in (random.randint(0, last), 0):
            row = self.one(_SOME_DONE, job, first, provider)
            if row:
                return Task(*row)
        return None

    def commit(
        self, job: str, commits: Sequence[Commit], *, provider: str, run_id: int, tally: Tally
    ) -> None:
        """Write rows, the tasks that they settle and the run's progress in one transaction."""
        changes = [change for commit in commits for change in commit.changes]
        now = time.time()
        run = {
            "run_id": run_id,
            "now": now,
            "day": day_of(now),
            "settled": sum(len(c.tasks) for c in changes if c.state != State.PENDING),
            "sent": tally.sent,
            "limited": tally.limited,
            "failed": tally.failed,
            "rejected": tally.rejected,
            "paused_until": tally.paused_until,
        }
        with self.transaction() as db:
            insert_records(db, commits, provider=provider, now=now)
            update_tasks(db, job, changes, provider=provider)
            db.execute(_COUNT_DAY, run)
            db.execute(_COUNT_RUN, run)
            db.execute(_NOTE_PAUSE, run)

    def import_features(
        self, records: Sequence[AudioFeatures], *, provider: str, overwrite: bool
    ) -> int:
        """Store features that came from a file, and mark their tracks' tasks done.

        Parameters
        ----------
        records : sequence of AudioFeatures
            The last of several for one track counts.
        provider : str
            Stored with each row.
        overwrite : bool
            Whether rows of other providers give way.

        Returns
        -------
        int
            How many of `records` were stored; the others met a row of another provider.
        """
        with self.transaction() as db:
            return import_features(db, records, provider=provider, overwrite=overwrite)

    def reopen(self, job: str, *, provider: str, overwrite: bool) -> int:
        """Make pending again what another provider than `provider` did not have; return how many.

        With `overwrite` also what another provider did have; its rows stay until they are replaced.
        """
        last = self.one("SELECT provider FROM job WHERE job = ?", job)
        if last == (provider,) and not overwrite:
            return 0
        states = "('missing', 'dead', 'done')" if overwrite else "('missing', 'dead')"
        with self.transaction() as db:
            db.execute("UPDATE job SET provider = ? WHERE job = ?", (provider, job))
            return db.execute(
                f"UPDATE task SET {_AFRESH}, parts = 0 "
                f"WHERE job = ? AND provider != ? AND state IN {states} AND seq >= 0",
                (job, provider),
            ).rowcount

    def retry_dead(self, job: str, *, missing: bool = False) -> int:
        """Make `job`'s dead tasks pending again, as if never tried; return how many.

        With `missing` those too that the service did not know.
        """
        states = "('dead', 'missing')" if missing else "('dead')"
        query = f"UPDATE task SET {_AFRESH} WHERE job = ? AND state IN {states} AND seq >= 0"
        with self.transaction() as db:
            return db.execute(query, (job,)).rowcount

    def settled_ids(self, job: str) -> Iterator[str]:
        """Yield the tracks on which `job` will spend nothing more."""
        query = "SELECT spotify_id FROM task WHERE job = ? AND state != 'pending'"
        return (row[0] for row in self.rows(query, job))

    def has_job(self, job: str) -> bool:
        """Say whether `job` was ever started."""
        return self.one("SELECT 1 FROM job WHERE job = ?", job) is not None

    def counts(self, job: str) -> Counts:
        """Return how many tasks of `job` stand where."""
        row = self.one(f"SELECT {_COUNTS} FROM task WHERE job = ? AND seq >= 0", job)
        assert row is not None
        return Counts(**dict(zip(State, row, strict=True)))
