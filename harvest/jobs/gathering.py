"""The jobs that there are: which source each asks, and how it is let in."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from harvest import terms
from harvest.amounts import amount
from harvest.auth import spotify_sender
from harvest.config import LastfmSettings, SpotifySettings
from harvest.database.intake import forget_impossible
from harvest.database.runs import RunLog
from harvest.errors import Interrupted
from harvest.jobs.running import Job, JobOptions, Report, add_tasks, run
from harvest.progress import Progress
from harvest.sending.pylast_transport import THREADS, PylastSender, require_https
from harvest.source import Source
from harvest.sources.lastfm import SIMILARS, LastfmTracks
from harvest.sources.lastfm_pylast import PylastTracks
from harvest.sources.lists.combining import combine
from harvest.sources.reccobeats import ReccoBeatsFeatures
from harvest.sources.releases import read_releases
from harvest.sources.spotify import LARGEST_BATCH, SpotifyFeatures
from harvest.sources.spotify_search import SpotifySearch
from harvest.sources.spotify_tracks import LARGEST_BATCH as NAMES_IN_ONE_REQUEST
from harvest.sources.spotify_tracks import SpotifyNames
from harvest.store import RESOLVING, Store
from harvest.transport import Sender


def run_spotify(
    state: Path,
    settings: SpotifySettings,
    options: JobOptions,
    *,
    progress: Progress,
    batch: int | None = None,
    overwrite: bool = False,
) -> Report:
    """Harvest the audio features that the tracks of the tables lack.

    Parameters
    ----------
    state : Path
        The state directory, with tables in it.
    settings : SpotifySettings
    options : JobOptions
    progress : Progress
    batch : int, optional
        Tracks in one request; by default 100, or 1 where the service is known to refuse batches.
    overwrite : bool
        Whether tracks with features of another provider are asked for too.

    Raises
    ------
    HarvestError
        Where the job could not be started; what ends a started job stands in the report.
    """
    with Store.open(state) as store:
        add_tasks(store, SpotifyFeatures.job, state)
        source = _spotify(settings, batch, RunLog(store))
        return _run_features(_as_app(source, settings, options, progress), store, overwrite)


def run_reccobeats(
    state: Path,
    api_url: str,
    options: JobOptions,
    *,
    progress: Progress,
    batch: int | None = None,
    overwrite: bool = False,
) -> Report:
    """Do as `run_spotify`, by asking ReccoBeats."""
    source = ReccoBeatsFeatures(api_url, batch_size=batch or LARGEST_BATCH)
    with Store.open(state) as store:
        add_tasks(store, source.job, state)
        return _run_features(Job(source, _without_token, options, progress), store, overwrite)


def run_lastfm(
    state: Path,
    settings: LastfmSettings,
    options: JobOptions,
    *,
    progress: Progress,
    what: Sequence[str] = LastfmTracks.parts,
    n_similars: int = SIMILARS,
    with_pylast: bool = False,
) -> Report:
    """Harvest listeners, tags and similar tracks of the tracks of the tables; see `run_spotify`.

    Parameters
    ----------
    what : sequence of str
        The parts to ask for: some of `info`, `tags`, `similars`.
    n_similars : int
        Similar tracks to ask for, of those whose part is asked for from now on.
    with_pylast : bool
        Whether pylast's own client sends and reads, in as many threads as it has.
    """
    if with_pylast:
        require_https(settings.api_url)
        options = replace(options, concurrency=min(options.concurrency, THREADS))
        # A sender of its own for each run: what hangs in one is nothing to the next.
        pylast_source = PylastTracks(settings, what=what, n_similars=n_similars)
        job = Job(
            pylast_source, lambda _: PylastSender(settings), options, progress, settings.account
        )
    else:
        source = LastfmTracks(settings, what=what, n_similars=n_similars)
        job = Job(source, _without_token, options, progress, settings.account)
    with Store.open(state) as store:
        add_tasks(store, job.name, state)
        store.want(job.name, job.source.wanted)
        stored_bytes = store.stored_bytes(job.name)
        if stored_bytes > terms.LASTFM_BYTES:
            size = terms.megabytes(stored_bytes)
            job.progress.say(f"{job.name}: {size} are stored; {terms.LASTFM}")
        return run(job, store)


def run_resolve(
    state: Path,
    settings: SpotifySettings,
    options: JobOptions,
    *,
    progress: Progress,
    batch: int | None = None,
) -> Iterator[Report]:
    """Ask Spotify for names of tracks that have an id alone, then for ids of those without one.

    What is found is put into the tables before the first job, and after each. A job that ends early
    is the last one. The limit and the daily budget are those of both together.

    Parameters
    ----------
    batch : int, optional
        Tracks in one request for names; by default 50, or 1 where the service is known to refuse
        batches.

    Yields
    ------
    Report
        Of each job, once the tables have what it found; not of one that has nothing to ask.

    Raises
    ------
    HarvestError
        Where a job could not be started; what ends a started job stands in its report.
    """
    combine(state)
    with Store.open(state) as store:
        for job in RESOLVING:  # also of a job that is not reached, what the tables lost is dropped
            add_tasks(store, job, state)
    for job in RESOLVING:
        with Store.open(state) as store:
            _forget_impossible(store, progress)
            add_tasks(store, job, state)
            if not store.counts(job).total:
                continue
            source = _resolving(job, state, settings, batch, store)
            report = run(_as_app(source, settings, options, progress), store)
        if not isinstance(report.ended_by, Interrupted):
            combine(state)
        yield report
        left = _left(options.limit, report)
        if report.ended_by or left == 0:
            return
        options = replace(options, limit=left)


def _forget_impossible(store: Store, progress: Progress) -> None:
    with store.transaction() as db:
        n_tracks = forget_impossible(db)
    if n_tracks:
        again = amount(n_tracks, "track")
        progress.say(f"resolve: {again} found under ids that are none of Spotify's, asked again")


def _left(limit: int | None, report: Report) -> int | None:
    """Return what a limit allows yet; nothing where a job that was not ended has tracks left."""
    if limit is None:
        return None
    return 0 if report.counts.pending else max(limit - report.n_asked, 0)


def _resolving(
    job: str, state: Path, settings: SpotifySettings, batch: int | None, store: Store
) -> SpotifyNames | SpotifySearch:
    if job == SpotifySearch.job:
        releases = read_releases(state / "tables") if store.counts(job).pending else {}
        return SpotifySearch(settings.api_url, provider=settings.provider, releases=releases)
    size = _batch_size(job, settings, batch, RunLog(store), largest=NAMES_IN_ONE_REQUEST)
    return SpotifyNames(settings.api_url, batch_size=size, provider=settings.provider)


def _as_app(
    source: Source, settings: SpotifySettings, options: JobOptions, progress: Progress
) -> Job:
    """Return a job that asks `source` in the name of the app, or by the key, of `settings`."""
    authorise = partial(spotify_sender, settings)
    return Job(source, authorise, options, progress, settings.account)


def _without_token(sender: Sender) -> Sender:
    return sender


def _spotify(settings: SpotifySettings, batch: int | None, runs: RunLog) -> SpotifyFeatures:
    size = _batch_size(SpotifyFeatures.job, settings, batch, runs, largest=LARGEST_BATCH)
    return SpotifyFeatures(settings.api_url, batch_size=size, provider=settings.provider)


def _batch_size(
    job: str, settings: SpotifySettings, batch: int | None, runs: RunLog, *, largest: int
) -> int:
    """Return what is set; by default as large a batch as the address is known to serve."""
    if batch is not None:
        runs.set_single_at(job, None)
    return batch or (1 if runs.single_at(job) == settings.api_url else largest)


def _run_features(job: Job, store: Store, overwrite: bool) -> Report:
    """Run `job` on what no provider was asked for, and on what another than its own answered."""
    n_tasks = store.reopen(job.name, provider=job.source.provider, overwrite=overwrite)
    if n_tasks:
        job.progress.say(
            f"{job.name}: {amount(n_tasks, 'track')} that another provider was asked for: "
            f"now asked for at {job.source.provider}"
        )
    return run(job, store)
