"""The jobs that there are: which source each asks, and how it is let in."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from harvest import terms
from harvest.auth import spotify_sender
from harvest.config import LastfmSettings, SpotifySettings
from harvest.progress import Progress
from harvest.pylast_transport import THREADS, PylastSender, require_https
from harvest.running import Job, JobOptions, Report, add_tasks, run
from harvest.runs import RunLog
from harvest.sources.lastfm import SIMILARS, LastfmTracks
from harvest.sources.lastfm_pylast import PylastTracks
from harvest.sources.reccobeats import ReccoBeatsFeatures
from harvest.sources.spotify import LARGEST_BATCH, SpotifyFeatures
from harvest.store import Store
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
        return _run_features(
            Job(source, partial(spotify_sender, settings), options, progress), store, overwrite
        )


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
        job = Job(pylast_source, lambda _: PylastSender(settings), options, progress)
    else:
        source = LastfmTracks(settings, what=what, n_similars=n_similars)
        job = Job(source, _without_token, options, progress)
    with Store.open(state) as store:
        add_tasks(store, job.name, state)
        store.want(job.name, job.source.wanted)
        stored_bytes = store.stored_bytes(job.name)
        if stored_bytes > terms.LASTFM_BYTES:
            size = terms.megabytes(stored_bytes)
            job.progress.say(f"{job.name}: {size} are stored; {terms.LASTFM}")
        return run(job, store)


def _without_token(sender: Sender) -> Sender:
    return sender


def _spotify(settings: SpotifySettings, batch: int | None, runs: RunLog) -> SpotifyFeatures:
    """Return the source; by default as large a batch as the address is known to serve."""
    job, address = SpotifyFeatures.job, settings.api_url
    if batch is not None:
        runs.set_single_at(job, None)
    size = batch or (1 if runs.single_at(job) == address else LARGEST_BATCH)
    return SpotifyFeatures(address, batch_size=size, provider=settings.provider)


def _run_features(job: Job, store: Store, overwrite: bool) -> Report:
    """Run `job` on what no provider was asked for, and on what another than its own answered."""
    n_tasks = store.reopen(job.name, provider=job.source.provider, overwrite=overwrite)
    if n_tasks:
        job.progress.say(
            f"{job.name}: {n_tasks:,} tracks that another provider was asked for "
            f"are asked for at {job.source.provider}"
        )
    return run(job, store)
