"""The twelve features of each playlist, their ranges, and how they vary together."""

from pathlib import Path

import numpy as np
import pandas as pd

from model.columns import MODEL_COLUMNS
from model.corpus import Corpus
from model.features import MinMax, aggregate, explained_variance
from model.ragged import FloatArray
from model.stages.corpus import open_corpus
from model.stages.split import open_split
from model.stages.workspace import Workspace
from model.storage.arrays import save_arrays
from model.storage.artifacts import Artifact
from model.storage.recipes import Plain

COUNT_COLUMNS = ("sum_num_tracks", "num_tracks", "num_albums", "num_followers")
"""What the study looked at besides: entries with features, then what the source says."""


def make_features(workspace: Workspace, corpus: Artifact, split: Artifact) -> Artifact:
    """Aggregate the songs of each playlist; learn the ranges from the training part."""
    protocol = workspace.settings.protocol

    def build(folder: Path) -> dict[str, Plain]:
        source, train = open_corpus(corpus), open_split(split).train
        features = aggregate(source.playlists, source.songs)
        scaler = MinMax().fit(features[train])
        save_arrays(
            folder,
            {
                "features": features,
                "low": scaler.low_,
                "span": scaler.span_,
                "fitted_on": source.playlist_ids[train],
            },
        )
        return _components(source, features)

    return workspace.make(
        "features",
        build,
        label=protocol,
        parameters={"protocol": protocol},
        inputs={"corpus": corpus.content, "split": split.content},
    )


def open_scaler(artifact: Artifact) -> MinMax:
    """Give the ranges of the training part."""
    scaler = MinMax()
    scaler.low_, scaler.span_ = artifact.array("low"), artifact.array("span")
    return scaler


def playlist_table(corpus: Corpus, features: FloatArray) -> pd.DataFrame:
    """Put a playlist's features beside its counts.

    Returns
    -------
    DataFrame, shape (n_playlists, 16)
        Index: playlist_id; `columns.MODEL_COLUMNS`, then `COUNT_COLUMNS`.
    """
    table = pd.DataFrame(features, columns=list(MODEL_COLUMNS), index=corpus.playlist_ids)
    counts = (
        corpus.playlists.lengths,
        corpus.num_tracks,
        corpus.num_albums,
        corpus.num_followers,
    )
    return table.assign(**dict(zip(COUNT_COLUMNS, counts, strict=True)))


def _components(corpus: Corpus, features: FloatArray) -> dict[str, Plain]:
    """How much each principal component explains: followers unscaled, as published, and scaled."""
    table = playlist_table(corpus, features).to_numpy(dtype=np.float64)
    scaled = MinMax().fit(table).transform(table)
    published = np.column_stack([scaled[:, :-1], table[:, -1]])
    return {
        "explained_unscaled": explained_variance(published).tolist(),
        "explained_scaled": explained_variance(scaled).tolist(),
    }
