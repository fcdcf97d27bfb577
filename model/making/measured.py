"""Which recommender makes lists: the one that is wished for, or who was best in `model compare`."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from model.amounts import amount
from model.making.wish import BY_TITLE, DEFAULT_METHOD, METHODS, reads_titles
from model.storage.freshness import is_outdated, table_hashes

FITTED_BLEND = "blend:fitted"
"""The recommender `blend`; the method of that name looks up less, and needs no fit."""
METRIC = "ndcg"
PARTS = ("validation", "test")
"""Whose comparison is asked who is best, the first first: by the test part nobody should choose."""
ENOUGH = 100
"""Playlists of a comparison that says who is best; of fewer it is luck for the most part."""

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


@dataclass(frozen=True, slots=True)
class Best:
    """The recommender with the highest NDCG over all categories of a comparison.

    Parameters
    ----------
    name : str
    n_recommenders : int
        That were compared, those apart that need a title.
    n_playlists : int
    part : {"validation", "test"}
    inputs : dict of str to str
        A hash of each table that it was measured on, by the name of its file.
    """

    name: str
    n_recommenders: int
    n_playlists: int
    part: str
    inputs: dict[str, str]

    @property
    def words(self) -> str:
        """Say who it is and what it was chosen by.

        Examples
        --------
        >>> Best("ranker", 7, 350, "validation", {}).words
        'ranker, the best of 7 by NDCG on 350 validation playlists'
        """
        chosen_by = f"by NDCG on {amount(self.n_playlists, f'{self.part} playlist')}"
        return f"{self.name}, the best of {self.n_recommenders:,} {chosen_by}"


def default_method(state: Path, *, has_songs: bool = True) -> str:
    """Name what makes lists where nothing else is wished for: without songs, what reads titles."""
    best = best_measured(state)
    method = DEFAULT_METHOD if best is None else _MEASURED.get(best.name, best.name)
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


def best_measured(state: Path) -> Best | None:
    """Find the best recommender of the comparison of the validation part, else of the test part.

    None where there is none of `ENOUGH` playlists and of two recommenders and more that need no
    title; files that cannot be read are passed over (`passed_over`).
    """
    return next((best for _, _, best in _comparisons(state) if best is not None), None)


def was_of_other_tables(state: Path) -> bool:
    """Whether the best was found in a comparison of other tables than the state holds now."""
    best = best_measured(state)
    return best is not None and is_outdated(best.inputs, table_hashes(state))


def passed_over(state: Path, chosen: str) -> list[str]:
    """Say why comparisons do not count that would have been asked before who is best.

    Parameters
    ----------
    state : Path
    chosen : str
        Who recommends instead: the best of another comparison, or a default.

    Returns
    -------
    list of str
        A line for each that cannot be read or is of fewer than `ENOUGH` playlists.
    """
    lines = (_say_passed(path, read, chosen) for path, read, best in _asked(state) if best is None)
    return [line for line in lines if line]


def _say_passed(path: Path, read: _Compared | None, chosen: str) -> str:
    if read is None:
        return f"cannot read {path}: {chosen} recommends; run `model compare` again, or remove it"
    if read.n_playlists >= ENOUGH:
        return ""  # It compares nobody.
    return (
        f"{path.parent} is of {amount(read.n_playlists, 'playlist')}, of fewer than {ENOUGH} the "
        f"best is luck: {chosen} recommends; --recommender names another"
    )


def _asked(state: Path) -> Iterator[tuple[Path, _Compared | None, Best | None]]:
    """Give the comparisons down to the first that says who is best."""
    for one in _comparisons(state):
        yield one
        if one[2] is not None:
            return


def _comparisons(state: Path) -> Iterator[tuple[Path, _Compared | None, Best | None]]:
    """Give the comparisons that there are, in the order in which they are asked."""
    for part in PARTS:
        path = state / "results" / f"compare-{part}" / "compare.json"
        if path.is_file():
            read = None
            with contextlib.suppress(OSError, ValueError):
                read = msgspec.json.decode(path.read_bytes(), type=_Compared)
            yield path, read, None if read is None else _best(read, part)


def _best(compared: _Compared, part: str) -> Best | None:
    means = {
        row.recommender: row.mean
        for row in compared.tables.quality
        if (row.category, row.metric, row.definition) == (-1, METRIC, compared.definition)
        and row.mean is not None
        and row.recommender not in BY_TITLE
    }
    if len(means) < _LEAST_MEASURED or compared.n_playlists < ENOUGH:
        return None
    name = max(means, key=lambda name: means[name])
    return Best(name, len(means), compared.n_playlists, part, compared.inputs)
