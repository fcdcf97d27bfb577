"""What songs are found by and playlists are made from: all playlists of the state count.

Nothing is held out: figures of how good the methods are come from `model evaluate`.
"""

from collections.abc import Callable
from pathlib import Path

from model.library import recipes
from model.library.recipes import Shelf
from model.ragged import Ragged
from model.saying import Say
from model.similarity.cooccurrence import find_similar
from model.similarity.interactions import Interactions
from model.similarity.weighting import Weighting
from model.stages.shelving import catalogue_arrays, portrait_arrays
from model.storage.arrays import save_arrays
from model.storage.artifacts import Artifact, Artifacts
from model.storage.recipes import Plain, Recipe
from model.tables import read_tables, table_paths


def make_shelf(state: Path, *, say: Say, workers: int = 1) -> Shelf:
    """Make the artifacts that answers are given from, where they are not there.

    Parameters
    ----------
    state : Path
    say : callable
        Takes a line of progress.
    workers : int
        Threads at a time; changes no result.

    Raises
    ------
    InputError
        If the state holds no playlists, or something else.
    StorageError
        If an artifact cannot be written.
    """
    table_paths(state)
    library = _make(state, recipes.library_recipe(recipes.table_stamps(state)), _catalogue, say)
    neighbours = _make(
        state,
        recipes.neighbours_recipe(library),
        lambda _, folder: _neighbours(library, folder, workers),
        say,
    )
    portraits = _make(
        state,
        recipes.portraits_recipe(library, recipes.harvest_stamps(state)),
        lambda state, folder: _portraits(state, library, folder),
        say,
    )
    return Shelf(library, neighbours, portraits)


def _make(
    state: Path, recipe: Recipe, build: Callable[[Path, Path], dict[str, Plain]], say: Say
) -> Artifact:
    artifact = Artifacts(state).make(recipe, lambda folder: build(state, folder), say=say)
    if artifact.is_new:
        say(f"{recipe.stage}: made in {artifact.manifest.duration_s:.1f} s")
    return artifact


def _catalogue(state: Path, folder: Path) -> dict[str, Plain]:
    tables = read_tables(state, need_features=False)
    save_arrays(folder, catalogue_arrays(tables, table_paths(state)["tracks"]))
    return {"n_songs": len(tables.tracks), "n_playlists": len(tables.playlists)}


def _neighbours(library: Artifact, folder: Path, workers: int) -> dict[str, Plain]:
    playlists = Ragged(library.array("playlists_indptr"), library.array("playlists_values"))
    found = find_similar(
        Interactions.of(playlists, len(library.array("by_rank"))),
        k=recipes.NEIGHBOURS,
        weighting=Weighting(recipes.WEIGHTING, shrinkage=recipes.SHRINKAGE),
        workers=workers,
    )
    found.save(folder)
    return {"n_pairs": len(found.songs)}


def _portraits(state: Path, library: Artifact, folder: Path) -> dict[str, Plain]:
    arrays, summary = portrait_arrays(state, library)
    save_arrays(folder, arrays)
    return summary
