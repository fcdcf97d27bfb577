"""`state/harvest.db`: what is due, what was received, how far the jobs are.

Everything that belongs together is one transaction. A SIGKILL at any moment leaves the file as it
was after the last one.
"""

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from sqlite3 import Connection

import msgspec

from harvest.database import intake, twins
from harvest.database.changes import ASKED_IN_VAIN, Written, update_tasks
from harvest.database.file_errors import damaged
from harvest.database.intake import AFRESH, TrackRow
from harvest.database.opening import Database
from harvest.database.rows import data_bytes, import_features, insert_records
from harvest.database.runs import count_run
from harvest.plan import Questions
from harvest.records import AudioFeatures
from harvest.worklist import Commit, Counts, State, Tally, Task

JOBS = ("spotify", "lastfm")
RESOLVING = ("names", "ids")  # of people's own playlists: names for ids, ids for names
FROM_THE_START = (-1.0, -1)

# A page comes as one value: fetched row by row, the interpreter would be given up for each. Most
# tasks are due at 0, which is written sooner as a whole number.
_PAGE = """
    SELECT json_group_array(json_array(spotify_id, artist, title, attempts, parts,
        iif(next_at = 0, 0, next_at), seq, track_id{form}))
    FROM (
        SELECT task.spotify_id, {names}, attempts, parts, next_at, seq, track_id{form} FROM {tables}
        WHERE job = :job AND state = 'pending' AND twin_of IS NULL AND next_at <= :before
          AND (next_at, seq) > (:after_at, :after_seq) AND seq >= 0
        ORDER BY next_at, seq LIMIT :limit
    )
"""
# Spotify is asked by id: looking the names up takes a third of the time that a page takes.
_DUE = {
    "spotify": _PAGE.format(names="'' AS artist, '' AS title", tables="task", form=""),
    "lastfm": _PAGE.format(
        names="artist, title", tables="task JOIN track USING (track_id)", form=", form"
    ),
}
_DUE |= {"names": _DUE["spotify"], "ids": _DUE["lastfm"]}
_LACKING = "SELECT {what} FROM task WHERE job = ?1 AND state = 'pending' AND twin_of IS NULL"
_SUM_OF_BITS = " + ".join(f"(lacking >> {i} & 1)" for i in range(3))
_QUESTIONS = {
    "spotify": f"""
        SELECT count(*), count(*) FROM ({_LACKING.format(what="1")} AND seq >= 0 {{order}})
    """,
    "lastfm": f"""
        SELECT count(*), ifnull(sum({_SUM_OF_BITS}), 0) FROM (
            SELECT wanted & ~parts AS lacking
            FROM ({_LACKING.format(what="parts")} AND seq >= 0 {{order}}), job WHERE job = ?1)
    """,
}
_QUESTIONS |= dict.fromkeys(RESOLVING, _QUESTIONS["spotify"])
_REOPEN_PARTS = f"""
    UPDATE task SET {AFRESH} WHERE job = ?1 AND state = 'done' AND parts & ?2 != ?2
"""
# Spotify's tasks that have all their parts are never pending.
_CLOSE_WHOLE = """
    UPDATE task SET state = 'done', attempts = 0, next_at = 0, error = NULL, provider = job.job
    FROM job WHERE job.job = ?1 AND task.job = ?1 AND state = 'pending' AND parts & wanted = wanted
"""
# Twins that the tables no longer hold go with those that are asked for.
_RETRY = f"""
    UPDATE task SET {AFRESH}, form = iif(parts = 0, 'raw', form)
    WHERE job = ? AND state IN {{states}} AND (seq >= 0 OR EXISTS (SELECT 1 FROM task leader
        WHERE leader.job = task.job AND leader.track_id = task.twin_of AND leader.seq >= 0))
"""
_SOME_DONE = """
    SELECT track.spotify_id, artist, title, form FROM task JOIN track USING (track_id)
    WHERE job = ?1 AND track_id >= ?2 AND state = 'done' AND provider = coalesce(?3, provider)
    LIMIT 1
"""
_NEXT_DUE = """
    SELECT min(next_at) FROM task
    WHERE job = ? AND state = 'pending' AND twin_of IS NULL AND seq >= 0
"""
# In one pass: grouping would sort the tasks first.
_COUNTS = ", ".join(f"count(*) FILTER (WHERE state = '{state}')" for state in State)

_DECODE_TASKS = msgspec.json.Decoder(list[Task]).decode


