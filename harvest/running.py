"""Runs a job on a state: from where it stands, until it is done, stopped or put off."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp

from harvest import plan, tables, waiting
from harvest.budget import DailyBudget
from harvest.client import Client, PacedSender
from harvest.engine import Effort, Engine
from harvest.errors import BudgetSpent, HarvestError, Interrupted, Postponed
from harvest.pacing import Pacer, clock_time
from harvest.progress import Progress
from harvest.runs import RunLog, day_of
from harvest.source import Source
from harvest.stopping import Stop
from harvest.store import Store
from harvest.transport import TIMEOUT, HttpSender, Sender
from harvest.worklist import LONGEST_RETRY_S, Counts, Embargo, Run

USER_AGENT = "playlist-harvest/0.1"
WHEN = "%Y-%m-%d %H:%M:%S %Z"

# Takes a sender and returns one that adds what the service wants to see.
Authorise = Callable[[Sender], Sender]


@dataclass(frozen=True, slots=True)
class JobOptions:
    """What a user may set for any job.

    Attributes
    ----------
    rate : float
        Requests a second, > 0.
    concurrency : int
        Requests at a time, >= 1.
    limit : int or None
        Tracks to ask for in this run at most.
    max_wait_s : float
        The longest wait that a service may impose before the job stops for later.
    daily_budget : int or None
        Requests a calendar day at most.
    is_patient : bool
        Whether a longer wait, or the end of the day, is sat out instead of stopping.
    """

    rate: float
    concurrency: int = 4
    limit: int | None = None
    max_wait_s: float = 120.0
    daily_budget: int | None = None
    is_patient: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A source, and how it is to be asked.

    Attributes
    ----------
    source : Source
    authorise : callable
        Wraps a sender.
    options : JobOptions
    progress : Progress
    """

    source: Source
    authorise: Authorise
    options: JobOptions
    progress: Progress

    @property
    def name(self) -> str:
        """Its name in the resume log."""
        return self.source.job


@dataclass(frozen=True, slots=True)
class Report:
    """Where a job stands after a run."""

    job: str
    counts: Counts
    run: Run
    ended_by: HarvestError | None


def add_tasks(store: Store, job: str, state: Path) -> None:
    """Make a task of `job` for every track of the tables in `state`.

    Raises
    ------
    InputError
        If there are none.
    """
    tables_dir = state / "tables"
    fingerprint = tables.fingerprint(tables_dir)
    store.add_tasks(job, tables.iter_tracks(tables_dir), fingerprint=fingerprint)


def run(job: Job, store: Store) -> Report:
    """Go on with `job` where it stands.

    Raises
    ------
    HarvestError
        Where the job could not be started; what ends a started job stands in the report.
    """
    while True:
        try:
            _respect_embargo(RunLog(store), job)
            report = _run_once(job, store)
        except Postponed as error:
            if not _is_sat_out(job, error):
                raise (_for_people(error) or error) from error
        else:
            if not _is_sat_out(job, report.ended_by):
                return replace(report, ended_by=_for_people(report.ended_by))
            job = _for_the_rest(job, report.run.settled)


def _for_the_rest(job: Job, settled: int) -> Job:
    """Return `job` with what its limit allows yet, at least one track."""
    limit = job.options.limit
    left = None if limit is None else max(limit - settled, 1)
    return replace(job, options=replace(job.options, limit=left))


def _is_sat_out(job: Job, error: HarvestError | None) -> bool:
    """Wait until the time that `error` names, where the user wants to; say whether that was so."""
    if not (job.options.is_patient and isinstance(error, Postponed) and error.not_before):
        return False
    reason = f"{error}; waiting until {error.not_before:{WHEN}}"
    waiting.sit_out(error.not_before, reason, progress=job.progress)
    return True


def _respect_embargo(runs: RunLog, job: Job) -> None:
    """Raise `Postponed` where the service asked to be left alone for longer than until now."""
    embargo = runs.embargo(job.name)
    is_ours = embargo and embargo.provider in {None, job.source.provider}
    if embargo and is_ours and embargo.not_before > time.time():
        raise Postponed(embargo.reason, not_before=clock_time(embargo.not_before))


