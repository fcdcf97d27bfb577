"""The commands of `harvest`: parse, build, call one function, exit with its code."""

import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from harvest import config
from harvest.errors import EXIT_INPUT, HarvestError, Interrupted
from harvest.progress import progress_for

if TYPE_CHECKING:
    from harvest.jobs import Report
    from harvest.sources.mpd import IngestReport

EXIT_FAULT = 70
EXIT_INTERRUPTED = 128 + signal.SIGINT

SPOTIFY_VARIABLES = """
  SPOTIFY_CLIENT_ID      of your app at developer.spotify.com
  SPOTIFY_CLIENT_SECRET  of the same
  SPOTIFY_API_URL        default https://api.spotify.com/v1
  SPOTIFY_TOKEN_URL      default https://accounts.spotify.com/api/token
"""
LASTFM_VARIABLES = """
  LASTFM_API_KEY         of your API account at last.fm
  LASTFM_API_SECRET      of the same; optional
  LASTFM_API_URL         default https://ws.audioscrobbler.com/2.0/
"""
RECCOBEATS_VARIABLES = """
  RECCOBEATS_API_URL     default https://api.reccobeats.com/v1
"""
STATE_VARIABLE = """
  HARVEST_STATE          the same as --state
"""
EXIT_CODES = """
\b
Exit codes: 0 done; 2 wrong usage or input; 74 cannot write; 75 stopped for later;
77 credentials refused; 130, 143 stopped by a signal.
"""


def _settings(*variables: str) -> str:
    """Return the part of a command's help that names its settings, kept line by line."""
    lines = "".join(text.strip("\n") + "\n" for text in (*variables, STATE_VARIABLE))
    return f"\b\nSettings, from the environment or from .env in this folder:\n{lines}\n{EXIT_CODES}"


app = typer.Typer(
    help="Gather playlists, audio features and last.fm tags without loss.",
    epilog=_settings(SPOTIFY_VARIABLES, LASTFM_VARIABLES, RECCOBEATS_VARIABLES),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise typer.BadParameter(f"{text!r} is not a number above 0")
    return value


State = Annotated[
    Path,
    typer.Option(envvar="HARVEST_STATE", metavar="DIR", help="Where everything is kept."),
]
Rate = Annotated[
    float, typer.Option(parser=_positive, metavar="N", help="Requests a second, at most.")
]
Concurrency = Annotated[int, typer.Option(min=1, max=256, help="Requests at a time.")]
Limit = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Ask for at most N tracks in this run.")
]
MaxWait = Annotated[
    float,
    typer.Option(
        "--max-wait",
        min=0,
        metavar="S",
        help="The longest wait, in seconds, that the service may impose; above it the job stops "
        "for later, with exit code 75.",
    ),
]
Playlists = Annotated[int, typer.Option(min=1, help="Playlists of the made-up catalogue.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed makes the same catalogue.")]
DEFAULT_STATE = Path("state")


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

    report = ingest(path, state / "tables", workers=workers, on_slice=_say_slice)
    for warning in report.warnings:
        _say(f"harvest: note: {warning}")
    print(_ingested(report, state))


@app.command(epilog=_settings(SPOTIFY_VARIABLES))
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
) -> None:
    """Fetch the audio features of every track of the tables that lacks them."""
    from harvest.jobs import JobOptions, run_spotify

    settings = config.spotify_settings()
    options = JobOptions(rate, concurrency, limit, max_wait)
    _finish(run_spotify(state, settings, options, batch=batch, progress=progress_for(sys.stderr)))


@app.command(epilog=_settings(LASTFM_VARIABLES))
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
        Console().print(jobs.as_table(statuses))


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
    playlists: Playlists = 1500,
    seed: Seed = 0,
) -> None:
    """Stand in for Spotify, ReccoBeats and last.fm, on this machine alone.

    Without tables it serves the made-up catalogue that `harvest catalogue` writes. When ready it
    prints one line of JSON with its addresses.
    """
    from harvest.emulator.server import run

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
    playlists: Playlists = 1500,
    seed: Seed = 0,
) -> None:
    """Write a small made-up Million Playlist Dataset, to try things with."""
    from harvest.emulator.catalogue import write_mpd

    write_mpd(path, n_playlists=playlists, seed=seed)
    print(f"{path}: {playlists:,} made-up playlists")


@app.command()
def demo(
    state: Annotated[Path, typer.Option(metavar="DIR", help="Made anew.")] = Path("state/demo"),
    playlists: Playlists = 1500,
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


def _say_slice(done: int, n_slices: int, name: str) -> None:
    _say(f"{done}/{n_slices} {name}")


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
