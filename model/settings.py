"""What one evaluation is asked to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Protocol: TypeAlias = Literal["holdout", "published", "challenge"]
Part: TypeAlias = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = get_args(Part)

WeightingName: TypeAlias = Literal["count", "cosine", "jaccard", "tf-idf", "bm25"]
WEIGHTINGS: tuple[WeightingName, ...] = get_args(WeightingName)

RecommenderName: TypeAlias = Literal["nucleus", "random", "popularity"]
RECOMMENDERS: tuple[RecommenderName, ...] = get_args(RecommenderName)
"""Whose figures stand side by side, the study's generator first."""

SourceName: TypeAlias = Literal["cooccurrence", "tags", "similars", "audio"]
SOURCES: tuple[SourceName, ...] = get_args(SourceName)
"""What may say which songs are similar: the playlists that hold both, last.fm, the audio."""
BASELINE: tuple[SourceName, ...] = ("cooccurrence",)
"""What the study had."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Protocol and parameters of an evaluation.

    Parameters
    ----------
    protocol : {"holdout", "published", "challenge"}
        The last reads the whole catalogue, for recommenders; it is not evaluated as the others are.
    parts : tuple of {"train", "validation", "test"}
        Parts of the split that lists are generated for; the holdout protocol fits on train.
    n_clusters : int
    similar : int
        Similar songs of each step.
    playlists_per_cluster : int
    share : float
        Share of the songs that similarity gives, in [0, 1].
    min_count : int
        Least co-occurrence of similar songs.
    random_state : int
    n_seeds : int
        First songs of a playlist that are given (holdout; the study gives one).
    neighbours : int
        Similar songs that are kept of each song; at least `similar` are.
    weighting : {"count", "cosine", "jaccard", "tf-idf", "bm25"}
        What makes songs similar (holdout; the study counts).
    shrinkage : float
        At least 0; draws songs that few playlists hold together apart.
    damping : float
        In [0, 1]; how much the popularity of both songs counts against them (cosine: 0.5).
    recommenders : tuple of {"nucleus", "random", "popularity"}
        Whose lists are judged.
    sources : tuple of {"cooccurrence", "tags", "similars", "audio"}
        Where similar songs come from (holdout; the study counts co-occurrence).
    min_tag_weight : float
        Lowest weight of a tag of last.fm's that counts, in [0, 100].
    min_match : float
        Lowest match of a similar song of last.fm's that counts, in [0, 1].
    """

    protocol: Protocol = "holdout"
    parts: tuple[Part, ...] = ("test",)
    n_clusters: int = 10
    similar: int = 10
    playlists_per_cluster: int = 5
    share: float = 0.5
    min_count: int = 5
    random_state: int = 0
    n_seeds: int = 1
    neighbours: int = 100
    weighting: WeightingName = "count"
    shrinkage: float = 0.0
    damping: float = 0.5
    recommenders: tuple[RecommenderName, ...] = RECOMMENDERS
    sources: tuple[SourceName, ...] = BASELINE
    min_tag_weight: float = 50.0
    min_match: float = 0.5


def unread(protocol: str, weighting: str, sources: Sequence[str]) -> dict[str, str]:
    """Name the fields that an evaluation does not read, each with what it would be read with.

    Examples
    --------
    >>> unread("holdout", "cosine", ("cooccurrence", "tags"))
    {'min_match': 'similars among --sources'}
    """
    fields: dict[str, str] = {}
    if protocol == "published":
        study_lacks = ("n_seeds", "weighting", "shrinkage", "damping")
        fields = dict.fromkeys(study_lacks, "--protocol holdout")
    elif weighting != "cosine":
        fields["damping"] = "--weighting cosine"
    if tuple(sources) == BASELINE:  # of one list of similar songs the first `similar` are used
        fields["neighbours"] = "several --sources"
    by_source = {"tags": "min_tag_weight", "similars": "min_match"}
    lacking = sorted(by_source.keys() - set(sources))
    return fields | {by_source[source]: f"{source} among --sources" for source in lacking}
