"""What last.fm's users call the songs of a corpus."""

from dataclasses import asdict
from pathlib import Path

import msgspec
from scipy.sparse import csr_array

from model.inputs.track_tags import TagCoverage, TrackTags, track_tags
from model.stages.corpus import open_corpus
from model.stages.workspace import Workspace
from model.storage.arrays import save_arrays
from model.storage.artifacts import Artifact
from model.storage.recipes import Plain
from model.tables import read_tracks

_ARRAYS = ("data", "indices", "indptr")


def make_tags(workspace: Workspace, corpus: Artifact) -> Artifact:
    """Read the tags of each song, weighted by TF-IDF; of no playlist.

    Raises
    ------
    NotHarvested
        If there are none; the message names the commands that fetch them.
    """
    settings = workspace.settings

    def build(folder: Path) -> dict[str, Plain]:
        tracks, _ = read_tracks(workspace.state)
        songs = open_corpus(corpus).track_ids
        found = track_tags(workspace.state, tracks, songs=songs, min_weight=settings.min_tag_weight)
        save_arrays(folder, {name: getattr(found.weights, name) for name in _ARRAYS})
        (folder / "names.json").write_bytes(msgspec.json.encode(found.names))
        return asdict(found.coverage)

    return workspace.make(
        "tags",
        build,
        label=f"{settings.protocol}-{settings.min_tag_weight:g}",
        parameters={"protocol": settings.protocol, "min_weight": settings.min_tag_weight},
        inputs={"corpus": corpus.content} | workspace.harvested(),
    )


def open_tags(artifact: Artifact) -> TrackTags:
    """Map the tags of each song into memory; songs go by their number in the corpus."""
    names = msgspec.json.decode((artifact.folder / "names.json").read_bytes(), type=list[str])
    data, indices, indptr = (artifact.array(name) for name in _ARRAYS)
    shape = (len(indptr) - 1, len(names))
    weights = csr_array((data, indices, indptr), shape=shape)
    return TrackTags(weights, names, msgspec.convert(artifact.manifest.summary, TagCoverage))
