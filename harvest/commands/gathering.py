"""The commands that gather: `mpd`, `spotify`, `lastfm`."""

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harvest import config
from harvest.options import (
    DEFAULT_STATE,
    LASTFM_VARIABLES,
    RECCOBEATS_VARIABLES,
    SPOTIFY_VARIABLES,
    Concurrency,
    Limit,
    MaxWait,
    Provider,
    Rate,
    State,
    settings_help,
)
from harvest.progress import SliceProgress, progress_for

if TYPE_CHECKING:
    from harvest.jobs import Report
    from harvest.sources.mpd import IngestReport

app = typer.Typer()


@app.command()
def mpd(
    path: Annotated[Path, typer.Argument(help="The dataset's zip, or a folder of its slices.")],
    state: State = DEFAULT_STATE,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that parse; default one a core, 8 at most.")
    ] = None,
) -> None:
    """Read the Million Playlist Dataset into tables; the zip is read in place."""
    from harvest.sources.mpd import ingest

    with closing(SliceProgress(progress_for(sys.stderr))) as progress:
        report = ingest(path, state / "tables", workers=workers, on_slice=progress.advance)
    for warning in report.warnings:
        print(f"harvest: note: {warning}", file=sys.stderr, flush=True)
    print(_ingested(report, state))


@app.command(epilog=settings_help(SPOTIFY_VARIABLES, RECCOBEATS_VARIABLES))
def spotify(
    state: State = DEFAULT_STATE,
    rate: Rate = 3.0,
    concurrency: Concurrency = 4,
    limit: Limit = None,
    max_wait: MaxWait = 120.0,
    batch: Annotated[
        int,
        typer.Option(min=1, max=100, help="Tracks in one request; 1 uses the single-track path."),
    ] = 100,
    provider: Annotated[
        Provider, typer.Option(help="Whom to ask; reccobeats needs no key, and takes 40 at a time.")
    ] = Provider.SPOTIFY,
) -> None:
    """Fetch the audio features of every track of the tables that lacks them."""
    from harvest.jobs import JobOptions, run_reccobeats, run_spotify

    options = JobOptions(rate, concurrency, limit, max_wait)
    progress = progress_for(sys.stderr)
    if provider is Provider.RECCOBEATS:
        url = config.reccobeats_url()
        _finish(run_reccobeats(state, url, options, batch=batch, progress=progress))
    else:
        settings = config.spotify_settings()
        _finish(run_spotify(state, settings, options, batch=batch, progress=progress))


@app.command(epilog=settings_help(LASTFM_VARIABLES))
def lastfm(
    state: State = DEFAULT_STATE,
    rate: Rate = 4.0,
    concurrency: Concurrency = 4,
    limit: Limit = None,
    max_wait: MaxWait = 120.0,
) -> None:
    """Fetch listeners, tags and similar tracks of every track of the tables."""
    from harvest.jobs import JobOptions, run_lastfm

    settings = config.lastfm_settings()
    options = JobOptions(rate, concurrency, limit, max_wait)
    _finish(run_lastfm(state, settings, options, progress=progress_for(sys.stderr)))


def _finish(report: "Report") -> None:
    """Print where a job stands, then raise what ended it, if anything did."""
    counts = report.counts
    print(
        f"{report.job}: {counts.done:,} of {counts.total:,} tracks done, "
        f"{counts.missing:,} missing, {counts.dead:,} dead, {counts.pending:,} pending; "
        f"{report.requests:,} requests in {report.seconds:.1f} s",
        flush=True,
    )
    if report.ended_by:
        raise report.ended_by


def _ingested(report: "IngestReport", state: Path) -> str:
    tables = state / "tables"
    rows = (
        f"{report.playlists:,} playlists, {report.entries:,} entries, {report.tracks:,} tracks, "
        f"{report.artists:,} artists, {report.albums:,} albums"
    )
    if report.is_unchanged:
        return f"{tables} is up to date: {rows}"
    resumed = f", {report.slices_reused} of them read before" if report.slices_reused else ""
    replaced = "; replaced the tables of another input" if report.is_replacement else ""
    return f"{tables}: {rows}, from {report.slices} slices{resumed}{replaced}"
