"""Models of followers: the two that lists are judged by, and how good these and others are."""

from pathlib import Path

import numpy as np
import pandas as pd

from model.followers import FollowerRegression
from model.followers.comparison import FollowerComparison, compare_follower_models
from model.stages.corpus import open_corpus
from model.stages.split import open_split
from model.stages.workspace import Workspace
from model.storage.arrays import save_arrays
from model.storage.artifacts import Artifact
from model.storage.recipes import Plain

_NAMES = {"raw": False, "log": True}


def make_followers(
    workspace: Workspace, corpus: Artifact, split: Artifact, features: Artifact
) -> Artifact:
    """Fit on the training part."""
    protocol = workspace.settings.protocol

    def build(folder: Path) -> dict[str, Plain]:
        source, parts, X = open_corpus(corpus), open_split(split), features.array("features")
        followers = source.num_followers.astype(np.float64)
        for name, log_target in _NAMES.items():
            model = FollowerRegression(log_target=log_target)
            model.fit(X[parts.train], followers[parts.train])
            _save(folder, name, model)
        save_arrays(folder, {"fitted_on": source.playlist_ids[parts.train]})
        return {}

    return workspace.make(
        "followers",
        build,
        label=protocol,
        parameters={"protocol": protocol},
        inputs={"features": features.content, "split": split.content},
    )


def make_comparison(
    workspace: Workspace, corpus: Artifact, split: Artifact, features: Artifact
) -> Artifact:
    """Fit every model on the training part, and judge it on the validation part."""
    settings = workspace.settings

    def build(folder: Path) -> dict[str, Plain]:
        source, parts, X = open_corpus(corpus), open_split(split), features.array("features")
        followers = source.num_followers.astype(np.float64)
        compared = compare_follower_models(
            X[parts.train],
            followers[parts.train],
            X[parts.validation],
            followers[parts.validation],
            random_state=settings.random_state,
        )
        compared.scores.to_csv(folder / "scores.csv", index=False)
        compared.calibration.to_csv(folder / "calibration.csv", index=False)
        return {}

    return workspace.make(
        "follower_models",
        build,
        label=settings.protocol,
        parameters={"protocol": settings.protocol, "random_state": settings.random_state},
        inputs={"features": features.content, "split": split.content},
    )


def open_comparison(artifact: Artifact) -> FollowerComparison:
    """Read the figures of all models."""
    return FollowerComparison(
        pd.read_csv(artifact.folder / "scores.csv"),
        pd.read_csv(artifact.folder / "calibration.csv"),
    )


def open_regression(artifact: Artifact, *, log_target: bool) -> FollowerRegression:
    """Give the regression on raw followers, as published, or on log(1 + followers)."""
    name = "log" if log_target else "raw"
    model = FollowerRegression(log_target=log_target)
    model.coef_ = artifact.array(f"{name}_coef")
    model.intercept_, model.high_ = artifact.array(f"{name}_rest").tolist()
    return model


def _save(folder: Path, name: str, model: FollowerRegression) -> None:
    rest = np.array([model.intercept_, model.high_])
    save_arrays(folder, {f"{name}_coef": model.coef_, f"{name}_rest": rest})
