"""Each song's most similar songs."""

from pathlib import Path

from model.corpus import Corpus
from model.ragged import Ragged
from model.settings import Settings
from model.similarity.cooccurrence import Neighbours, find_published, find_similar
from model.similarity.interactions import Interactions
from model.similarity.weighting import Weighting
from model.split import Split
from model.stages.corpus import open_corpus
from model.stages.sharding import Search, find_over
from model.stages.split import open_split
from model.stages.workspace import Workspace
from model.storage.arrays import save_arrays
from model.storage.artifacts import Artifact
from model.storage.recipes import Plain


def make_similarity(workspace: Workspace, corpus: Artifact, split: Artifact) -> Artifact:
    """Count which songs share playlists: those of the training part, or as published all."""
    settings = workspace.settings
    is_published = settings.protocol == "published"

    def build(folder: Path) -> dict[str, Plain]:
        source, parts = open_corpus(corpus), open_split(split)
        found = _find(source, parts, workspace, folder)
        found.save(folder)
        save_arrays(folder, {"fitted_on": source.playlist_ids[parts.train]})
        return {"n_pairs": len(found.songs)}

    return workspace.make(
        "similarity",
        build,
        label=f"{settings.protocol}-{settings.weighting}",
        parameters=_parameters(settings),
        inputs={"corpus": corpus.content} | ({} if is_published else {"split": split.content}),
    )


def open_similar(artifact: Artifact, *, n: int) -> Ragged:
    """Give the first `n` similar songs of each song."""
    return Ragged(artifact.array("indptr"), artifact.array("songs")).limited(n)


def _parameters(settings: Settings) -> dict[str, Plain]:
    parameters: dict[str, Plain] = {
        "protocol": settings.protocol,
        "neighbours": max(settings.neighbours, settings.similar),
        "min_count": settings.min_count,
    }
    if settings.protocol == "holdout":
        parameters |= {
            "weighting": settings.weighting,
            "shrinkage": settings.shrinkage,
            "damping": settings.damping,
        }
    return parameters


def _find(corpus: Corpus, split: Split, workspace: Workspace, folder: Path) -> Neighbours:
    """Find them in threads, or shard by shard over the engine."""
    settings = workspace.settings
    is_published = settings.protocol == "published"
    # As published, the playlists under test are counted too.
    lists = corpus.counted if is_published else corpus.playlists.take(split.train)
    held = Interactions.of(lists, corpus.n_songs, repeats=is_published)
    weighting = Weighting(
        settings.weighting, shrinkage=settings.shrinkage, damping=settings.damping
    )
    k = max(settings.neighbours, settings.similar)
    if workspace.engine:
        search = Search(k, settings.min_count, None if is_published else weighting)
        return find_over(workspace.engine, held, search, folder)
    options = {"k": k, "min_count": settings.min_count, "workers": workspace.workers}
    if is_published:
        return find_published(held, **options)
    return find_similar(held, weighting=weighting, **options)
