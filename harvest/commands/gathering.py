"""The commands that gather: `mpd`, `spotify`, `lastfm`, `import`, `retry-dead`."""

import sys
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harvest import config
from harvest.amounts import amount
from harvest.commands.job_options import with_job_options
from harvest.commands.options import (
    DEFAULT_STATE,
    LASTFM_VARIABLES,
    PARTS,
    RECCOBEATS_VARIABLES,
    SPOTIFY_VARIABLES,
    JobName,
    Log,
    MaxBytes,
    Overwrite,
    Provider,
    Similars,
    State,
    Transport,
    What,
    Workers,
    name,
    settings_help,
    whole,
)
from harvest.commands.telling import finish, note, told_of_tables
from harvest.errors import InputError
from harvest.progress import SliceProgress, progress_for

if TYPE_CHECKING:
    from harvest.jobs.importing import ImportReport
    from harvest.jobs.running import JobOptions
    from harvest.sources.mpd import IngestReport

app = typer.Typer()


@app.command()
def mpd(
    path: Annotated[Path, typer.Argument(help="The dataset's zip, or a folder of its slices.")],
    state: State = DEFAULT_STATE,
    workers: Workers = None,
) -> None:
    """Read the Million Playlist Dataset into tables; the zip is read in place."""
    from harvest.sources.mpd import ingest

    with closing(SliceProgress(progress_for(sys.stderr))) as progress:
        report = ingest(path, state / "tables", workers=workers, on_slice=progress.advance)
    for warning in report.warnings:
        note(warning)
    print(_ingested(report, state))


@app.command(epilog=settings_help(SPOTIFY_VARIABLES, RECCOBEATS_VARIABLES))
@with_job_options("spotify")
def spotify(
    *,
    state: State = DEFAULT_STATE,
    options: "JobOptions",
    batch: Annotated[
        int | None,
        typer.Option(
            parser=whole(1, 100),
            metavar="N",
            help="Tracks in one request; default 100, reccobeats 40; 1 uses the single-track path.",
        ),
    ] = None,
    provider: Annotated[
        Provider, typer.Option(help="Whom to ask; reccobeats needs no key.")
    ] = Provider.SPOTIFY,
    overwrite: Overwrite = False,
    log: Log = None,
) -> None:
    """Fetch the audio features of every track of the tables that lacks them.

    What one provider does not know is asked for at the next one that is named.
    """
    from harvest.jobs.gathering import run_reccobeats, run_spotify

    progress = progress_for(sys.stderr, log=log)
    if provider is Provider.RECCOBEATS:
        run = partial(run_reccobeats, state, config.reccobeats_url(), options)
    else:
        run = partial(run_spotify, state, config.spotify_settings(), options)
    finish(run(batch=batch, overwrite=overwrite, progress=progress))


@app.command(epilog=settings_help(LASTFM_VARIABLES))
@with_job_options("lastfm")
def lastfm(
    *,
    state: State = DEFAULT_STATE,
    options: "JobOptions",
    what: What = PARTS,
    similars: Similars = 50,
    max_bytes: MaxBytes = None,
    transport: Annotated[
        Transport,
        typer.Option(
            help="Who sends and reads: aiohttp, or as a cross-check pylast's own client, which "
            "speaks https alone and sends two requests at a time."
        ),
    ] = Transport.AIOHTTP,
    log: Log = None,
) -> None:
    """Fetch listeners, tags and similar tracks of every track of the tables.

    Tracks with the same artist and title are asked for once. Names that last.fm does not know are
    asked for once more without "- Remastered 2011", "(feat. …)" and the like.
    """
    from harvest.jobs.gathering import run_lastfm

    settings = config.lastfm_settings()
    finish(
        run_lastfm(
            state,
            settings,
            replace(options, max_bytes=max_bytes),
            progress=progress_for(sys.stderr, log=log),
            what=what.split(","),
            n_similars=similars,
            with_pylast=transport is Transport.PYLAST,
        )
    )


@app.command(name="import")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="CSV or Parquet.")],
    state: State = DEFAULT_STATE,
    provider: Annotated[
        str,
        typer.Option(parser=name, metavar="NAME", help="Who measured them; stored with each row."),
    ] = "import",
    overwrite: Overwrite = False,
) -> None:
    """Take audio features from files: no service, no key.

    Columns may have Spotify's names or common others; a track is named by its id, URI or address.
    Rows that cannot be used are counted, and the first of them shown with their lines.
    """
    from harvest.jobs.importing import import_features

    report = import_features(state, files, provider=provider, overwrite=overwrite)
    for path, reject in report.first_rejects:
        note(f"{path}, line {reject.line}: {reject.reason}")
    if n_more := report.rejected - len(report.first_rejects):
        note(f"{amount(n_more, 'more row')} rejected")
    if report.rejected and report.rejected == report.rows:
        raise InputError(_nothing_stored(report))
    print(
        f"{amount(report.rows, 'row')} read: {report.stored:,} stored, {report.kept:,} kept as "
        f"another provider gave them, {report.rejected:,} rejected"
    )


@app.command()
def retry_dead(
    job: Annotated[JobName, typer.Argument(help="Whose dead tracks to try again.")],
    state: State = DEFAULT_STATE,
    missing: Annotated[
        bool, typer.Option("--missing", help="Those too that the service did not know.")
    ] = False,
) -> None:
    """Give dead tracks another chance: the next run asks for them as if for the first time."""
    from harvest.store import Store

    if not (state / "harvest.db").is_file():  # which would be made
        raise InputError(f"{state}/harvest.db does not exist: no job has run on this state")
    with Store.open(state) as store:
        n_tasks = store.retry_dead(job, missing=missing)
    what = "dead or missing" if missing else "dead"
    verb = "is" if n_tasks == 1 else "are"
    print(f"{job}: {amount(n_tasks, f'{what} track')} {verb} pending again")


def _nothing_stored(report: "ImportReport") -> str:
    path, reject = report.first_rejects[0]
    return (
        f"nothing is stored: {amount(report.rows, 'row')} read, none of them usable; "
        f"the first is {path}, line {reject.line}: {reject.reason}"
    )


def _ingested(report: "IngestReport", state: Path) -> str:
    counts = report.manifest.counts
    rows = (
        f"{amount(counts['playlists'], 'playlist')}, "
        f"{amount(counts['entries'], 'entry', 'entries')}, {amount(counts['tracks'], 'track')}, "
        f"{amount(counts['artists'], 'artist')}, {amount(counts['albums'], 'album')}"
    )
    if n_own := counts.get("own_playlists", 0):
        rows += f"; {n_own:,} of the playlists your own"
    return told_of_tables(
        state / "tables",
        rows,
        is_unchanged=report.is_unchanged,
        is_replacement=report.is_replacement,
        pieces=(report.slices, "slice"),
        n_reused=report.slices_reused,
    )
