"""The jobs that there are: which source each asks, and how it is let in."""

from functools import partial
from pathlib import Path

from harvest.auth import spotify_sender
from harvest.config import LastfmSettings, SpotifySettings
from harvest.progress import Progress
from harvest.running import Job, JobOptions, Report, add_tasks, run
from harvest.runs import RunLog
from harvest.sources.lastfm import LastfmTracks
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
    state: Path, settings: LastfmSettings, options: JobOptions, *, progress: Progress
) -> Report:
    """Harvest listeners, tags and similar tracks of the tracks of the tables; see `run_spotify`."""
    job = Job(LastfmTracks(settings), _without_token, options, progress)
    with Store.open(state) as store:
        add_tasks(store, job.name, state)
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
