"""The commands that gather: `mpd`, `spotify`, `lastfm`, `import`, `retry-dead`."""

import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harvest import config
from harvest.options import (
    DEFAULT_RATES,
    DEFAULT_STATE,
    LASTFM_VARIABLES,
    PARTS,
    RECCOBEATS_VARIABLES,
    SPOTIFY_VARIABLES,
    Concurrency,
    DailyBudget,
    JobName,
    Limit,
    Log,
    MaxBytes,
    MaxWait,
    Overwrite,
    Provider,
    Rate,
    Similars,
    State,
    Transport,
    Wait,
    What,
    settings_help,
    whole,
)
from harvest.progress import SliceProgress, progress_for

if TYPE_CHECKING:
    from harvest.collecting import CollectReport
    from harvest.running import Report
    from harvest.sources.mpd import IngestReport
    from harvest.worklist import Run

Workers = Annotated[
    int | None,
    typer.Option(
        parser=whole(1), metavar="N", help="Processes that parse; default one a core, 8 at most."
    ),
]

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
        _note(warning)
    print(_ingested(report, state))


@app.command()
def playlists(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="Files, folders and zips; see below.")
    ],
    state: State = DEFAULT_STATE,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Forget the own playlists that were read before."),
    ] = False,
    workers: Workers = None,
) -> None:
    """Read playlists of your own into the tables, beside the dataset's.

    Exportify's CSV (with its audio features), JSPF, XSPF, M3U and M3U8, Spotify's account data
    (Playlist1.json, in its zip or out of it) and the Million Playlist Dataset; the content tells
    which, not the name. What is given adds up, and the same playlist counts once.
    docs/own-playlists.md says more.
    """
    from harvest.collecting import collect

    shown = progress_for(sys.stderr)
    with (
        closing(SliceProgress(shown)) as slices,
        closing(SliceProgress(shown, "playlists")) as all_,
    ):
        report = collect(
            state,
            paths,
            workers=workers,
            replaces=replace,
            on_slice=slices.advance,
            on_piece=all_.advance,
        )
    for warning in (*(report.dataset.warnings if report.dataset else ()), *report.notes):
        _note(warning)
    print(_collected(report, state))


