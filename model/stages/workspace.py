"""One state directory under one set of settings: what every stage is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from model.engines.engine import Engine
from model.inputs.harvest_marks import harvest_marks, keep_marks
from model.saying import Say
from model.settings import Settings
from model.storage.artifacts import Artifact, Artifacts
from model.storage.freshness import LASTFM, MSD
from model.storage.recipes import Plain, Recipe, hash_bytes, hash_file
from model.tables import table_paths


@dataclass(frozen=True, slots=True)
class Workspace:
    """Makes artifacts, and says so.

    Parameters
    ----------
    state : Path
        The directory that `harvest` filled.
    settings : Settings
    say : callable
        Takes a line of progress.
    workers : int
        How many threads or processes may compute at a time; changes no result.
    engine : Engine, optional
        Where work is done that can be done elsewhere; changes no result.
    """

    state: Path
    settings: Settings
    say: Say
    workers: int = 1
    engine: Engine | None = None

    def make(
        self,
        stage: str,
        build: Callable[[Path], dict[str, Plain]],
        *,
        label: str,
        parameters: Mapping[str, Plain],
        inputs: Mapping[str, str],
        is_resumable: bool = False,
    ) -> Artifact:
        """Return the artifact of a stage, made where it was not there; see `Artifacts.make`."""
        # As they come back from the manifest: a tuple would come back as a list.
        plain = msgspec.json.decode(msgspec.json.encode(dict(parameters)))
        recipe = Recipe(stage=stage, label=label, parameters=plain, inputs=dict(inputs))
        artifact = Artifacts(self.state).make(
            recipe, build, is_resumable=is_resumable, say=self.say
        )
        if artifact.is_new:
            self.say(f"{stage}: made in {artifact.manifest.duration_s:.1f} s")
        else:
            self.say(f"{stage}: taken from {artifact.folder.relative_to(self.state)}")
        return artifact

    def harvested(self) -> dict[str, str]:
        """Give a hash of each file of `harvest` that the model reads.

        The database goes by its size and time of change: it may be large, and whatever else is
        written to it costs no more than reading the features again. Marks of what was harvested
        stand beside: by these figures are told that are older.

        Raises
        ------
        InputError
            If a table is absent.
        """
        hashes = {path.name: hash_file(path) for path in table_paths(self.state).values()}
        for name in ("harvest.db", "harvest.db-wal"):
            path = self.state / name
            # An empty log is what a reader leaves.
            if path.is_file() and (status := path.stat()).st_size:
                hashes[name] = hash_bytes(f"{status.st_size} {status.st_mtime_ns}".encode())
        return hashes | keep_marks(self.state)

    def source_marks(self) -> dict[str, str]:
        """Give the marks of what sources of similar songs read besides; see `harvest_marks`."""
        if not {"tags", "similars"} & {*self.settings.sources}:
            return {}
        marks = harvest_marks(self.state)
        return {name: marks[name] for name in (LASTFM, MSD) if name in marks}
