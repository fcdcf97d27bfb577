"""How far each job is, read beside a running harvester."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from harvest.manifests import read_manifest
from harvest.plan import clock_time
from harvest.runs import RunLog
from harvest.store import JOBS, RESOLVING, Store
from harvest.worklist import Counts, Embargo, Run


@dataclass(frozen=True, slots=True)
class JobStatus:
    """Where one job stands.

    Attributes
    ----------
    counts : Counts
    rate : float or None
        Tracks settled a second in the latest run; None before the first.
    left_s : float or None
        Seconds left at that rate.
    embargo : Embargo or None
        Set where the service asked to be left alone.
    run : Run or None
        The latest one.
    """

    counts: Counts
    rate: float | None
    left_s: float | None
    embargo: Embargo | None
    run: Run | None = None


def read_status(state: Path) -> dict[str, JobStatus]:
    """Return every job's status; a job that was never started has all its tracks pending.

    Those of `RESOLVING` are there where own playlists have, or had, something to be resolved.
    """
    jobs = (*JOBS, *RESOLVING)
    # Side by side: counting the tasks of a million tracks takes a part of a second.
    with ThreadPoolExecutor(len(jobs)) as pool:
        statuses = dict(zip(jobs, pool.map(partial(_read, state), jobs), strict=True))
    return {job: each for job, each in statuses.items() if job in JOBS or each.counts.total}


def notices(statuses: Mapping[str, JobStatus], *, now: float) -> list[str]:
    """Return a sentence for each job whose service is to be left alone for a while yet."""
    return [
        f"{job}: {status.embargo.reason}; nothing is sent before "
        f"{clock_time(status.embargo.not_before):%Y-%m-%d %H:%M:%S %Z}"
        for job, status in statuses.items()
        if status.embargo and status.embargo.holds(now)
    ]


def _read(state: Path, job: str) -> JobStatus:
    store = Store.peek(state)
    if store is None:
        return _status(_not_started(state, job), None, None)
    with store:
        counts = store.counts(job) if store.has_job(job) else _not_started(state, job)
        return _status(counts, RunLog(store).last(job), RunLog(store).embargo(job))


def _status(counts: Counts, run: Run | None, embargo: Embargo | None) -> JobStatus:
    rate = run.rate if run else None
    return JobStatus(counts, rate, counts.pending / rate if rate else None, embargo, run)


def _not_started(state: Path, job: str) -> Counts:
    manifest = read_manifest(state / "tables")
    counts = manifest.counts if manifest else {}
    without_id = counts.get("without_id", 0)
    return Counts(
        pending={
            "spotify": counts.get("tracks", 0) - without_id,
            "names": counts.get("without_name", 0),
            "ids": without_id,
        }.get(job, counts.get("tracks", 0))
    )
