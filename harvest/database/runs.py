"""What is remembered of a job over restarts: its runs, its requests a day, its service's wishes."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Connection
from urllib.parse import urlsplit

from harvest.database.opening import Database
from harvest.worklist import Change, Embargo, Run, State, Tally

_LAST_RUN = """
    SELECT run_id, pid, started_at, seen_at, settled, requests, outcome, limited, failed, rejected
    FROM run WHERE job = ? ORDER BY run_id DESC LIMIT 1
"""
_RESERVE = """
    INSERT INTO day VALUES (?, ?, ?)
    ON CONFLICT (job, day) DO UPDATE SET requests = requests + excluded.requests
"""
# Never below nothing: where the clock's zone changed meanwhile, the run began on another day.
_GIVE_BACK = "UPDATE day SET requests = max(requests - ?3, 0) WHERE job = ?1 AND day = ?2"
_COUNT_DAY = """
    INSERT INTO day SELECT job, :day, :sent - requests FROM run WHERE run_id = :run_id
    ON CONFLICT (job, day) DO UPDATE SET requests = requests + excluded.requests
"""
_COUNT_RUN = """
    UPDATE run SET seen_at = :now, settled = settled + :settled, requests = :sent,
        limited = :limited, failed = :failed, rejected = :rejected
    WHERE run_id = :run_id
"""
# A wait is never shortened, unless it is of a time when the clock was ahead.
_NOTE_PAUSE = """
    UPDATE job SET paused_until = :paused_until, paused_at = :now
    WHERE job = (SELECT job FROM run WHERE run_id = :run_id)
    AND (paused_until < :paused_until OR paused_at > :now)
"""
_NOTE_SHUT = """
    UPDATE job SET not_before = :shut_until, reason = :shut_because, shut_by = service,
        shut_at = :now
    WHERE job = (SELECT job FROM run WHERE run_id = :run_id)
    AND (not_before < :shut_until OR shut_by IS NOT service OR shut_at > :now)
"""
_HAND_OVER = """
    UPDATE job SET paused_until = 0, not_before = max(not_before, paused_until),
        reason = iif(paused_until > not_before, 'the service asked for a pause', reason),
        shut_by = iif(paused_until > not_before, service, shut_by),
        shut_at = iif(paused_until > not_before, paused_at, shut_at)
    WHERE job = ? AND service != ? AND paused_until > ?
"""
_EMBARGOES = """
    SELECT not_before, reason, shut_by, shut_at FROM job
    WHERE not_before > 0 AND (shut_by = ?2 OR job = ?1 AND (shut_by IS NULL OR shut_by = ?3))
"""
_OF_OTHERS = """
    SELECT not_before, reason, shut_by, shut_at FROM job
    WHERE not_before > 0 AND job != ?1 AND shut_by = (SELECT service FROM job WHERE job = ?1)
"""
_PAUSES = """
    SELECT paused_until, ?3, service, paused_at FROM job
    WHERE paused_until > 0 AND (service = ?2 OR job = ?1 AND service IS NULL)
"""
_FORGET = """
    UPDATE job SET {columns} = 0 WHERE {by} = ?2 OR job = ?1 AND ({by} IS NULL OR {by} = ?3)
