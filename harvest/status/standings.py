"""How far each job is, read beside a running harvester."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from harvest.amounts import amount
from harvest.database.runs import RunLog
from harvest.errors import BudgetSpent
from harvest.manifests import Manifest, fingerprint_of, read_manifest
from harvest.patience.budget import next_midnight
from harvest.plan import clock_time
from harvest.store import JOBS, RESOLVING, Store
from harvest.worklist import Counts, Embargo, Run

PAUSED = "the service asked for a pause, or failed"
SPENT = "the daily budget is used up, unless the next run has a larger one"


@dataclass(frozen=True, slots=True)
class JobStatus:
    """Where one job stands.

    Attributes
    ----------
    counts : Counts
        Pending are also tracks that the tables have got since the job was last started.
    rate : float or None
        Tracks settled a second in the latest run; None before the first.
    left_s : float or None
        Seconds left at that rate.
    embargo : Embargo or None
        Set where the service asked to be left alone.
    run : Run or None
        The latest one.
    is_outdated : bool
        Whether it was last started on other tables.
    n_new : int
        Tracks that these have got since, at least.
    pauses : tuple of Embargo
        What the next run waits for beside the embargo: a pause of the latest run, a new day.
    """

    counts: Counts
    rate: float | None
    left_s: float | None
    embargo: Embargo | None
    run: Run | None = None
    is_outdated: bool = False
    n_new: int = 0
    pauses: tuple[Embargo, ...] = ()

    def wait(self, now: float) -> Embargo | None:
        """Return what the next run would wait for longest, at `now`; None where for nothing."""
        waits = [*([self.embargo] if self.embargo else []), *self.pauses]
        holding = (each for each in waits if each.holds(now))
        return max(holding, key=lambda each: each.not_before, default=None)


def read_status(state: Path) -> dict[str, JobStatus]:
    """Return every job's status; a job that was never started has all its tracks pending.

    Those of `RESOLVING` are there where own playlists have, or had, something to be resolved.
    """
    jobs, manifest = (*JOBS, *RESOLVING), read_manifest(state / "tables")
    # Side by side: counting the tasks of a million tracks takes a part of a second.
    with ThreadPoolExecutor(len(jobs)) as pool:
        statuses = dict(zip(jobs, pool.map(partial(_read, state, manifest), jobs), strict=True))
    return {job: each for job, each in statuses.items() if job in JOBS or each.counts.total}


def since_started(statuses: Mapping[str, JobStatus]) -> dict[str, str]:
    """Say of each job how the tables have changed since it was started; absent where they have not.

    Of those of `RESOLVING` only what they have got: what is resolved changes them every time.
    """
    said = {}
    for job, status in statuses.items():
        if status.n_new:
            got = f"the tables have got {amount(status.n_new, 'track')} since it was last started"
            said[job] = f"{got}, counted as pending"
        elif status.is_outdated and job in JOBS:
            said[job] = "the tables have changed since it was last started; its counts are of then"
    return said


def notices(statuses: Mapping[str, JobStatus], *, now: float) -> list[str]:
    """Return a sentence for each job whose next run has to wait for a while yet."""
    waits = {job: status.wait(now) for job, status in statuses.items()}
    return [notice(job, wait) for job, wait in waits.items() if wait]


def notice(job: str, wait: Embargo) -> str:
    """Say until when `job` waits, and why."""
    until = f"{clock_time(wait.not_before):%Y-%m-%d %H:%M:%S %Z}"
    return f"{job}: {wait.reason}; nothing is sent before {until}"


def _read(state: Path, manifest: Manifest | None, job: str) -> JobStatus:
    store = Store.peek(state)
    if store is None:
        return JobStatus(Counts(pending=_wanted(manifest, job)), None, None, None)
    with store:
        runs = RunLog(store)
        if not store.has_job(job):
            return _status(Counts(pending=_wanted(manifest, job)), runs, job)
        counts = store.counts(job)
        if manifest is None or store.is_of(job, fingerprint_of(manifest)):
            return _status(counts, runs, job)
        n_new = _n_new(manifest, counts, job)
        counts = replace(counts, pending=counts.pending + n_new)
        return replace(_status(counts, runs, job), is_outdated=True, n_new=n_new)


def _status(counts: Counts, runs: RunLog, job: str) -> JobStatus:
    run = runs.last(job)
    rate = run.rate if run else None
    left_s = counts.pending / rate if rate else None
    pauses = tuple(_pauses(runs, job, run))
    return JobStatus(counts, rate, left_s, runs.embargo(job), run, pauses=pauses)


def _pauses(runs: RunLog, job: str, run: Run | None) -> Iterator[Embargo]:
    """Yield what the next run of `job` waits for but its service's own wish, over or not."""
    yield runs.pause(job, PAUSED)
    yield from runs.of_others(job)
    if run and run.outcome == BudgetSpent.__name__:
        yield Embargo(next_midnight(run.seen_at).timestamp(), SPENT)


def _n_new(manifest: Manifest, counts: Counts, job: str) -> int:
    """Return how many tracks of the tables have no task, if these still hold all that have one.

    What names or an id were found for is no longer among those that lack them.
    """
    n_asked = counts.total - (counts.done if job in RESOLVING else 0)
    return max(_wanted(manifest, job) - n_asked, 0)


def _wanted(manifest: Manifest | None, job: str) -> int:
    """Return how many tracks of the tables `job` is about."""
    counts = manifest.counts if manifest else {}
    without_id = counts.get("without_id", 0)
    return {
        "spotify": counts.get("tracks", 0) - without_id,
        "names": counts.get("without_name", 0),
        "ids": without_id,
    }.get(job, counts.get("tracks", 0))
