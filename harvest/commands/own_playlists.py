"""The commands for people's own playlists: `playlists`, `resolve`."""

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harvest import config
from harvest.amounts import amount
from harvest.commands.job_options import with_job_options
from harvest.commands.options import (
    DEFAULT_STATE,
    SPOTIFY_VARIABLES,
    Log,
    State,
    Workers,
    settings_help,
    whole,
)
from harvest.commands.telling import finish, note
from harvest.progress import SliceProgress, progress_for

if TYPE_CHECKING:
    from harvest.jobs.running import JobOptions, Report
    from harvest.own_playlists.collected import CollectReport

app = typer.Typer()


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

    Exportify's CSV (with its audio features) and others with titles and artists, JSPF, XSPF, M3U
    and M3U8, PLS, iTunes' Library.xml, rekordbox's collection, Spotify's account data
    (Playlist1.json and YourLibrary.json, in its zip or out of it) and the Million Playlist Dataset;
    the content tells which, not the name. What is given adds up, and the same playlist counts once.
    docs/own-playlists.md says more.
    """
    from harvest.own_playlists.collecting import collect

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
        note(warning)
    print(_collected(report, state))


@app.command(epilog=settings_help(SPOTIFY_VARIABLES))
@with_job_options("spotify")
def resolve(
    *,
    state: State = DEFAULT_STATE,
    options: "JobOptions",
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
    from harvest.jobs.gathering import run_resolve
    from harvest.own_playlists.unresolved import write_unresolved

    progress = progress_for(sys.stderr, log=log)
    settings, n_reports = config.spotify_settings(), 0
    try:
        for report in run_resolve(state, settings, options, progress=progress, batch=batch):
            n_reports += 1
            _tell_of(report, *write_unresolved(state))
    finally:
        if (state / "harvest.db").is_file():
            write_unresolved(state)  # the tables may have changed, though nothing was asked
    if not n_reports:
        print("nothing to resolve: every track of the tables has its id and its names")


def _tell_of(report: "Report", path: Path, n_left: int) -> None:
    """Say where a job stands, and where what it left is listed; raise what ended it."""
    if report.is_idle:
        print(f"{report.job}: nothing new to ask for{_rest(report, path)}", flush=True)
        return
    if report.job == "ids" and n_left:
        note(f"not found exactly: {amount(n_left, 'track')}, listed in {path}")
    finish(report)


def _rest(report: "Report", path: Path) -> str:
    n_left = report.counts.missing + report.counts.dead
    where = f"listed in {path}" if report.job == "ids" else "missing or dead"
    return f"; {n_left:,} {'is' if n_left == 1 else 'are'} {where}" if n_left else ""


def _collected(report: "CollectReport", state: Path) -> str:
    tables, counts = state / "tables", report.tables.counts
    rows = (
        f"{amount(counts['playlists'], 'playlist')}, "
        f"{amount(counts['entries'], 'entry', 'entries')}, {amount(counts['tracks'], 'track')}; "
        f"{report.n_playlists:,} of the playlists your own"
    )
    if report.is_unchanged:
        return f"{tables} is up to date: {rows}"
    gone = f", {amount(report.n_gone, 'file')} no longer in zips" if report.n_gone else ""
    twice = (
        f", {amount(report.n_duplicates, 'playlist')} there already" if report.n_duplicates else ""
    )
    features = (
        f", audio features of {amount(report.n_features, 'track')}" if report.n_features else ""
    )
    read = f"{report.n_read:,} of {amount(report.n_files, 'file')} read{gone}{twice}{features}"
    open_ends = [
        f"{amount(n, 'track')} {'lacks' if n == 1 else 'lack'} {what}"
        for key, what in (("without_id", "a Spotify id"), ("without_name", "a name"))
        if (n := counts.get(key, 0))
    ]
    asks = f"; {' and '.join(open_ends)}: `harvest resolve` asks Spotify" if open_ends else ""
    return f"{tables}: {rows}, {read}{asks}"
