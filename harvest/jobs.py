"""Builds the parts of a job from settings, runs it, and says where it stands at the end."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import aiohttp

from harvest import tables
from harvest.auth import BearerSender, TokenSource
from harvest.config import LastfmSettings, SpotifySettings
from harvest.engine import Effort, Engine
from harvest.errors import HarvestError, Interrupted, Postponed
from harvest.pacing import Pacer, clock_time
from harvest.progress import Progress
from harvest.runs import RunLog
from harvest.source import Source
from harvest.sources.lastfm import LastfmTracks
from harvest.sources.reccobeats import ReccoBeatsFeatures
from harvest.sources.spotify import SpotifyFeatures
from harvest.stopping import Stop
from harvest.store import Store
from harvest.transport import TIMEOUT, Client, HttpSender, PacedSender, Sender
from harvest.worklist import Counts, Embargo

USER_AGENT = "playlist-harvest/0.1"

# Takes a sender and returns one that adds what the service wants to see.
Authorise = Callable[[Sender], Sender]


@dataclass(frozen=True, slots=True)
class JobOptions:
    """What a user may set for either job.

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
    """

    rate: float
    concurrency: int
    limit: int | None
    max_wait_s: float


@dataclass(frozen=True, slots=True)
class Report:
    """Where a job stands after a run."""

    job: str
    counts: Counts
    requests: int
    seconds: float
    ended_by: HarvestError | None


def run_spotify(
    state: Path, settings: SpotifySettings, options: JobOptions, *, batch: int, progress: Progress
) -> Report:
    """Harvest the audio features that the tracks of the tables lack.

    Raises
    ------
    HarvestError
        Where the job could not be started; what ends a started job stands in the report.
    """

    def authorise(sender: Sender) -> Sender:
        return BearerSender(sender, TokenSource(settings, sender))

    source = SpotifyFeatures(settings.api_url, batch_size=batch)
    return _take_up(_Job(source, authorise, options, progress), state)


def run_reccobeats(
    state: Path, api_url: str, options: JobOptions, *, batch: int, progress: Progress
) -> Report:
    """Do as `run_spotify`, by asking ReccoBeats."""
    source = ReccoBeatsFeatures(api_url, batch_size=batch)
    return _take_up(_Job(source, _without_token, options, progress), state)


def run_lastfm(
    state: Path, settings: LastfmSettings, options: JobOptions, *, progress: Progress
) -> Report:
    """Harvest listeners, tags and similar tracks of the tracks of the tables; see `run_spotify`."""
    source = LastfmTracks(settings)
    return _take_up(_Job(source, _without_token, options, progress), state)


def _without_token(sender: Sender) -> Sender:
    return sender


@dataclass(frozen=True, slots=True)
class _Job:
    source: Source
    authorise: Authorise
    options: JobOptions
    progress: Progress

    @property
    def name(self) -> str:
        return self.source.job


def _take_up(job: _Job, state: Path) -> Report:
    """Go on with `job` where it stands."""
    tables_dir = state / "tables"
    fingerprint = tables.fingerprint(tables_dir)
    with Store.open(state) as store:
        store.add_tasks(job.name, tables.iter_tracks(tables_dir), fingerprint=fingerprint)
        _respect_embargo(RunLog(store), job.name)
        return _run(job, store)


def _respect_embargo(runs: RunLog, job: str) -> None:
    """Raise `Postponed` where the service asked to be left alone for longer than until now."""
    embargo = runs.embargo(job)
    if embargo and embargo.not_before > time.time():
        raise _until(embargo)


def _run(job: _Job, store: Store) -> Report:
    runs = RunLog(store)
    previous = runs.last(job.name)
    run_id = runs.begin(job.name)
    counts = store.counts(job.name)
    job.progress.start(job.name, counts)
    job.progress.say(_plan(job, counts))
    ended_by = None
    try:
        asyncio.run(_harvest(job, store, run_id, last_sent_at=previous.seen_at if previous else 0))
    except HarvestError as error:
        ended_by = _remember(runs, job.name, error)
    finally:
        job.progress.close()
    runs.end(run_id, type(ended_by).__name__ if ended_by else "done")
    return _report(store, job.name, ended_by)


async def _harvest(job: _Job, store: Store, run_id: int, *, last_sent_at: float) -> None:
    stop = Stop()
    options = job.options

    def on_pause(seconds: float, reason: str) -> None:
        job.progress.say(f"{job.name}: {reason}; waiting {seconds:.0f} s")

    pacer = Pacer(options.rate, stop=stop, on_pause=on_pause)
    pacer.hold(max(last_sent_at + 1 / options.rate - time.time(), 0))
    async with _session(options.concurrency) as session:
        sender = PacedSender(job.authorise(HttpSender(session)), pacer)
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


def _session(concurrency: int) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=concurrency + 1),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": USER_AGENT},
        timeout=TIMEOUT,
    )


@contextmanager
def _signals_to(stop: Stop) -> Iterator[None]:
    """Let the first SIGINT or SIGTERM bring the job to rest, and the second end it at once."""
    loop = asyncio.get_running_loop()

    def on_signal(number: int) -> None:
        if stop:
            os._exit(128 + number)
        stop.request(Interrupted(number))

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal, number)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _remember(runs: RunLog, job: str, error: HarvestError) -> HarvestError:
    """Store a wait that the service imposed, so that the next start respects it."""
    if not isinstance(error, Postponed) or error.not_before is None:
        return error
    embargo = Embargo(error.not_before.timestamp(), str(error))
    runs.set_embargo(job, embargo)
    return _until(embargo)


def _until(embargo: Embargo) -> Postponed:
    until = clock_time(embargo.not_before)
    return Postponed(
        f"{embargo.reason}; nothing is sent before {until:%Y-%m-%d %H:%M:%S %Z}: "
        "start the same command again after that",
        not_before=until,
    )


def _plan(job: _Job, counts: Counts) -> str:
    """Say how much there is to do, and how long it takes at the set rate."""
    rate = job.options.rate
    n_tracks = min(counts.pending, job.options.limit or counts.pending)
    n_requests = ceil(n_tracks / job.source.batch_size) * len(job.source.parts)
    return (
        f"{job.name}: {n_tracks:,} tracks to ask for, in about {n_requests:,} requests: "
        f"{duration(n_requests / rate)} at {rate:g} a second"
    )


def duration(seconds: float) -> str:
    """Return a length of time for people.

    >>> duration(42), duration(5400), duration(360000)
    ('42 s', '90 min', '100 h')
    """
    if seconds < 120:
        return f"{ceil(seconds)} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def _report(store: Store, job: str, ended_by: HarvestError | None) -> Report:
    run = RunLog(store).last(job)
    assert run is not None
    return Report(job, store.counts(job), run.requests, run.seen_at - run.started_at, ended_by)
