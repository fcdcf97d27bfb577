"""What the stages keep in the summaries of their manifests, and others read there."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec


class _Unused(msgspec.Struct):
    what: str
    count: int
    total: int
    reason: str


class _Corpus(msgspec.Struct):
    n_playlists: int
    n_entries: int
    n_songs: int
    unused: list[_Unused]
    n_filled: dict[str, int]


class _Split(msgspec.Struct):
    train: int
    validation: int
    test: int


class _Features(msgspec.Struct):
    explained_scaled: list[float]
    explained_unscaled: list[float]


class _Clusters(msgspec.Struct):
    sizes: dict[str, list[int]]


class _Comparison(msgspec.Struct, forbid_unknown_fields=True):
    n_training_playlists: int
    fit_s: float
    recommend_s: float
    memory_mb: int


class _Neighbours(msgspec.Struct):
    n_pairs: int
    n_songs: int
    n_with: int
    coverage: dict[str, int]


_SHAPES: Final[dict[str, type[msgspec.Struct]]] = {
    "corpus": _Corpus,
    "split": _Split,
    "features": _Features,
    "clusters": _Clusters,
    "comparison": _Comparison,
    "neighbours": _Neighbours,
}
"""By stage; of the others nothing is read, or they have a reader of their own."""


def check_summary(stage: str, summary: Mapping[str, Any]) -> None:
    """Refuse a summary that lacks what is read of it, or holds values of another kind.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> check_summary("split", {"train": 8, "validation": 1, "test": 1})
    >>> check_summary("split", {"train": 8})
    Traceback (most recent call last):
    msgspec.ValidationError: Object missing required field `validation`
    """
    shape = _SHAPES.get(stage)
    if shape is not None:
        msgspec.convert(summary, shape)
