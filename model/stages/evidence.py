"""Which numbers of clusters the data bear out."""

from pathlib import Path

import pandas as pd

from model.cluster_evidence import cluster_evidence
from model.stages.features import open_scaler
from model.stages.split import open_split
from model.stages.workspace import Workspace
from model.storage.artifacts import Artifact
from model.storage.recipes import Plain

_FILE = "evidence.csv"


def make_evidence(workspace: Workspace, split: Artifact, features: Artifact) -> Artifact:
    """Try several numbers of clusters on the training part, each with several seeds.

    Features are taken as the protocol's clusters take them: scaled, or as published raw.
    """
    settings = workspace.settings

    def build(folder: Path) -> dict[str, Plain]:
        X = features.array("features")[open_split(split).train]
        if settings.protocol == "holdout":
            X = open_scaler(features).transform(X)
        evidence = cluster_evidence(X, random_state=settings.random_state)
        evidence.to_csv(folder / _FILE, index=False)
        return {}

    return workspace.make(
        "evidence",
        build,
        label=settings.protocol,
        parameters={"protocol": settings.protocol, "random_state": settings.random_state},
        inputs={"features": features.content, "split": split.content},
    )


def open_evidence(artifact: Artifact) -> pd.DataFrame:
    """Read the table; see `cluster_evidence.cluster_evidence` for its columns."""
    return pd.read_csv(artifact.folder / _FILE)