@app.command(epilog=settings_help(SPOTIFY_VARIABLES, RECCOBEATS_VARIABLES))
def spotify(
    state: State = DEFAULT_STATE,
    rate: Rate = DEFAULT_RATES["spotify"],
    concurrency: Concurrency = 4,
    limit: Limit = None,
    max_wait: MaxWait = 120.0,
    wait: Wait = False,
    daily_budget: DailyBudget = None,
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
    from harvest.jobs import run_reccobeats, run_spotify
    from harvest.running import JobOptions

    progress = progress_for(sys.stderr, log=log)
    options = JobOptions(rate, concurrency, limit, max_wait, daily_budget, wait)
    if provider is Provider.RECCOBEATS:
        run = partial(run_reccobeats, state, config.reccobeats_url(), options)
    else:
        run = partial(run_spotify, state, config.spotify_settings(), options)
    _finish(run(batch=batch, overwrite=overwrite, progress=progress))


@app.command(epilog=settings_help(LASTFM_VARIABLES))
def lastfm(
    state: State = DEFAULT_STATE,
    rate: Rate = DEFAULT_RATES["lastfm"],
    concurrency: Concurrency = 4,
    limit: Limit = None,
    max_wait: MaxWait = 120.0,
    wait: Wait = False,
    daily_budget: DailyBudget = None,
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
    from harvest.jobs import run_lastfm
    from harvest.running import JobOptions

    settings = config.lastfm_settings()
    options = JobOptions(rate, concurrency, limit, max_wait, daily_budget, wait, max_bytes)
    _finish(
        run_lastfm(
            state,
            settings,
            options,
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
        str, typer.Option(metavar="NAME", help="Who measured them; stored with each row.")
    ] = "import",
    overwrite: Overwrite = False,
) -> None:
    """Take audio features from files: no service, no key.

    Columns may have Spotify's names or common others; a track is named by its id, URI or address.
    Rows that cannot be used are counted, and the first of them shown with their lines.
    """
    from harvest.importing import import_features

    report = import_features(state, files, provider=provider, overwrite=overwrite)
    for path, reject in report.first_rejects:
        _note(f"{path}, line {reject.line}: {reject.reason}")
    if report.rejected > len(report.first_rejects):
        _note(f"{report.rejected - len(report.first_rejects):,} more rows were rejected")
    print(
        f"{report.rows:,} rows read: {report.stored:,} stored, {report.kept:,} kept as another "
        f"provider gave them, {report.rejected:,} rejected"
    )


@app.command(epilog=settings_help(SPOTIFY_VARIABLES))
def resolve(
    state: State = DEFAULT_STATE,
    rate: Rate = DEFAULT_RATES["spotify"],
    concurrency: Concurrency = 4,
    limit: Limit = None,
    max_wait: MaxWait = 120.0,
    wait: Wait = False,
    daily_budget: DailyBudget = None,
    batch: Annotated[
        int | None,
        typer.Option(
            parser=whole(1, 50),
            metavar="N",
            help="Tracks in one request for names; default 50; 1 uses the single-track path.",
        ),
    ] = None,
    log: Log = None,
) -> None:
    """Ask Spotify for the names and ids that your own playlists lack.

    Tracks with an id alone get their names. Tracks with names alone are searched for, and get the
    id of the one whose artist and title are exactly theirs, but for capitals, accents and
    punctuation; the others are listed in STATE/unresolved.csv, with what Spotify offers.
    """
    from harvest.jobs import run_resolve
    from harvest.running import JobOptions
    from harvest.unresolved import write_unresolved

    options = JobOptions(rate, concurrency, limit, max_wait, daily_budget, wait)
    progress = progress_for(sys.stderr, log=log)
    settings, n_reports = config.spotify_settings(), 0
    for report in run_resolve(state, settings, options, progress=progress, batch=batch):
        n_reports += 1
        path, n_left = write_unresolved(state)
        if report.job == "ids" and n_left:
            _note(f"{n_left:,} tracks were not found exactly; {path} lists them")
        _finish(report)
    if not n_reports:
        print("nothing to resolve: every track of the tables has its id and its names")


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

    with Store.open(state) as store:
        n_tasks = store.retry_dead(job, missing=missing)
    what = "dead or missing" if missing else "dead"
    print(f"{job}: {n_tasks:,} {what} tracks are pending again")


def _finish(report: "Report") -> None:
    """Print where a job stands, then raise what ended it, if anything did."""
    counts, run = report.counts, report.run
    print(
        f"{report.job}: {counts.done:,} of {counts.total:,} tracks done, "
        f"{counts.missing:,} missing, {counts.dead:,} dead, {counts.pending:,} pending; "
        f"{run.requests:,} requests in {run.seen_at - run.started_at:.1f} s{_troubles(run)}",
        flush=True,
    )
    if report.ended_by:
        raise report.ended_by


def _troubles(run: "Run") -> str:
    """Return what did not go well, with a comma before it, or nothing."""
    troubles = (
        (run.limited, "told to slow down"),
        (run.failed, "without a usable reply"),
        (run.rejected, "answers not to be trusted"),
    )
    return "".join(f", {n:,} {what}" for n, what in troubles if n)


def _note(text: str) -> None:
    print(f"harvest: note: {text}", file=sys.stderr, flush=True)


def _collected(report: "CollectReport", state: Path) -> str:
    tables, counts = state / "tables", report.tables.counts
    rows = ", ".join(f"{counts[name]:,} {name}" for name in ("playlists", "entries", "tracks"))
    own = f"{rows}; {report.n_playlists:,} playlists are your own"
    if not report.n_read and (report.dataset is None or report.dataset.is_unchanged):
        return f"{tables} is up to date: {own}"
    twice = f", {report.n_duplicates:,} playlists there already" if report.n_duplicates else ""
    features = f", audio features of {report.n_features:,} tracks" if report.n_features else ""
    read = f"{report.n_read:,} of {report.n_files:,} files read{twice}{features}"
    open_ends = [
        f"{counts.get(key, 0):,} tracks lack {what}"
        for key, what in (("without_id", "a Spotify id"), ("without_name", "a name"))
        if counts.get(key)
    ]
    asks = f"; {' and '.join(open_ends)}: `harvest resolve` asks Spotify" if open_ends else ""
    return f"{tables}: {own}, {read}{asks}"


def _ingested(report: "IngestReport", state: Path) -> str:
    tables = state / "tables"
    rows = (
        f"{report.playlists:,} playlists, {report.entries:,} entries, {report.tracks:,} tracks, "
        f"{report.artists:,} artists, {report.albums:,} albums"
    )
    if report.own_playlists:
        rows += f"; {report.own_playlists:,} playlists are your own"
    if report.is_unchanged:
        return f"{tables} is up to date: {rows}"
    resumed = f", {report.slices_reused} of them read before" if report.slices_reused else ""
    replaced = "; replaced the tables of another input" if report.is_replacement else ""
    return f"{tables}: {rows}, from {report.slices} slices{resumed}{replaced}"
