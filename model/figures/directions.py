"""Which way each figure is good, and what it is called: in one place for tables and pictures."""

from typing import TYPE_CHECKING, Final

from model.errors import InputError
from model.settings import Protocol

if TYPE_CHECKING:  # What only names things answers without waiting for numpy.
    from model.ragged import FloatArray

LABELS: Final[dict[str, str]] = {
    "diff": "followers diff",
    "diff_raw": "followers diff, raw counts",
    "followers_log_ratio": "followers log ratio",
    "distance": "distance",
    "match": "match (songs)",
    "metric": "metric",
    "metric2": "metric2",
    "precision": "precision",
    "recall": "recall",
    "r_precision": "R-precision",
    "r_precision_tracks": "R-precision, tracks",
    "ndcg": "NDCG",
    "clicks": "clicks",
}
"""What each figure is called, with its unit where it has one."""

SHORT_LABELS: Final = LABELS | {
    "diff_raw": "  raw counts",
    "followers_log_ratio": "  log ratio",
    "match": "match",
}
"""What rows of a terminal are called: what refines the row above stands further in."""

HIGHER_IS_BETTER: Final = frozenset(
    {"match", "precision", "recall", "r_precision", "r_precision_tracks", "ndcg"}
)
"""Figures of which more is better; of all others less is."""

CHOSEN_BY: Final[dict[Protocol, str]] = {"holdout": "r_precision", "published": "metric2"}
"""The figure by which a protocol's parameters are chosen unless another is asked for."""

_HOLDOUT_ONLY: Final = frozenset({"diff_raw"})
_CHALLENGE_ONLY: Final = frozenset({"r_precision_tracks"})

_IN_TWO_LINES: Final = {
    "r_precision": ("R-prec.", "+ artists"),
    "r_precision_tracks": ("R-prec.", "tracks"),
    "recall": ("recall", "at 500"),
}
"""Of the challenge, whose columns stand close."""


def sign(metric: str) -> float:
    """Give 1 where more of a figure is better, -1 where less is.

    Examples
    --------
    >>> sign("ndcg"), sign("clicks")
    (1.0, -1.0)
    """
    return 1.0 if metric in HIGHER_IS_BETTER else -1.0


def arrow(metric: str) -> str:
    """Show the direction that is better.

    Examples
    --------
    >>> arrow("ndcg"), arrow("clicks")
    ('↑', '↓')
    """
    return "↑" if metric in HIGHER_IS_BETTER else "↓"


def label(metric: str) -> str:
    """Name a figure, and show the direction that is better.

    Examples
    --------
    >>> label("ndcg"), label("r_precision_tracks"), label("popularity_lift")
    ('NDCG ↑', 'R-precision, tracks ↑', 'popularity lift ↓')
    """
    return f"{LABELS.get(metric) or metric.replace('_', ' ')} {arrow(metric)}"


def row_label(metric: str) -> str:
    """Name a figure at the head of a row; see `SHORT_LABELS`.

    Examples
    --------
    >>> row_label("match"), row_label("diff_raw")
    ('match ↑', '  raw counts ↓')
    """
    return f"{SHORT_LABELS[metric]} {arrow(metric)}"


def heading(metric: str) -> str:
    """Name a figure of the challenge at the head of a narrow column.

    Examples
    --------
    >>> heading("clicks"), heading("recall").splitlines()
    ('clicks ↓', ['recall ↑', 'at 500'])
    """
    if metric not in _IN_TWO_LINES:
        return label(metric)
    name, more = _IN_TWO_LINES[metric]
    return f"{name} {arrow(metric)}\n{more}"


def rank_best(values: "FloatArray", metric: str) -> list[int]:
    """Order places from the best value to the worst; ties by place, NaN last.

    Parameters
    ----------
    values : ndarray, shape (n_values,)
    metric : str

    Examples
    --------
    >>> import numpy as np
    >>> rank_best(np.array([2.0, np.nan, 1.0, 2.0]), "clicks")
    [2, 0, 3, 1]
    """
    order: list[int] = (-sign(metric) * values).argsort(kind="stable").tolist()
    return order


def known_metric(metric: str | None, protocol: Protocol) -> str:
    """Give the figure to choose by: the one named, or else the protocol's own.

    Raises
    ------
    InputError
        If there is no such figure.

    Examples
    --------
    >>> known_metric(None, "holdout"), known_metric("ndcg", "published")
    ('r_precision', 'ndcg')
    """
    if metric is None:
        return CHOSEN_BY[protocol]
    lacking = _CHALLENGE_ONLY | (_HOLDOUT_ONLY if protocol == "published" else frozenset())
    allowed = [name for name in LABELS if name not in lacking]
    if metric not in allowed:
        msg = f"metric {metric!r} is none of the {protocol} protocol's: {', '.join(allowed)}"
        raise InputError(msg)
    return metric
