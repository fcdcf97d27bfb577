"""Clusters of playlists: of the training part, or as published of each batch by itself."""

from pathlib import Path

import numpy as np

from model.batches import published_batches
from model.clusters import Clusters
from model.ragged import FloatArray
from model.settings import PARTS, Settings
from model.split import Split
from model.stages.corpus import open_corpus
from model.stages.features import open_scaler
from model.stages.split import open_split
from model.stages.workspace import Workspace
from model.storage.arrays import save_arrays
from model.storage.artifacts import Artifact
from model.storage.recipes import Plain


def make_clusters(
    workspace: Workspace, corpus: Artifact, split: Artifact, features: Artifact
) -> Artifact:
    """Group playlists by their features."""
    settings = workspace.settings

    def build(folder: Path) -> dict[str, Plain]:
        parts, values = open_split(split), features.array("features")
        fit = _fit_batches if settings.protocol == "published" else _fit_train
        sizes = fit(folder, parts, values, features, settings)
        playlist_ids = open_corpus(corpus).playlist_ids[parts.train]
        save_arrays(folder, {"fitted_on": playlist_ids})
        return {"sizes": sizes}

    return workspace.make(
        "clusters",
        build,
        label=f"{settings.protocol}-k{settings.n_clusters}",
        parameters={
            "protocol": settings.protocol,
            "n_clusters": settings.n_clusters,
            "random_state": settings.random_state,
        },
        inputs={"features": features.content, "split": split.content},
    )


def open_clusters(artifact: Artifact, name: str = "train") -> Clusters:
    """Give the clusters of the training part, or of one published batch (`batch_name`)."""
    parameters = artifact.manifest.recipe.parameters
    clusters = Clusters(parameters["n_clusters"], random_state=parameters["random_state"])
    clusters.centers_ = artifact.array(f"{name}_centers")
    clusters.labels_ = artifact.array(f"{name}_labels")
    clusters.n_clusters_ = len(clusters.centers_)
    return clusters


def batch_name(part: str, number: int) -> str:
    """Under which name a published batch's clusters are kept."""
    return f"{part}-{number}"


def _fit_train(
    folder: Path, split: Split, values: FloatArray, features: Artifact, settings: Settings
) -> dict[str, Plain]:
    scaled = open_scaler(features).transform(values[split.train])
    return {"train": _fit(folder, "train", scaled, settings)}


def _fit_batches(
    folder: Path, split: Split, values: FloatArray, _features: Artifact, settings: Settings
) -> dict[str, Plain]:
    return {
        batch_name(part, batch.number): _fit(
            folder, batch_name(part, batch.number), values[batch.rows], settings
        )
        for part in PARTS
        for batch in published_batches(split.part(part), settings.random_state)
    }


def _fit(folder: Path, name: str, X: FloatArray, settings: Settings) -> Plain:
    """Fit and save; return how many playlists each cluster has."""
    clusters = Clusters(
        settings.n_clusters, settings.random_state, any_order=settings.protocol == "holdout"
    ).fit(X)
    save_arrays(folder, {f"{name}_centers": clusters.centers_, f"{name}_labels": clusters.labels_})
    return np.bincount(clusters.labels_, minlength=clusters.n_clusters_).tolist()
