"""What files of results have to hold to be shown; others are as good as damaged."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Annotated, Any, TypeVar

import msgspec

from model.exploration.files import Catalogue
from model.figures.directions import CHOSEN_BY, LABELS
from model.settings import Part, Settings
from model.sweeping.grid import DIMENSIONS

T = TypeVar("T")


class Run(msgspec.Struct):
    """What is looked at of an evaluation's ``summary.json``."""

    settings: dict[str, Any]
    versions: dict[str, str]
    n_playlists: dict[str, int]
    unused: list[dict[str, Any]]
    failures: list[dict[str, Any]]
    notes: list[str]
    summary: list[dict[str, Any]]
    inputs: dict[str, str] = {}

    def check(self) -> None:
        """Refuse settings that name no command, and figures that fill no table."""
        _check_settings(self.settings, "protocol", "n_clusters", "parts", "random_state")
        if self.settings["protocol"] == "published":
            rows: list[_Figure] = [*msgspec.convert(self.summary, list[_WithDeviation])]
        else:
            rows = [*msgspec.convert(self.summary, list[_WithInterval])]
        _require({row.metric for row in rows} <= LABELS.keys(), "a figure that nobody knows")
        _require_once((row.part, row.recommender, row.metric) for row in rows)
        for part in self.settings["parts"]:
            _require(any(row.part == part for row in rows), f"no figures of the {part} part")


class SweepRun(msgspec.Struct):
    """What is looked at of ``sweep.json``."""

    settings: dict[str, Any]
    versions: dict[str, str]
    grid: dict[str, list[float]]
    metric: str
    n_playlists: int
    n_cells: int
    n_not_told_apart_from_best: int
    best: dict[str, Any]
    inputs: dict[str, str] = {}

    def check(self) -> None:
        """Refuse what names no command, or no best cell."""
        _check_settings(self.settings, "protocol", "random_state")
        _require(self.settings["protocol"] in CHOSEN_BY, "a protocol without sweeps")
        _require(self.metric in LABELS, "a figure that nobody knows")
        _require(self.grid.keys() <= {one.name for one in DIMENSIONS}, "an unknown dimension")
        best = {one.field: self.best[one.field] for one in DIMENSIONS if one.field in self.best}
        msgspec.convert(best, dict[str, float])


class Compared(msgspec.Struct):
    """What is looked at of ``compare.json``."""

    settings: dict[str, Any]
    versions: dict[str, str]
    definition: str
    n_playlists: int
    notes: list[str]
    tables: dict[str, list[dict[str, Any]]]
    inputs: dict[str, str] = {}

    def check(self) -> None:
        """Refuse tables that lack columns, name something twice, or nothing of all categories."""
        quality = msgspec.convert(self.tables.get("quality", []), list[_Quality])
        _require_once((*row.key, row.definition) for row in quality)
        overall = [row for row in quality if row.category < 0]
        is_there = any(row.definition == self.definition for row in overall)
        _require(is_there or not quality, "no figures of all categories")
        curve = msgspec.convert(self.tables.get("curve", []), list[_OfSize])
        _require_once((row.recommender, row.metric, row.n_training_playlists) for row in curve)
        is_there = any(row.metric == "r_precision" for row in curve)
        _require(is_there or not curve, "no R-precision by training playlists")
        ablation = msgspec.convert(self.tables.get("ablation", []), list[_Without])
        _require_once((*row.key, row.without) for row in ablation)
        is_there = any(row.category < 0 for row in ablation)
        _require(is_there or not ablation, "no figures of all categories without a source")


class Song(msgspec.Struct):
    """A song of an example."""

    title: str
    artist: str
    is_hit: bool


class Example(msgspec.Struct):
    """A playlist, and what was made for it."""

    name: str
    followers: int
    seeds: list[Song]
    made: list[Song]
    true: list[Song]


class Examples(msgspec.Struct):
    """What ``examples.json`` holds."""

    settings: dict[str, Any]
    examples: list[Example]

    def check(self) -> None:
        """Refuse settings that name no command."""
        _check_settings(self.settings, "protocol")


class _Figure(msgspec.Struct):
    part: Part
    recommender: str
    metric: str
    mean: float | None


class _WithInterval(_Figure):
    low: float | None
    high: float | None


class _WithDeviation(_Figure):
    sd: float | None


class _Row(msgspec.Struct):
    recommender: str
    metric: str
    mean: float | None
    low: float | None
    high: float | None


class _OfCategory(_Row):
    category: int

    @property
    def key(self) -> tuple[str, str, int]:
        return self.recommender, self.metric, self.category


class _Quality(_OfCategory):
    definition: str
    label: str


class _OfSize(_Row):
    n_training_playlists: Annotated[int, msgspec.Meta(gt=0)]
    recall_ceiling: float = 0.0
    ceiling: float = 0.0  # of older results


class _Without(_OfCategory):
    without: str
    full_mean: float | None
    difference: float | None
    p_value: float | None


def decoded(content: bytes, kind: type[T]) -> T:
    """Read a result, and check that it can be shown.

    Raises
    ------
    ValueError
        If it is no JSON, lacks something, or holds values of another kind.
    """
    found = msgspec.json.decode(content, type=kind)
    if isinstance(found, Catalogue):
        _check_settings(found.settings, "random_state")
    elif isinstance(found, Run | SweepRun | Compared | Examples):
        found.check()
    return found


def _check_settings(settings: Mapping[str, Any], *needed: str) -> None:
    """Refuse settings that no evaluation can have had, for the commands that they were asked by."""
    lacking = [name for name in needed if name not in settings]
    _require(not lacking, f"settings without {', '.join(lacking)}")
    msgspec.convert(settings, Settings)


def _require_once(keys: Iterable[Hashable]) -> None:
    listed = list(keys)
    _require(len(set(listed)) == len(listed), "a figure is there twice")


def _require(is_so: bool, problem: str) -> None:
    if not is_so:
        raise ValueError(problem)