class Store(Database):
    """The part of a database that is about tracks: the resume log and the rows received."""

    def add_tasks(self, job: str, pages: Iterable[Sequence[TrackRow]], *, fingerprint: str) -> None:
        """Make a task of `job` for every track in `pages`, unless these tables were seen before.

        Tasks still pending for tracks that the tables no longer hold are dropped, unless something
        was received for them: whatever was received stays.

        Parameters
        ----------
        job : str
            One of `JOBS` or `RESOLVING`.
        pages : iterable of sequences of (spotify_id, artist, title)
            Every track of the tables, in the order of work.
        fingerprint : str
            Names the tables' content.
        """
        if self.is_of(job, fingerprint):
            return
        with self.transaction() as db:
            intake.add_tasks(db, job, pages, fingerprint=fingerprint)

    def want(self, job: str, parts: int) -> None:
        """Let `job`'s tasks be done with the parts whose bits are set in `parts`.

        Done ones that lack one of them are pending again, and pending ones that lack none are done.
        Those that the service does not know, or that are dead, stay so.
        """
        if self.one("SELECT 1 FROM job WHERE job = ? AND wanted = ?", job, parts):
            return
        with self.transaction() as db:
            db.execute("UPDATE job SET wanted = ? WHERE job = ?", (parts, job))
            db.execute(_REOPEN_PARTS, (job, parts))
            db.execute(_CLOSE_WHOLE, (job,))

    def questions(self, job: str, *, limit: int | None = None) -> Questions:
        """Return what the next `limit` tasks of `job` are to be asked for, or all."""
        order = "" if limit is None else f"ORDER BY next_at, seq LIMIT {limit}"
        row = self.one(_QUESTIONS[job].format(order=order), job)
        return Questions(*(row or (0, 0)))

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
        try:
            return _DECODE_TASKS(page)
        except msgspec.DecodeError as error:  # a value is of another type than its column
            raise damaged(self.path, str(error)) from error

    def bring_forward(self, job: str, *, latest: float) -> None:
        """Let no pending task of `job` be due later than `latest`, in Unix seconds.

        Retries are seconds apart: one that is due much later was put off before the clock was set
        back.
        """
        with self.transaction() as db:
            db.execute(
                "UPDATE task SET next_at = ?2 "
                "WHERE job = ?1 AND state = 'pending' AND twin_of IS NULL AND next_at > ?2",
                (job, round(latest, 3)),
            )

    def next_due_at(self, job: str) -> float | None:
        """Return when the next pending task is due, in Unix seconds; None where none is pending."""
        row = self.one(_NEXT_DUE, job)
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
                spotify_id, artist, title, form = row
                return Task(spotify_id, artist, title, form=form)
        return None

    def commit(
        self, job: str, commits: Sequence[Commit], *, provider: str, run_id: int, tally: Tally
    ) -> Written:
        """Write rows, the tasks that they settle and the run's progress in one transaction.

        The twins of the tasks get the same.
        """
        with self.transaction() as db:
            commits = twins.with_twins(db, job, commits)
            changes = [change for commit in commits for change in commit.changes]
            insert_records(db, commits, provider=provider, now=time.time())
            update_tasks(db, job, changes, provider=provider)
            stored_bytes = _count_bytes(db, job, commits)
            count_run(db, changes, run_id=run_id, tally=tally)
        return Written(changes, stored_bytes)

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
        What `provider`, asked last, did not have either is not asked for again.
        """
        last = self.one("SELECT provider FROM job WHERE job = ?", job)
        if last == (provider,) and not overwrite:
            return 0
        in_vain = ASKED_IN_VAIN if last == (provider,) else 0
        states = "('missing', 'dead', 'done')" if overwrite else "('missing', 'dead')"
        with self.transaction() as db:
            db.execute("UPDATE job SET provider = ? WHERE job = ?", (provider, job))
            return db.execute(
                f"UPDATE task SET {AFRESH}, parts = 0 "
                f"WHERE job = ? AND provider != ? AND state IN {states} AND seq >= 0 "
                "AND parts & ? = 0",
                (job, provider, in_vain),
            ).rowcount

    def retry_dead(self, job: str, *, missing: bool = False) -> int:
        """Make `job`'s dead tasks pending again, as if never tried; return how many.

        With `missing` those too that the service did not know.
        """
        states = "('dead', 'missing')" if missing else "('dead')"
        with self.transaction() as db:
            n_tasks = db.execute(_RETRY.format(states=states), (job,)).rowcount
            if job == twins.JOB:
                db.execute(_CLOSE_WHOLE, (job,))
            return n_tasks

    def settled_ids(self, job: str) -> Iterator[str]:
        """Yield the tracks on which `job` will spend nothing more."""
        query = "SELECT spotify_id FROM task WHERE job = ? AND state != 'pending'"
        return (row[0] for row in self.rows(query, job))

    def stored_bytes(self, job: str) -> int:
        """Return how much of a service's data `job` has stored; see `database.rows.BYTES`."""
        row = self.one("SELECT bytes FROM job WHERE job = ?", job)
        return int(row[0]) if row else 0

    def has_job(self, job: str) -> bool:
        """Say whether `job` was ever started."""
        return self.one("SELECT 1 FROM job WHERE job = ?", job) is not None

    def is_of(self, job: str, fingerprint: str) -> bool:
        """Say whether `job` was last started on the tables of this content."""
        query = "SELECT 1 FROM job WHERE job = ? AND fingerprint = ?"
        return self.one(query, job, fingerprint) is not None

    def counts(self, job: str) -> Counts:
        """Return how many tasks of `job` stand where."""
        row = self.one(f"SELECT {_COUNTS} FROM task WHERE job = ? AND seq >= 0", job)
        assert row is not None
        return Counts(**dict(zip(State, row, strict=True)))


def _count_bytes(db: Connection, job: str, commits: Sequence[Commit]) -> int:
    """Add what `commits` hold of last.fm's data to what is stored of it; return the sum."""
    if job != twins.JOB:
        return 0
    query = "UPDATE job SET bytes = bytes + ? WHERE job = ? RETURNING bytes"
    row = db.execute(query, (data_bytes(commits), job)).fetchone()
    return int(row[0]) if row else 0
