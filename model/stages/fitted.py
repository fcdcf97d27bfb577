"""Recommenders that are fitted once and kept.

For lists that people want, and for challenge sets from elsewhere, nothing is held out: figures of
how good a recommender is come from `model compare`.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from model.amounts import amount
from model.library.recipes import Shelf, fitted_recipe
from model.recommenders.base import Recommender, Training
from model.recommenders.keeping import keep_recommender
from model.recommenders.registry import make_recommender
from model.saying import Say
from model.settings import Settings
from model.stages.grounds import Songs
from model.stages.workspace import Workspace
from model.storage.artifacts import Artifact, Artifacts
from model.storage.program import RECOMMENDING, hash_program
from model.storage.recipes import Plain, hash_bytes

_SLOW = ("ranker", "blend")
"""They fit all the others."""


def make_fitted(state: Path, shelf: Shelf, name: str, *, say: Say) -> Artifact:
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
    train = songs.training(np.arange(len(songs.corpus.playlists)))
    artifact = Artifacts(state).make(recipe, _fitting(recommender, train, name, say), say=say)
    say(f"{name}: fitted in {artifact.manifest.duration_s:.1f} s")
    return artifact


def make_fitted_for_challenge(
    workspace: Workspace, songs: Songs, train: Training, name: str, *, is_whole: bool
) -> Artifact:
    """Fit a recommender for a challenge set and keep it, where that was not done before.

    Parameters
    ----------
    workspace : Workspace
    songs : Songs
    train : Training
        Of these songs.
    name : str
        See `registry.make_recommender`.
    is_whole : bool
        Whether `train` is all playlists; else it is those that the set was not cut from. Of
        either, the last one fitted is kept.

    Raises
    ------
    InputError
        If there is no such recommender, or the playlists are too few for it.
    StorageError
        If it cannot be written.
    """
    return workspace.make(
        "fitted",
        _fitting(make_recommender(name), train, name, workspace.say),
        label=name.replace(":", "-"),
        parameters={"recommender": name, "for": "any set" if is_whole else "a set of its own"},
        inputs={
            **songs.contents,
            "playlists": hash_bytes(train.playlist_ids.tobytes()),
            "program": hash_program(RECOMMENDING),
        },
    )


def _fitting(
    recommender: Recommender, train: Training, name: str, say: Say
) -> Callable[[Path], dict[str, Plain]]:
    """Give what fits the recommender and writes it into a folder."""

    def build(folder: Path) -> dict[str, Plain]:
        n_playlists = len(train.playlists)
        slow = ", which may take minutes" if name in _SLOW else ""
        say(f"{name}: fitting on {amount(n_playlists, 'playlist')}, once{slow}")
        keep_recommender(recommender.fit(train), folder)
        return {"n_playlists": n_playlists}

    return build
