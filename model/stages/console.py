"""What each stage made -> tables for a terminal."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from model.amounts import amount
from model.cluster_evidence import best_k
from model.columns import EVIDENCE_FIGURES
from model.followers.scores import SCORES
from model.layout import data_table, format_figure, print_blocks, with_ends, with_spread
from model.ragged import FloatArray
from model.saying import Say
from model.settings import PARTS, Settings
from model.stages.clusters import make_clusters, open_clusters
from model.stages.corpus import make_corpus, open_corpus
from model.stages.evidence import make_evidence, open_evidence
from model.stages.features import make_features, open_scaler, playlist_table
from model.stages.followers import make_comparison, open_comparison
from model.stages.similarity import make_similarity
from model.stages.split import make_split, open_split
from model.stages.workspace import Workspace

EXPLAINED = 0.88
"""Share of the variance that the study's four components explain."""


def show_split(workspace: Workspace) -> RenderableType:
    """Count the playlists of each part, and their followers."""
    corpus = make_corpus(workspace)
    split = open_split(make_split(workspace, corpus))
    followers = open_corpus(corpus).num_followers
    rows = []
    for part in PARTS:
        own = followers[split.part(part)]
        quartiles = np.percentile(own, [25, 50, 75, 100])
        rows.append((part, len(own), len(own) / len(followers), *quartiles))
    columns = ["part", "playlists", "share", "followers 25 %", "median", "75 %", "most"]
    return data_table("split", pd.DataFrame(rows, columns=columns))


def show_similarity(workspace: Workspace) -> RenderableType:
    """Count the songs that have similar ones."""
    corpus = make_corpus(workspace)
    artifact = make_similarity(workspace, corpus, make_split(workspace, corpus))
    lengths = np.diff(artifact.array("indptr"))
    n_known, n_songs = int((lengths > 0).sum()), len(lengths)
    return Text(
        f"{n_known:,} of {amount(n_songs, 'song')} have similar ones, {lengths.sum():,} in all; "
        f"{int((lengths == lengths.max()).sum()) if n_known else 0:,} songs have the most, "
        f"{int(lengths.max(initial=0)):,}"
    )


def show_features(workspace: Workspace) -> RenderableType:
    """Describe the features of all playlists, and how they vary together."""
    corpus = make_corpus(workspace)
    artifact = make_features(workspace, corpus, make_split(workspace, corpus))
    table = playlist_table(open_corpus(corpus), artifact.array("features"))
    described = table.describe().T.drop(columns="count").reset_index(names="feature")
    summary = artifact.manifest.summary
    return Group(
        data_table(f"features of {amount(len(table), 'playlist')}", described),
        _say_components("followers unscaled, as published", summary["explained_unscaled"]),
        _say_components("all scaled to [0, 1]", summary["explained_scaled"]),
    )


def show_clusters(workspace: Workspace) -> RenderableType:
    """Show each cluster's size and centre; of the study's batches, their clusters' sizes."""
    corpus = make_corpus(workspace)
    split = make_split(workspace, corpus)
    features = make_features(workspace, corpus, split)
    artifact = make_clusters(workspace, corpus, split, features)
    sizes = artifact.manifest.summary["sizes"]
    if workspace.settings.protocol == "published":
        rows = [(name, len(each), min(each), max(each)) for name, each in sizes.items()]
        frame = pd.DataFrame(rows, columns=["batch", "clusters", "smallest", "largest"])
        return data_table("clusters of each batch", frame)
    scaler = open_scaler(features)
    centres = open_clusters(artifact).centers_ * scaler.span_ + scaler.low_
    frame = pd.DataFrame(
        {
            name: [f"{value:.{digits}f}" for value in centres[:, place] + 0.0]
            for place, (name, digits) in enumerate(_HEADINGS.items())
        }
    )
    frame.insert(0, "size", sizes["train"])
    return data_table("clusters of the training part: sizes and centres", frame)