def _run_once(job: Job, store: Store) -> Report:
    runs = RunLog(store)
    budget = _budget(job, runs)
    previous = runs.last(job.name)
    # Answers may wait for the writer while as many requests again are under way.
    reserved = min(2 * job.options.concurrency, budget.left) if budget else 0
    run_id = runs.begin(job.name, reserved=reserved)
    store.bring_forward(job.name, latest=time.time() + LONGEST_RETRY_S)
    counts = store.counts(job.name)
    job.progress.start(job.name, counts)
    job.progress.say(_plan(job, counts))
    outcome, ended_by = "fault in the program", None
    try:
        asyncio.run(_harvest(job, store, run_id, budget=budget, previous=previous))
        outcome = "done"
    except HarvestError as error:
        _remember(runs, job, error)
        ended_by, outcome = error, str(_for_people(error))
    finally:
        job.progress.close(outcome)
    runs.end(run_id, type(ended_by).__name__ if ended_by else outcome, reserved=reserved)
    last = runs.last(job.name)
    assert last is not None
    return Report(job.name, store.counts(job.name), last, ended_by)


def _budget(job: Job, runs: RunLog) -> DailyBudget | None:
    """Return what may be sent today yet, None without a limit; raise where it is nothing."""
    limit = job.options.daily_budget
    if limit is None:
        return None
    budget = DailyBudget(job.name, limit, spent=runs.sent_on(job.name, day_of(time.time())))
    budget.check()
    return budget


async def _harvest(
    job: Job, store: Store, run_id: int, *, budget: DailyBudget | None, previous: Run | None
) -> None:
    stop = Stop()
    options = job.options

    def on_pause(seconds: float, reason: str) -> None:
        job.progress.say(
            f"{job.name}: {reason}; waiting {seconds:.0f} s, "
            f"then at most {pacer.pace:.3g} requests a second"
        )
        engine.note()

    pacer = Pacer(options.rate, stop=stop, on_pause=on_pause, budget=budget)
    pacer.hold(_first_wait_s(options, previous, RunLog(store).paused_until(job.name)))
    async with session(options.concurrency) as http:
        sender = PacedSender(job.authorise(HttpSender(http)), pacer)
        engine = Engine(
            job.source,
            store=store,
            client=Client(sender, pacer=pacer, sleep=stop.sleep, max_wait_s=options.max_wait_s),
            pacer=pacer,
            stop=stop,
            progress=job.progress,
            effort=Effort(limit=options.limit, concurrency=options.concurrency),
        )
        with _signals_to(stop):
            await engine.run(run_id)


def _first_wait_s(options: JobOptions, previous: Run | None, paused_until: float) -> float:
    """Return how long to wait before the first request, so that a restart breaks no limit.

    A run that was killed may have sent its last request just before this one began.
    """
    if previous is None:
        return 0.0
    interval, now = 1 / options.rate, time.time()
    since_last = max(now - previous.seen_at, 0.0) if previous.outcome else 0.0
    return max(interval - since_last, min(paused_until - now, options.max_wait_s), 0.0)


def session(concurrency: int, *, timeout: aiohttp.ClientTimeout = TIMEOUT) -> aiohttp.ClientSession:
    """Return a session for so many requests at a time; without cookies, and with our name."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=concurrency + 1),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": USER_AGENT},
        timeout=timeout,
    )


@contextmanager
def _signals_to(stop: Stop) -> Iterator[None]:
    """Let the first SIGINT or SIGTERM bring the job to rest, and the second end it at once."""
    loop = asyncio.get_running_loop()

    def on_signal(number: int) -> None:
        if stop:
            os._exit(128 + number)
        stop.request(Interrupted(number))

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        loop.add_signal_handler(number, on_signal, number)
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)


def _remember(runs: RunLog, job: Job, error: HarvestError) -> None:
    """Store a wait that the service imposed, so that the next start respects it.

    The end of a daily budget is not stored: the next start may come with a larger one.
    """
    if isinstance(error, Postponed) and error.not_before and not isinstance(error, BudgetSpent):
        embargo = Embargo(error.not_before.timestamp(), str(error), job.source.provider)
        runs.set_embargo(job.name, embargo)


def _for_people(error: HarvestError | None) -> HarvestError | None:
    """Return `error`, with its time in the text where it names one."""
    if not isinstance(error, Postponed) or error.not_before is None:
        return error
    return Postponed(
        f"{error}; nothing is sent before {error.not_before:{WHEN}}: "
        "start the same command again after that, or let it wait by itself with --wait",
        not_before=error.not_before,
    )


def _plan(job: Job, counts: Counts) -> str:
    """Say how much there is to do, and how long it takes at the set rate."""
    options, source = job.options, job.source
    n_tracks = min(counts.pending, options.limit or counts.pending)
    n_requests = plan.requests_for(
        n_tracks, batch_size=source.batch_size, n_parts=len(source.parts)
    )
    seconds = plan.seconds_for(n_requests, rate=options.rate, daily_budget=options.daily_budget)
    return (
        f"{job.name}: {n_tracks:,} tracks to ask for, in about {n_requests:,} requests: "
        f"{plan.duration(seconds)} at {options.rate:g} a second"
    )
