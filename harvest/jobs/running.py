"""Runs a job on a state: from where it stands, until it is done, stopped or put off."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from harvest import plan, tables, terms
from harvest.amounts import amount
from harvest.database.runs import RunLog, Service
from harvest.engine import Effort, Engine
from harvest.errors import BudgetSpent, HarvestError, Interrupted, Postponed
from harvest.pacing import Pacer
from harvest.patience import waiting, wishes
from harvest.patience.budget import DailyBudget, budget_for
from harvest.patience.stopping import Stop, signals_deferred, signals_to
from harvest.patience.unjoined import UnjoinedThreads
from harvest.plan import Questions
from harvest.progress import Progress
from harvest.sending.client import Client, PacedSender
from harvest.source import Source
from harvest.store import Store
from harvest.tables import Choice
from harvest.transport import HttpSender, Sender, session
from harvest.worklist import LONGEST_RETRY_S, Counts, Run

WHEN = "%Y-%m-%d %H:%M:%S %Z"

_ASKED_FOR = {
    "lastfm": Choice.ANY,
    "names": Choice.WITHOUT_NAME,
    "ids": Choice.WITHOUT_ID,
}

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
    max_bytes : int or None
        Of the service's data; once so much is stored, the job stops for later.
    ignores_waits : bool
        Whether waits that the service imposed on earlier runs are forgotten.
    """

    rate: float
    concurrency: int = 4
    limit: int | None = None
    max_wait_s: float = 120.0
    daily_budget: int | None = None
    is_patient: bool = False
    max_bytes: int | None = None
    ignores_waits: bool = False


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
    account : str
        A hash of the app or key by which the service counts; empty where it takes none.
    """

    source: Source
    authorise: Authorise
    options: JobOptions
    progress: Progress
    account: str = ""

    @property
    def name(self) -> str:
        """Its name in the resume log."""
        return self.source.job

    @property
    def service(self) -> Service:
        """Who is asked, and by whom."""
        provider = self.source.provider
        return Service.at(self.source.address, provider=provider, account=self.account)


@dataclass(frozen=True, slots=True)
class Report:
    """Where a job stands after a run.

    Attributes
    ----------
    job : str
    counts : Counts
    run : Run
    ended_by : HarvestError or None
        Whatever brought it to rest before its end.
    n_asked : int
        Tracks that were asked for and came to rest, their twins not counted.
    """

    job: str
    counts: Counts
    run: Run
    ended_by: HarvestError | None
    n_asked: int

    @property
    def is_idle(self) -> bool:
        """Whether there was nothing to ask for in this run."""
        return not (self.run.requests or self.n_asked or self.counts.pending or self.ended_by)


def add_tasks(store: Store, job: str, state: Path) -> None:
    """Make a task of `job` for every track of the tables in `state` that it is asked for.

    Raises
    ------
    InputError
        If there are none.
    """
    tables_dir = state / "tables"
    fingerprint = tables.fingerprint(tables_dir)
    pages = tables.iter_tracks(tables_dir, which=_ASKED_FOR.get(job, Choice.WITH_ID))
    store.add_tasks(job, pages, fingerprint=fingerprint)


def run(job: Job, store: Store) -> Report:
    """Go on with `job` where it stands.

    Raises
    ------
    HarvestError
        Where the job could not be started; what ends a started job stands in the report.
    """
    n_asked, runs = 0, RunLog(store)
    runs.hand_over(job.name, job.service)
    if job.options.ignores_waits:
        runs.forget_waits(job.name, job.service)
    while True:
        try:
            wishes.respect(runs, job.name, job.service, longest_s=job.options.max_wait_s)
            report = _run_once(job, store)
        except Postponed as error:
            if not _is_sat_out(job, error):
                raise (_for_people(error, is_stored=True) or error) from error
        else:
            n_asked += report.n_asked
            if not _is_sat_out(job, report.ended_by):
                return replace(report, ended_by=_for_people(report.ended_by), n_asked=n_asked)
            job = _for_the_rest(job, report.n_asked)


def _for_the_rest(job: Job, n_asked: int) -> Job:
    """Return `job` with what its limit allows yet, at least one track."""
    limit = job.options.limit
    left = None if limit is None else max(limit - n_asked, 1)
    return replace(job, options=replace(job.options, limit=left))


def _is_sat_out(job: Job, error: HarvestError | None) -> bool:
    """Wait until the time that `error` names, where the user wants to; say whether that was so."""
    if not (job.options.is_patient and isinstance(error, Postponed) and error.not_before):
        return False
    reason = f"{error}; waiting until {error.not_before:{WHEN}}"
    waiting.sit_out(error.not_before, reason, progress=job.progress)
    return True


def _run_once(job: Job, store: Store) -> Report:
    runs = RunLog(store)
    limit = job.options.daily_budget
    budget = None if limit is None else budget_for(job.name, limit, runs)
    if full := terms.fullness(job.name, store.stored_bytes(job.name), job.options.max_bytes):
        raise full
    previous = runs.last(job.name)
    # Answers may wait for the writer while as many requests again are under way.
    reserved = min(2 * job.options.concurrency, budget.left) if budget else 0
    run_id = runs.begin(job.name, reserved=reserved)
    told, outcome = "fault in the program", None
    try:
        _start(job, store)
        n_asked, ended_by = asyncio.run(
            _harvest(job, store, run_id, budget=budget, previous=previous)
        )
        told = str(_for_people(ended_by)) if ended_by else "done"
        outcome = type(ended_by).__name__ if ended_by else "done"
    except (Interrupted, KeyboardInterrupt):  # when nobody listened yet, or any longer
        told = outcome = Interrupted.__name__
        raise
    finally:
        _end(job, runs, run_id, told, outcome, reserved=reserved)
    last = runs.last(job.name)
    assert last is not None
    return Report(job.name, store.counts(job.name), last, ended_by, n_asked)


def _end(
    job: Job, runs: RunLog, run_id: int, told: str, outcome: str | None, *, reserved: int
) -> None:
    """Note how a run ended, be it by a fault, of which nothing is stored; and say so."""
    try:
        if outcome:
            with signals_deferred():
                runs.end(run_id, outcome, reserved=reserved)
    finally:
        job.progress.close(told)


def _start(job: Job, store: Store) -> None:
    store.bring_forward(job.name, latest=time.time() + LONGEST_RETRY_S)
    job.progress.start(job.name, store.counts(job.name))
    job.progress.say(_plan(job, store.questions(job.name, limit=job.options.limit)))


async def _harvest(
    job: Job, store: Store, run_id: int, *, budget: DailyBudget | None, previous: Run | None
) -> tuple[int, HarvestError | None]:
    """Ask; return how many tracks came to rest, and what ended it before its end."""
    stop = Stop()
    asyncio.get_running_loop().set_default_executor(UnjoinedThreads())
    options = job.options

    def on_pause(seconds: float, reason: str) -> None:
        job.progress.say(
            f"{job.name}: {reason}; waiting {seconds:.0f} s, "
            f"then at most {pacer.pace:.3g} requests a second"
        )
        engine.note()

    pacer = Pacer(options.rate, stop=stop, on_pause=on_pause, budget=budget)
    paused_until = wishes.paused_until(RunLog(store), job.name, job.service)
    pacer.hold(
        wishes.first_wait_s(
            previous, paused_until, interval_s=1 / options.rate, longest_s=options.max_wait_s
        )
    )
    async with session(options.concurrency) as http:
        sender = PacedSender(job.authorise(HttpSender(http)), pacer)
        engine = Engine(
            job.source,
            store=store,
            client=Client(sender, pacer=pacer, sleep=stop.sleep, max_wait_s=options.max_wait_s),
            pacer=pacer,
            stop=stop,
            progress=job.progress,
            effort=Effort(options.limit, options.concurrency, options.max_bytes),
        )
        try:
            with signals_to(stop):
                await engine.run(run_id)
        except HarvestError as error:
            return engine.settled, waiting.longer(error, pacer.tally)
        return engine.settled, None


def _for_people(error: HarvestError | None, *, is_stored: bool = False) -> HarvestError | None:
    """Return `error`, with its time in the text where it names one, and how to get round it."""
    if not isinstance(error, Postponed) or error.not_before is None:
        return error
    is_imposed = is_stored and not isinstance(error, BudgetSpent)
    way_out = "; should that wait be wrong, --ignore-wait forgets it" if is_imposed else ""
    return Postponed(
        f"{error}; nothing is sent before {error.not_before:{WHEN}}: "
        f"start the same command again after that, or let it wait by itself with --wait{way_out}",
        not_before=error.not_before,
    )


def _plan(job: Job, left: Questions) -> str:
    """Say how much there is to do, and how long it takes at the set rate."""
    options = job.options
    n_requests = plan.requests_for(left.parts, batch_size=job.source.batch_size)
    seconds = plan.seconds_for(n_requests, rate=options.rate, daily_budget=options.daily_budget)
    return (
        f"{job.name}: {amount(left.tasks, 'track')} to ask for, in about "
        f"{amount(n_requests, 'request')}: "
        f"{plan.duration(seconds)} at {plan.limits(options.rate, options.daily_budget)}"
    )
