"""Each song's most similar songs by the sources that the settings name, one or several."""

from pathlib import Path

import numpy as np

from model.corpus import Corpus
from model.ragged import IntArray
from model.settings import Settings, SourceName
from model.similarity.audio import find_by_audio
from model.similarity.fusion import fuse
from model.similarity.neighbours import Neighbours
from model.similarity.similars import find_by_similars
from model.similarity.tags import find_by_tags
from model.stages.corpus import open_corpus
from model.stages.similarity import make_similarity, open_similar
from model.stages.similars import make_similars, open_similars
from model.stages.split import open_split
from model.stages.tags import make_tags, open_tags
from model.stages.workspace import Workspace
from model.storage.arrays import save_arrays
from model.storage.artifacts import Artifact
from model.storage.recipes import Plain


def make_neighbours(workspace: Workspace, corpus: Artifact, split: Artifact) -> Artifact:
    """Find similar songs by each source, and fuse them where there are several.

    Raises
    ------
    NotHarvested
        If a source has nothing to say; the message names the command that fetches it.
    """
    names = workspace.settings.sources
    # The last first: what was never gathered is then found out before the playlists are counted.
    made = {name: make_source(workspace, name, corpus, split) for name in reversed(names)}
    if len(names) == 1:
        return made[names[0]]
    return _make_fusion(workspace, {name: made[name] for name in names})


def make_source(
    workspace: Workspace, name: SourceName, corpus: Artifact, split: Artifact
) -> Artifact:
    """Find similar songs by one source; those found are songs of training playlists."""
    if name == "cooccurrence":
        return make_similarity(workspace, corpus, split)
    known = _make_known(workspace, name, corpus)
    settings = workspace.settings

    def build(folder: Path) -> dict[str, Plain]:
        source, train = open_corpus(corpus), open_split(split).train
        popularity = source.playlists.take(train).count_holders(source.n_songs)
        found = _find(name, source, known, popularity, workspace)
        found.save(folder)
        save_arrays(folder, {"fitted_on": source.playlist_ids[train]})
        return {
            "n_pairs": len(found.songs),
            "n_songs": source.n_songs,
            "n_with": int(np.count_nonzero(found.lists.lengths)),
            "coverage": known.manifest.summary if known else {},
        }

    return workspace.make(
        "neighbours",
        build,
        label=f"{settings.protocol}-{name}",
        parameters=_parameters(settings, name),
        inputs={"corpus": corpus.content, "split": split.content}
        | ({name: known.content} if known else {}),
    )


def _make_known(workspace: Workspace, name: SourceName, corpus: Artifact) -> Artifact | None:
    """Make what is known of songs; the audio features are in the corpus."""
    if name == "audio":
        return None
    return (make_tags if name == "tags" else make_similars)(workspace, corpus)


def _find(
    name: SourceName,
    corpus: Corpus,
    known: Artifact | None,
    popularity: IntArray,
    workspace: Workspace,
) -> Neighbours:
    k = max(workspace.settings.neighbours, workspace.settings.similar)
    if known is None:
        return find_by_audio(corpus.songs, popularity, k=k, workers=workspace.workers)
    if name == "tags":
        tags = open_tags(known).weights
        return find_by_tags(tags, popularity, k=k, workers=workspace.workers)
    similars = open_similars(known)
    return find_by_similars(similars.lists, similars.matches, popularity, k=k)


def _parameters(settings: Settings, name: SourceName) -> dict[str, Plain]:
    parameters: dict[str, Plain] = {
        "protocol": settings.protocol,
        "source": name,
        "neighbours": max(settings.neighbours, settings.similar),
    }
    if name == "tags":
        parameters["min_tag_weight"] = settings.min_tag_weight
    elif name == "similars":
        parameters["min_match"] = settings.min_match
    return parameters


def _make_fusion(workspace: Workspace, sources: dict[SourceName, Artifact]) -> Artifact:
    settings = workspace.settings
    k = max(settings.neighbours, settings.similar)

    def build(folder: Path) -> dict[str, Plain]:
        lists = [open_similar(artifact, n=k) for artifact in sources.values()]
        found = fuse(lists, k=k)
        found.save(folder)
        fitted_on = [artifact.array("fitted_on") for artifact in sources.values()]
        save_arrays(folder, {"fitted_on": np.unique(np.concatenate(fitted_on))})
        return {
            "n_pairs": len(found.songs),
            "n_with": int(np.count_nonzero(found.lists.lengths)),
        }

    return workspace.make(
        "fusion",
        build,
        label=f"{settings.protocol}-{'+'.join(sources)}",
        # What each source was found with decides, besides its content, which artifact stands where.
        parameters={
            "neighbours": k,
            **{name: artifact.folder.name for name, artifact in sources.items()},
        },
        inputs={name: artifact.content for name, artifact in sources.items()},
    )