def show_evidence(workspace: Workspace) -> RenderableType:
    """Show which numbers of clusters the data bear out."""
    corpus = make_corpus(workspace)
    split = make_split(workspace, corpus)
    features = make_features(workspace, corpus, split)
    evidence = open_evidence(make_evidence(workspace, split, features))
    shown = evidence[["k", "made"]].assign(
        **{
            name.replace("_", " "): list(map(with_spread, evidence[name], evidence[f"{name}_sd"]))
            for name in EVIDENCE_FIGURES
        }
    )
    title = f"evidence for the number of clusters, {amount(evidence['n_rows'].iloc[0], 'playlist')}"
    return Group(data_table(title, shown), Text(_advice(evidence)))


def show_followers(workspace: Workspace) -> RenderableType:
    """Show how well each model predicts followers."""
    corpus = make_corpus(workspace)
    split = make_split(workspace, corpus)
    features = make_features(workspace, corpus, split)
    artifact = make_comparison(workspace, corpus, split, features)
    comparison = open_comparison(artifact)
    figures = (comparison.scores[name] for name in ("value", "low", "high"))
    scores = comparison.scores.assign(cell=list(map(with_ends, *figures)))
    scores = scores.pivot(index="model", columns="score", values="cell")
    scores = scores.loc[comparison.scores["model"].unique(), list(SCORES)].reset_index()
    best = _best_model(comparison.scores)
    own = comparison.calibration.query("model == @best").drop(columns="model")
    return Group(
        data_table("models of followers, on the validation part (95 % interval)", scores),
        Text(_SCORES, style="dim"),
        data_table(f"calibration of {best}, by tenths of its prediction", own[_CALIBRATION]),
        Text(f"those of all models: {artifact.folder / 'calibration.csv'}", style="dim"),
    )


_HEADINGS = {
    **dict.fromkeys(("dance", "energy", "speech", "acoust", "instr", "live", "val"), 2),
    "sec": 0,
    "key": 1,
    "dB": 1,
    "BPM": 0,
    "beats": 1,
}
"""Short for `columns.MODEL_COLUMNS`, with the digits that each deserves."""

_CALIBRATION = [
    "decile",
    "n",
    "predicted_mean",
    "observed_mean",
    "observed_mean_low",
    "observed_mean_high",
]

_SCORES = (
    "d2_absolute, d2_squared: share of the error that features save, on log(1 + followers), "
    "against the training part's median and mean; best 1, none 0. male: mean absolute log error, "
    "best 0. spearman: rank correlation, best 1."
)

STAGES: Final[dict[str, Callable[[Workspace], RenderableType]]] = {
    "split": show_split,
    "similarity": show_similarity,
    "features": show_features,
    "clusters": show_clusters,
    "evidence": show_evidence,
    "followers": show_followers,
}
"""What shows a stage, by its name."""


def show_stage(stage: str, state: Path, settings: Settings, *, say: Say, workers: int = 1) -> None:
    """Run one stage, with those that it needs, and print what it made.

    Parameters
    ----------
    stage : str
        One of `STAGES`.
    state : Path
    settings : Settings
    say : callable
        Takes a line of progress.
    workers : int
        Threads at a time.

    Raises
    ------
    InputError
        If the state holds too little, or something else.
    StorageError
        If the artifact cannot be written.
    """
    print_blocks(STAGES[stage](Workspace(state, settings, say, workers)))


def _advice(evidence: pd.DataFrame) -> str:
    best = best_k(evidence)
    if best:
        agreed = amount(best, "cluster has", "clusters have")
        return f"Of the candidates that seeds agree on, {agreed} the highest silhouette."
    if (evidence["made"] < evidence["k"]).all():
        return "No candidate could be made: there are fewer different playlists than clusters."
    return "Seeds agree on no candidate: the playlists show no groups of their own."


def _best_model(scores: pd.DataFrame) -> str:
    """Name the model, the baseline aside, with the least absolute log error."""
    errors = scores[scores["score"] == "male"].set_index("model")["value"]
    return str(errors.iloc[1:].idxmin())


def _say_components(scaling: str, explained: list[float]) -> RenderableType:
    shares: FloatArray = np.cumsum(explained)
    needed = int(np.searchsorted(shares, EXPLAINED - 1e-12)) + 1
    first = ", ".join(format_figure(100 * share) for share in explained[:4])
    return Text(
        f"principal components, {scaling}: {first} % …; {amount(needed, 'explains', 'explain')} "
        f"{100 * EXPLAINED:.0f} % (study: 4)"
    )
