"""The commands to look at it: `explore`, `report`."""

from pathlib import Path
from typing import Annotated

import typer

from model.commands.options import DEFAULT_STATE, DEFAULT_WORKERS, State, Workers, progress
from model.commands.settings_options import with_settings
from model.settings import Settings

app = typer.Typer()


@app.command()
@with_settings("clusters", "min_tag_weight", "random_state")
def explore(
    *, state: State = DEFAULT_STATE, settings: Settings, workers: Workers = DEFAULT_WORKERS
) -> None:
    """Print every table of the exploration, and save it with its figures.

    Followers, lengths and names of playlists, features and tags of songs, principal components,
    clusters, and how the figures of earlier evaluations vary. A CSV each, an SVG and a PNG go to
    STATE/explore/.

    Run `harvest mpd PATH` and `harvest spotify` first.
    """
    # Imported here, so that `model --help` does not wait for pandas and scikit-learn.
    from model.exploration.job import run_exploration

    run_exploration(state, settings, say=progress(), workers=workers)


@app.command()
def report(
    state: State = DEFAULT_STATE,
    against: Annotated[
        Path | None,
        typer.Option(metavar="OTHER_STATE", help="Show what changed against another state."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The page.  [default: STATE/report.html]"),
    ] = None,
) -> None:
    """Put all figures of a state into one HTML page, and print its path.

    The page needs nothing but itself. It shows what the other commands have left, and names the
    command that makes what is not there yet.
    """
    from model.report.job import run_report

    run_report(state, say=progress(), against=against, output=output)
