"""Which playlists are for training, validation and test."""

from pathlib import Path

from model.settings import PARTS
from model.split import Split, split_playlists
from model.stages.corpus import open_corpus
from model.stages.workspace import Workspace
from model.storage.arrays import save_arrays
from model.storage.artifacts import Artifact
from model.storage.recipes import Plain


def make_split(workspace: Workspace, corpus: Artifact) -> Artifact:
    """Split the playlists of a corpus."""
    settings = workspace.settings

    def build(folder: Path) -> dict[str, Plain]:
        source = open_corpus(corpus)
        split = split_playlists(
            source.names, source.num_followers, random_state=settings.random_state
        )
        save_arrays(folder, {part: split.part(part) for part in PARTS})
        return {part: len(split.part(part)) for part in PARTS}

    return workspace.make(
        "split",
        build,
        label=f"{settings.protocol}-seed{settings.random_state}",
        parameters={"protocol": settings.protocol, "random_state": settings.random_state},
        inputs={"corpus": corpus.content},
    )


def open_split(artifact: Artifact) -> Split:
    """Map a split into memory."""
    return Split(**{part: artifact.array(part) for part in PARTS})
