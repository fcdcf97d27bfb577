"""Everything that an evaluation works with, made where it was not there."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from model.stages.clusters import make_clusters
from model.stages.corpus import make_corpus
from model.stages.features import make_features
from model.stages.followers import make_followers
from model.stages.neighbours import make_neighbours
from model.stages.split import make_split
from model.stages.workspace import Workspace
from model.storage.artifacts import MANIFEST_NAME, Artifact


@dataclass(frozen=True, slots=True)
class Materials:
    """One artifact a stage. They travel to other processes, which open the same files.

    `similarity` is that of the sources that the settings name; unless they do, of co-occurrence.
    """

    corpus: Artifact
    split: Artifact
    similarity: Artifact
    features: Artifact
    clusters: Artifact
    followers: Artifact

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """Run the stages that are missing, and take what is there of the others."""
        corpus = make_corpus(workspace)
        split = make_split(workspace, corpus)
        features = make_features(workspace, corpus, split)
        return cls(
            corpus=corpus,
            split=split,
            similarity=make_neighbours(workspace, corpus, split),
            features=features,
            clusters=make_clusters(workspace, corpus, split, features),
            followers=make_followers(workspace, corpus, split, features),
        )

    @property
    def contents(self) -> dict[str, str]:
        """A hash of each artifact's files."""
        return {field.name: getattr(self, field.name).content for field in fields(self)}

    @property
    def manifests(self) -> list[Path]:
        """The manifest of each artifact: who sees the same ones, works on the same."""
        return [getattr(self, field.name).folder / MANIFEST_NAME for field in fields(self)]
