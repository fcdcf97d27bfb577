"""A recommender fitted on all playlists of a state, for lists that people want.

Nothing is held out: figures of how good it is come from `model compare`.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from model.artifacts import Artifact, Artifacts
from model.library.recipes import Shelf, fitted_recipe
from model.recipes import Plain
from model.recommenders.keeping import keep_recommender
from model.recommenders.registry import make_recommender
from model.settings import Settings
from model.stages.grounds import Songs
from model.workspace import Workspace


def make_fitted(state: Path, shelf: Shelf, name: str, *, say: Callable[[str], None]) -> Artifact:
    """Fit a recommender and keep it, where that was not done before.

    Parameters
    ----------
    state : Path
    shelf : Shelf
        What answers are given from; songs have the same numbers in both.
    name : str
        See `registry.make_recommender`.
    say : callable
        Takes a line of progress.

    Raises
    ------
    InputError
        If there is no such recommender, or the state holds too little.
    StorageError
        If it cannot be written.
    """
    recommender, recipe = make_recommender(name), fitted_recipe(shelf, name)
    found = Artifacts(state).find(recipe)
    if found:
        return found
    songs = Songs.of(Workspace(state, Settings(protocol="challenge"), say)).open()
    n_playlists = len(songs.corpus.playlists)
    train = songs.training(np.arange(n_playlists))
    say(f"{name}: fitting on {n_playlists:,} playlists, once; ranker and blend take minutes")

    def build(folder: Path) -> dict[str, Plain]:
        keep_recommender(recommender.fit(train), folder)
        return {"n_playlists": n_playlists}

    artifact = Artifacts(state).make(recipe, build)
    say(f"{name}: fitted in {artifact.manifest.duration_s:.1f} s")
    return artifact
