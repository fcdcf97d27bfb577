"""What one evaluation is asked to do."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Protocol: TypeAlias = Literal["holdout", "published"]
Part: TypeAlias = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True, slots=True)
class Settings:
    """Protocol and parameters of an evaluation.

    Parameters
    ----------
    protocol : {"holdout", "published"}
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
    """

    protocol: Protocol = "holdout"
    parts: tuple[Part, ...] = ("test",)
    n_clusters: int = 10
    similar: int = 10
    playlists_per_cluster: int = 5
    share: float = 0.5
    min_count: int = 5
    random_state: int = 0
