"""Which artifacts answers are given from, and whether they are those of the state as it is now."""

import fcntl
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from model.columns import TABLE_COLUMNS
from model.settings import WeightingName
from model.storage.artifacts import Artifact, Artifacts
from model.storage.program import RECOMMENDING, hash_program
from model.storage.recipes import Recipe, hash_bytes

LAYOUT = 2
"""Of the arrays of `library`; one of another layout is made anew."""

NEIGHBOURS = 100
"""Similar songs that are kept of each song."""

WEIGHTING: WeightingName = "cosine"
SHRINKAGE = 5.0
"""Pairs that few playlists hold say little; see `similarity.weighting`."""

TAGS_A_SONG = 10
LEAST_TAG_WEIGHT = 10


@dataclass(frozen=True, slots=True)
class Shelf:
    """The artifacts that answers are given from.

    Parameters
    ----------
    library : Artifact
        Songs, names and playlists.
    neighbours : Artifact
        Similar songs of each song.
    portraits : Artifact
        Audio features and tags.
    is_current : bool
        Whether `portraits` is of harvest.db as it is now; a harvester at work changes that all
        the time.
    """

    library: Artifact
    neighbours: Artifact
    portraits: Artifact
    is_current: bool = True


def find_shelf(state: Path) -> Shelf | None:
    """Look for all artifacts, without reading more than their manifests."""
    artifacts = Artifacts(state)
    stamps = table_stamps(state)
    library = artifacts.find(library_recipe(stamps)) if stamps else None
    neighbours = artifacts.find(neighbours_recipe(library)) if library else None
    if library is None or neighbours is None:
        return None
    recipe = portraits_recipe(library, harvest_stamps(state))
    portraits = artifacts.find(recipe)
    if portraits:
        return Shelf(library, neighbours, portraits)
    older = artifacts.last(recipe) if is_harvested_now(state) else None
    # Of another library, songs would have other numbers.
    if older and older.manifest.recipe.inputs.get("library") == library.content:
        return Shelf(library, neighbours, older, is_current=False)
    return None


def library_recipe(stamps: dict[str, str]) -> Recipe:
    """Say what decides `library`."""
    return Recipe(stage="library", label="all", parameters={"layout": LAYOUT}, inputs=stamps)


def neighbours_recipe(library: Artifact) -> Recipe:
    """Say what decides `song_neighbours`."""
    parameters = {"neighbours": NEIGHBOURS, "weighting": WEIGHTING, "shrinkage": SHRINKAGE}
    inputs = {"library": library.content}
    return Recipe(stage="song_neighbours", label=WEIGHTING, parameters=parameters, inputs=inputs)


def portraits_recipe(library: Artifact, stamps: dict[str, str]) -> Recipe:
    """Say what decides `portraits`."""
    return Recipe(
        stage="portraits",
        label="all",
        parameters={"tags": TAGS_A_SONG, "least_weight": LEAST_TAG_WEIGHT},
        inputs={"library": library.content} | stamps,
    )


def fitted_recipe(shelf: Shelf, name: str) -> Recipe:
    """Say what decides a fitted recommender."""
    inputs = {"library": shelf.library.content, "portraits": shelf.portraits.content}
    # Similar songs are in no portrait: of them the stamps of what was harvested tell.
    known = {"harvest.db", "msd"}
    inputs |= {k: v for k, v in shelf.portraits.manifest.recipe.inputs.items() if k in known}
    inputs["program"] = hash_program(RECOMMENDING)
    label, parameters = name.replace(":", "-"), {"recommender": name}
    return Recipe(stage="fitted", label=label, parameters=parameters, inputs=inputs)


def table_stamps(state: Path) -> dict[str, str]:
    """Give the size and time of change of each table; nothing where one is absent.

    To hash what they hold would take seconds, which an answer has not.
    """
    paths = [state / "tables" / f"{name}.parquet" for name in TABLE_COLUMNS]
    return {path.name: _stamp([path]) for path in paths} if all(map(Path.is_file, paths)) else {}


def harvest_stamps(state: Path) -> dict[str, str]:
    """Give the size and time of change of what services and dumps said; empty where they did not.

    A database's log counts with it.
    """
    databases = [state / name for name in ("harvest.db", "harvest.db-wal")]
    manifests = [state / "msd" / name for name in ("manifest.json", "match_manifest.json")]
    return {"harvest.db": _stamp(databases), "msd": _stamp(manifests)}


def is_harvested_now(state: Path) -> bool:
    """Whether a harvester holds the state's lock."""
    try:
        with (state / "harvest.lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _stamp(paths: Iterable[Path]) -> str:
    # An empty log is what a reader leaves.
    statuses = [status for path in paths if path.is_file() and (status := path.stat()).st_size]
    if not statuses:
        return ""
    return hash_bytes(" ".join(f"{one.st_size} {one.st_mtime_ns}" for one in statuses).encode())
