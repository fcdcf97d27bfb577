"""The stages one by one: `split`, `similarity`, `features`, `clusters`, `followers`.

Each runs the stages that it needs and that are missing, and shows what it made.
"""

from typing import Annotated

import typer

from model.commands.options import DEFAULT_STATE, DEFAULT_WORKERS, State, Workers, progress
from model.commands.settings_options import SIMILARITY, with_settings
from model.settings import Settings

app = typer.Typer()


@app.command()
@with_settings("protocol", "random_state")
def split(*, state: State = DEFAULT_STATE, settings: Settings) -> None:
    """Split the playlists into training, validation and test parts.

    Every name of ten and more playlists, and every level of followers, is in each part.
    """
    _show("split", state, settings)


@app.command()
@with_settings("protocol", *SIMILARITY, "random_state")
def similarity(
    *, state: State = DEFAULT_STATE, settings: Settings, workers: Workers = DEFAULT_WORKERS
) -> None:
    """Count which songs share playlists, and keep the most similar ones of each."""
    _show("similarity", state, settings, workers=workers)


@app.command()
@with_settings("protocol", "random_state")
def features(*, state: State = DEFAULT_STATE, settings: Settings) -> None:
    """Aggregate the audio features of each playlist's songs."""
    _show("features", state, settings)


@app.command()
@with_settings("protocol", "clusters", "random_state")
def clusters(
    *,
    state: State = DEFAULT_STATE,
    settings: Settings,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Show which numbers of clusters the data bear out.")
    ] = False,
) -> None:
    """Group the playlists by their features."""
    _show("evidence" if evidence else "clusters", state, settings)


@app.command()
@with_settings("protocol", "random_state")
def followers(*, state: State = DEFAULT_STATE, settings: Settings) -> None:
    """Predict followers from features, by several models, judged on the validation part."""
    _show("followers", state, settings)


def _show(stage: str, state: State, settings: Settings, *, workers: int = 1) -> None:
    # Imported here, so that `model --help` does not wait for pandas and scikit-learn.
    from model.stages.console import show_stage

    show_stage(stage, state, settings, say=progress(), workers=workers)
