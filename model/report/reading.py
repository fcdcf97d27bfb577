"""The files of a state that the page is made of; what is absent is None or empty."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from model.errors import InputError
from model.exploration.files import CATALOGUE, Catalogue
from model.inputs.harvest_marks import harvest_marks
from model.inputs.harvested import read_harvest
from model.report.shapes import Compared, Examples, Run, SweepRun, decoded
from model.storage.artifacts import MANIFEST_NAME, Artifact, open_artifact
from model.storage.freshness import table_hashes
from model.storage.recipes import hash_bytes

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found:
    """Everything of a state that the page may show.

    Parameters
    ----------
    state : Path
    harvest : dict of str to DataFrame
        See `inputs.harvested.read_harvest`.
    explored : Catalogue or None
    stages : dict of str to list of Artifact
        By stage; the newest first.
    runs : dict of str to Run
        By the name of their folder.
    sweeps, compared, examples : dict
        By the name of their folder.
    tables : dict of str to str
        Hashes of the tables as they are now; see `storage.freshness.table_hashes`; and what
        was harvested, see `inputs.harvest_marks`.
    damaged : dict of Path to InputError
        Files that are there and cannot be read.
    """

    state: Path
    harvest: dict[str, pd.DataFrame] = field(default_factory=dict)
    explored: Catalogue | None = None
    stages: dict[str, list[Artifact]] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    sweeps: dict[str, SweepRun] = field(default_factory=dict)
    compared: dict[str, Compared] = field(default_factory=dict)
    examples: dict[str, Examples] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    damaged: dict[Path, InputError] = field(default_factory=dict)

    def newest(self, stage: str, protocol: str) -> Artifact | None:
        """Give the newest artifact of a stage under a protocol."""
        own = (
            one
            for one in self.stages.get(stage, [])
            if one.manifest.recipe.parameters.get("protocol") == protocol
        )
        return next(own, None)

    def runs_of(self, protocol: str) -> dict[str, Run]:
        """Give the runs of a protocol, fewest clusters first."""
        own = {name: run for name, run in self.runs.items() if run.settings["protocol"] == protocol}
        return dict(sorted(own.items(), key=lambda item: (item[1].settings["n_clusters"], item[0])))


def read_state(state: Path) -> Found:
    """Read all that is there; what cannot be read is named.

    Raises
    ------
    InputError
        If there is no such directory.
    """
    if not state.is_dir():
        msg = f"no state directory {state}: run `harvest mpd PATH --state {state}` first"
        raise InputError(msg)
    results, damaged = state / "results", dict[Path, InputError]()
    return Found(
        state=state,
        harvest=_harvest(state, damaged),
        explored=_decoded(state / "explore" / CATALOGUE, Catalogue, damaged),
        stages=_stages(state / "model"),
        runs=dict(_each(results, "summary.json", Run, damaged)),
        sweeps=dict(_each(results, "sweep.json", SweepRun, damaged)),
        compared=dict(_each(results, "compare.json", Compared, damaged)),
        examples=dict(_each(results, "examples.json", Examples, damaged)),
        tables=table_hashes(state) | harvest_marks(state),
        damaged=damaged,
    )


def read_csv(path: Path, *, sha256: str | None = None) -> pd.DataFrame:
    """Read a table of a state; text stays text, be it "NA" or empty.

    Parameters
    ----------
    path : Path
    sha256 : str, optional
        Of what was written, where that is known.

    Raises
    ------
    InputError
        If it is absent, unreadable, or not what was written.
    """
    content = read_bytes(path, sha256=sha256)
    try:
        frame = pd.read_csv(BytesIO(content), keep_default_na=False, na_values={})
        return frame.apply(_as_numbers)
    except ValueError as error:
        raise unreadable(path, error) from error


def read_bytes(path: Path, *, sha256: str | None = None) -> bytes:
    """Read a file of a state.

    Parameters
    ----------
    path : Path
    sha256 : str, optional
        Of what was written, where that is known.

    Raises
    ------
    InputError
        If it is absent, unreadable, or not what was written.
    """
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:  # the latter of a name that there cannot be
        raise unreadable(path, getattr(error, "strerror", None) or error) from error
    if sha256 and hash_bytes(content) != sha256:
        raise unreadable(path, "it is not what was written")
    return content


def unreadable(path: Path, reason: object) -> InputError:
    """Name a file, and why it cannot be read."""
    words = " ".join(str(reason).split())
    return InputError(f"cannot read {path} ({words}); make it again by the command that wrote it")


def _as_numbers(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Make numbers of a column that holds nothing but numbers and gaps."""
    if pd.api.types.is_numeric_dtype(column):
        return column
    numbers = pd.to_numeric(column.replace("", None), errors="coerce")
    is_gap = column == ""
    return numbers if bool((numbers.notna() | is_gap).all()) and not is_gap.all() else column


def _harvest(state: Path, damaged: dict[Path, InputError]) -> dict[str, pd.DataFrame]:
    try:
        return read_harvest(state)
    except InputError as error:
        damaged[state / "harvest.db"] = error
        return {}


def _each(
    folder: Path, name: str, kind: type[T], damaged: dict[Path, InputError]
) -> Iterator[tuple[str, T]]:
    for path in sorted(folder.glob(f"*/{name}")):
        found = _decoded(path, kind, damaged)
        if found is not None:
            yield path.parent.name, found


def _decoded(path: Path, kind: type[T], damaged: dict[Path, InputError]) -> T | None:
    try:
        return decoded(path.read_bytes(), kind)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        damaged[path] = unreadable(path, error)
        return None


def _stages(root: Path) -> dict[str, list[Artifact]]:
    """Find the artifacts; one that cannot be read counts as absent, as it does for the stages."""
    found: dict[str, list[Artifact]] = {}
    for path in sorted(root.glob(f"*/[!.]*/{MANIFEST_NAME}")):
        try:
            artifact = open_artifact(path.parent)
        except (OSError, ValueError):
            continue
        found.setdefault(artifact.manifest.recipe.stage, []).append(artifact)
    for own in found.values():
        own.sort(key=lambda one: -one.manifest.made_at)
    return found
