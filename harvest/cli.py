"""The commands of `harvest`: parse, build, call one function, exit with its code."""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from harvest import config
from harvest.emulator import DEFAULT_PLAYLISTS, DEFAULT_SEED
from harvest.errors import EXIT_INPUT, HarvestError, Interrupted
from harvest.options import (
    DEFAULT_STATE,
    LASTFM_VARIABLES,
    RECCOBEATS_VARIABLES,
    SPOTIFY_VARIABLES,
    Concurrency,
    Limit,
    MaxWait,
    Playlists,
    Provider,
    Rate,
    Seed,
    State,
    settings_help,
)
from harvest.progress import SliceProgress, progress_for

if TYPE_CHECKING:
    from harvest.jobs import Report
    from harvest.sources.mpd import IngestReport

EXIT_FAULT = 70
EXIT_INTERRUPTED = 128 + signal.SIGINT

app = typer.Typer(
    help="Gather playlists, audio features and last.fm tags without loss.",
    epilog=settings_help(SPOTIFY_VARIABLES, LASTFM_VARIABLES, RECCOBEATS_VARIABLES),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback(invoke_without_command=True)
def harvest(context: typer.Context) -> None:
    """Gather playlists, audio features and last.fm tags without loss."""
    if context.invoked_subcommand is None:
        print(context.get_help())


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
        _say(f"harvest: note: {warning}")
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


@app.command()
def status(
    state: State = DEFAULT_STATE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say how far each job is; works while one runs."""
    from harvest import status as jobs

    statuses = jobs.read_status(state)
    if as_json:
        print(json.dumps(jobs.as_json(statuses)))
    else:
        Console().print(jobs.as_table(statuses), *jobs.notices(statuses, now=time.time()), sep="\n")


@app.command()
def emulate(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 picks a free one.")] = 0,
    tables: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Serve the tracks of these tables.")
    ] = None,
    features: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Serve these audio features.")
    ] = None,
    tags: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Serve these artists' tags.")
    ] = None,
    faults: Annotated[
        str | None, typer.Option(metavar="NAME", help="Fail in this way; several: a,b.")
    ] = None,
    playlists: Playlists = DEFAULT_PLAYLISTS,
    seed: Seed = DEFAULT_SEED,
    state: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Serve the tracks of this state's tables, if it has any."),
    ] = None,
) -> None:
    """Stand in for Spotify, ReccoBeats and last.fm, on this machine alone.

    Without tables it serves the made-up catalogue that `harvest catalogue` writes. When ready it
    prints one line of JSON with its addresses.
    """
    from harvest.emulator.server import run

    if tables is None and state and (state / "tables").is_dir():
        tables = state / "tables"
    run(
        port=port,
        tables=tables,
        features=features,
        tags=tags,
        faults=faults,
        seed=seed,
        n_playlists=playlists,
    )


@app.command()
def catalogue(
    path: Annotated[Path, typer.Argument(help="The zip to write.")],
    playlists: Playlists = DEFAULT_PLAYLISTS,
    seed: Seed = DEFAULT_SEED,
) -> None:
    """Write a small made-up Million Playlist Dataset, to try things with."""
    from harvest.emulator.catalogue.dataset import write_mpd

    write_mpd(path, n_playlists=playlists, seed=seed)
    print(f"{path}: {playlists:,} made-up playlists")


@app.command()
def demo(
    state: Annotated[Path, typer.Option(metavar="DIR", help="Made anew.")] = Path("state/demo"),
    playlists: Playlists = DEFAULT_PLAYLISTS,
) -> None:
    """Run the main job on a made-up catalogue: no credentials, no network."""
    from harvest.demo import run

    run(state, n_playlists=playlists)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run `harvest`; every error ends here, as one line and an exit code."""
    try:
        with _sigterm_as_error():
            config.load_env_file(Path(".env"))
            # Typer turns Ctrl-C into a code that it returns.
            if app(arguments, prog_name="harvest", standalone_mode=False) == EXIT_INTERRUPTED:
                raise Interrupted(signal.SIGINT)
            sys.stdout.flush()
        sys.exit(0)
    except typer.TyperException as error:
        _fail(_explain_usage(error), EXIT_INPUT)
    except HarvestError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        _fail(str(Interrupted(signal.SIGINT)), EXIT_INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone; nothing is left to tell, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)
    except Exception as error:
        _fail(_describe_fault(error), EXIT_FAULT)


def _describe_fault(error: Exception) -> str:
    """Say what broke and where, in one line that can be reported."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    what = " ".join(f"{type(error).__name__}: {error}".split())
    place = f"{Path(where.filename).name}:{where.lineno}"
    return f"fault in the program: {what} ({place}); please report it"


def _explain_usage(error: typer.TyperException) -> str:
    message = " ".join(error.format_message().split()).rstrip(".")
    return f"{message}; `harvest --help` and `harvest COMMAND --help` list what there is"


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


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _fail(message: str, code: int) -> NoReturn:
    _say(f"harvest: {message}")
    sys.exit(code)


@contextmanager
def _sigterm_as_error() -> Iterator[None]:
    """Let SIGTERM unwind the program as SIGINT does, so that files are closed and locks freed."""

    def interrupt(number: int, _frame: FrameType | None) -> None:
        raise Interrupted(number)

    previous = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
