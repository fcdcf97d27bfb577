"""The stages one by one: `split`, `similarity`, `features`, `clusters`, `followers`.

Each runs the stages that it needs and that are missing, and shows what it made.
"""

from typing import Annotated

import typer

from model.options import (
    DEFAULT_STATE,
    DEFAULT_WORKERS,
    DEFAULTS,
    Clusters,
    Damping,
    MinCount,
    Neighbours,
    ProtocolName,
    ProtocolOption,
    RandomState,
    Shrinkage,
    State,
    Weighting,
    WeightingOption,
    Workers,
    progress,
)
from model.settings import Settings

app = typer.Typer()


@app.command()
def split(
    state: State = DEFAULT_STATE,
    protocol: ProtocolOption = ProtocolName.HOLDOUT,
    random_state: RandomState = DEFAULTS.random_state,
) -> None:
    """Split the playlists into training, validation and test parts.

    Every name of ten and more playlists, and every level of followers, is in each part.
    """
    _show("split", state, Settings(protocol=protocol.value, random_state=random_state))


@app.command()
def similarity(
    state: State = DEFAULT_STATE,
    protocol: ProtocolOption = ProtocolName.HOLDOUT,
    neighbours: Neighbours = DEFAULTS.neighbours,
    min_count: MinCount = DEFAULTS.min_count,
    weighting: Weighting = WeightingOption.COUNT,
    shrinkage: Shrinkage = DEFAULTS.shrinkage,
    damping: Damping = DEFAULTS.damping,
    random_state: RandomState = DEFAULTS.random_state,
    workers: Workers = DEFAULT_WORKERS,
) -> None:
    """Count which songs share playlists, and keep the most similar ones of each."""
    settings = Settings(
        protocol=protocol.value,
        neighbours=neighbours,
        min_count=min_count,
        weighting=weighting.value,
        shrinkage=shrinkage,
        damping=damping,
        random_state=random_state,
    )
    _show("similarity", state, settings, workers=workers)


@app.command()
def features(
    state: State = DEFAULT_STATE,
    protocol: ProtocolOption = ProtocolName.HOLDOUT,
    random_state: RandomState = DEFAULTS.random_state,
) -> None:
    """Aggregate the audio features of each playlist's songs."""
    _show("features", state, Settings(protocol=protocol.value, random_state=random_state))


@app.command()
def clusters(
    state: State = DEFAULT_STATE,
    protocol: ProtocolOption = ProtocolName.HOLDOUT,
    clusters: Clusters = DEFAULTS.n_clusters,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Show which numbers of clusters the data bear out.")
    ] = False,
    random_state: RandomState = DEFAULTS.random_state,
) -> None:
    """Group the playlists by their features."""
    settings = Settings(protocol=protocol.value, n_clusters=clusters, random_state=random_state)
    _show("evidence" if evidence else "clusters", state, settings)


@app.command()
def followers(
    state: State = DEFAULT_STATE,
    protocol: ProtocolOption = ProtocolName.HOLDOUT,
    random_state: RandomState = DEFAULTS.random_state,
) -> None:
    """Predict followers from features, by several models, judged on the validation part."""
    _show("followers", state, Settings(protocol=protocol.value, random_state=random_state))


def _show(stage: str, state: State, settings: Settings, *, workers: int = 1) -> None:
    # Imported here, so that `model --help` does not wait for pandas and scikit-learn.
    from model.jobs import show_stage

    show_stage(stage, state, settings, say=progress(), workers=workers)