"""


@dataclass(frozen=True, slots=True)
class Service:
    """Who is asked, and by whom: a limit is that of one app or key with one provider.

    Attributes
    ----------
    provider : str
    host : str
    account : str
        A hash of the app or key; empty where there is none.
    """

    provider: str
    host: str = ""
    account: str = ""

    @classmethod
    def at(cls, address: str, *, provider: str, account: str) -> "Service":
        """Return who is asked at `address`."""
        return cls(provider, urlsplit(address).netloc, account)

    @property
    def key(self) -> str:
        """What waits are stored by."""
        return " ".join(filter(None, (self.provider, self.host, self.account)))


class RunLog:
    """The part of a database that is about runs, not about tracks.

    Parameters
    ----------
    database : Database
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, job: str, *, reserved: int = 0) -> int:
        """Note that this process starts `job`; return the run's number.

        Parameters
        ----------
        job : str
        reserved : int
            Requests that count as sent today until the run ends: those that a kill would leave
            uncounted.
        """
        now = time.time()
        with self._database.transaction() as db:
            db.execute(_RESERVE, (job, day_of(now), reserved))
            return int(
                db.execute(
                    "INSERT INTO run (job, pid, started_at, seen_at) VALUES (?, ?, ?, ?) "
                    "RETURNING run_id",
                    (job, os.getpid(), now, now),
                ).fetchone()[0]
            )

    def end(self, run_id: int, outcome: str, *, reserved: int = 0) -> None:
        """Note how a run ended, and give back what was reserved."""
        last = self._database.one("SELECT job, started_at FROM run WHERE run_id = ?", run_id)
        with self._database.transaction() as db:
            db.execute(
                "UPDATE run SET outcome = ?, seen_at = ? WHERE run_id = ?",
                (outcome, time.time(), run_id),
            )
            if last:
                db.execute(_GIVE_BACK, (last[0], day_of(last[1]), reserved))

    def last(self, job: str) -> Run | None:
        """Return the latest run of `job`, None before the first."""
        row = self._database.one(_LAST_RUN, job)
        return Run(*row) if row else None

    def sent_on(self, job: str, day: str) -> int:
        """Return the requests that `job` sent on `day`, a date such as 2026-11-23."""
        row = self._database.one("SELECT requests FROM day WHERE job = ? AND day = ?", job, day)
        return int(row[0]) if row else 0

    def embargo(self, job: str) -> Embargo | None:
        """Return until when `job` may not ask a provider, None where that was never said."""
        query = (
            "SELECT not_before, reason, shut_by, shut_at FROM job WHERE job = ? AND not_before > 0"
        )
        row = self._database.one(query, job)
        return Embargo(*row) if row else None

    def set_embargo(self, job: str, embargo: Embargo) -> None:
        """Remember that `job` may not ask a provider for a while."""
        self._remember(
            job,
            not_before=embargo.not_before,
            reason=embargo.reason,
            shut_by=embargo.service,
            shut_at=embargo.since,
        )

    def embargoes(self, job: str, service: Service) -> list[Embargo]:
        """Return the long waits that `service` asked for, of `job` or of another that asks it."""
        rows = self._database.rows(_EMBARGOES, job, service.key, service.provider)
        return [Embargo(*row) for row in rows]

    def pauses(self, job: str, service: Service, reason: str) -> list[Embargo]:
        """Return the last pause of each job that asks `service`, with a reason for all."""
        return [Embargo(*row) for row in self._database.rows(_PAUSES, job, service.key, reason)]

    def forget_waits(self, job: str, service: Service) -> None:
        """Let nothing that `service` asked for hold anybody any longer."""
        with self._database.transaction() as db:
            for columns, by in (("not_before", "shut_by"), ("paused_until", "service")):
                db.execute(
                    _FORGET.format(columns=columns, by=by), (job, service.key, service.provider)
                )

    def paused_until(self, job: str) -> float:
        """Return when the last pause of a running `job` ends, in Unix seconds; 0 without one."""
        row = self._database.one("SELECT paused_until FROM job WHERE job = ?", job)
        return float(row[0]) if row else 0.0

    def pause(self, job: str, reason: str) -> Embargo:
        """Return the last pause of a running `job`, over or not, with a reason."""
        row = self._database.one("SELECT paused_until, paused_at FROM job WHERE job = ?", job)
        until, since = row or (0.0, 0.0)
        return Embargo(until, reason, since=since)

    def of_others(self, job: str) -> list[Embargo]:
        """Return the long waits that other jobs met at the service that `job` asked last."""
        return [Embargo(*row) for row in self._database.rows(_OF_OTHERS, job)]

    def hand_over(self, job: str, service: Service) -> None:
        """Note that `job` asks `service`; let a pause of another hold nobody but that one."""
        with self._database.transaction() as db:
            db.execute(_HAND_OVER, (job, service.key, time.time()))
        self._remember(job, service=service.key)

    def single_at(self, job: str) -> str | None:
        """Return the address that serves `job`'s tracks one by one alone, None without one."""
        row = self._database.one("SELECT single_at FROM job WHERE job = ?", job)
        return row[0] if row else None

    def set_single_at(self, job: str, address: str | None) -> None:
        """Remember that `address` refuses batches, or that none does."""
        self._remember(job, single_at=address)

    def _remember(self, job: str, **columns: object) -> None:
        names = ", ".join(f"{name} = ?" for name in columns)
        with self._database.transaction() as db:
            db.execute(f"UPDATE job SET {names} WHERE job = ?", (*columns.values(), job))


def count_run(db: Connection, changes: Sequence[Change], *, run_id: int, tally: Tally) -> None:
    """Write how far the run is, and what it was told."""
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
        "shut_until": tally.shut_until,
        "shut_because": tally.shut_because,
    }
    db.execute(_COUNT_DAY, run)
    db.execute(_COUNT_RUN, run)
    if tally.paused_until:
        db.execute(_NOTE_PAUSE, run)
    if tally.shut_until:
        db.execute(_NOTE_SHUT, run)


def day_of(unix_s: float) -> str:
    """Return the calendar day, local time, on which a moment falls.

    >>> day_of(datetime(2026, 11, 23, 23, 59).timestamp())
    '2026-11-23'
    """
    return datetime.fromtimestamp(unix_s).astimezone().date().isoformat()
