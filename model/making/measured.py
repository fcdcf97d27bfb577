"""Which recommender makes lists: the one that is wished for, or that `model compare` found best."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec

from model.freshness import is_outdated, table_hashes
from model.making.wish import BY_TITLE, DEFAULT_METHOD, METHODS, reads_titles

FITTED_BLEND = "blend:fitted"
"""The recommender `blend`; the method of that name looks up less, and needs no fit."""
METRIC = "ndcg"

_MEASURED = {"blend": FITTED_BLEND, "neighbours": "neighbours:cosine"}
"""Recommender -> the method that gives its lists, where a method of its name gives others."""
_LEAST_MEASURED = 2
"""Recommenders of a comparison that says which one is best."""


class _Row(msgspec.Struct):
    recommender: str
    definition: str
    category: int
    metric: str
    mean: float | None


class _Tables(msgspec.Struct):
    quality: list[_Row]


class _Compared(msgspec.Struct):
    definition: str
    n_playlists: Annotated[int, msgspec.Meta(gt=0)]
    tables: _Tables
    inputs: dict[str, str] = {}


def default_method(state: Path, *, has_songs: bool = True) -> str:
    """Name what makes lists where nothing else is wished for: without songs, what reads titles."""
    best = best_measured(state)
    method = DEFAULT_METHOD if best is None else _MEASURED.get(best, best)
    return method if has_songs or reads_titles(method) else DEFAULT_METHOD


def fitted_name(method: str) -> str | None:
    """Name the recommender that has to be fitted for a method; None for what is looked up.

    Examples
    --------
    >>> fitted_name("blend"), fitted_name("blend:fitted"), fitted_name("ranker")
    (None, 'blend', 'ranker')
    """
    if method in METHODS:
        return None
    return "blend" if method == FITTED_BLEND else method


def best_measured(state: Path) -> str | None:
    """Name the recommender with the highest NDCG over all categories in the last comparison.

    None where none was made of two and more that need no title; files that cannot be read are
    passed over (`unread_comparison`).
    """
    last = _last(state)
    return None if last is None else _best(last)


def was_of_other_tables(state: Path) -> bool:
    """Whether the last comparison was made of other tables than the state holds now."""
    last = _last(state)
    return last is not None and is_outdated(last.inputs, table_hashes(state))


def unread_comparison(state: Path, chosen: str) -> str:
    """Say that the last comparison cannot be read, and who is chosen without it; empty if it can.

    Parameters
    ----------
    state : Path
    chosen : str
        Who recommends instead: the best of the last comparison that can be read, or a default.
    """
    damaged = [path for path, read in _comparisons(state) if read is None]
    if not damaged:
        return ""
    return f"cannot read {damaged[0]}: {chosen} recommends; run `model compare` again, or remove it"


def _last(state: Path) -> _Compared | None:
    return next((read for _, read in _comparisons(state) if read is not None), None)


def _comparisons(state: Path) -> Iterator[tuple[Path, _Compared | None]]:
    """Give the comparisons down to the first that can be read, the last one first."""
    files = [path for path in state.glob("results/compare-*/compare.json") if path.is_file()]
    for path in sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True):
        read = None
        with contextlib.suppress(OSError, ValueError):
            read = msgspec.json.decode(path.read_bytes(), type=_Compared)
        yield path, read
        if read is not None:
            return


def _best(compared: _Compared) -> str | None:
    means = {
        row.recommender: row.mean
        for row in compared.tables.quality
        if (row.category, row.metric, row.definition) == (-1, METRIC, compared.definition)
        and row.mean is not None
        and row.recommender not in BY_TITLE
    }
    is_comparison = len(means) >= _LEAST_MEASURED
    return max(means, key=lambda name: means[name]) if is_comparison else None
