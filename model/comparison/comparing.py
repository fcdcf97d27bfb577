"""The whole comparison: cut, measure one after another, tabulate."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from model.challenge.cutting import Challenge, describe_shortage
from model.challenge.definitions import Definition
from model.comparison import tables
from model.comparison.ablation import SOURCES, is_known
from model.comparison.figures import Figures
from model.comparison.measured import Measured, make_measured
from model.comparison.task import Cutting, Task, tasks_of
from model.errors import InputError
from model.ragged import IntArray
from model.recommenders.registry import make_recommender
from model.split import check_leaks
from model.stages.grounds import Grounds, OpenGrounds
from model.stages.workspace import Workspace
from model.storage.freshness import tables_of


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be compared.

    Parameters
    ----------
    names : tuple of str
        Recommenders.
    cutting : Cutting
    definition : {"code", "rules"}
        By which figures are printed.
    has_curve : bool
        Whether on shares of the training playlists too.
    ablated : str, optional
        Recommender that is measured without each source too.
    """

    names: tuple[str, ...]
    cutting: Cutting
    definition: Definition = "code"
    has_curve: bool = False
    ablated: str | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """What came out.

    Parameters
    ----------
    wish : Wish
    n_playlists, n_training_playlists : int
    tables : dict of str to DataFrame
        By the names of their files without ending; `docs/data.md` lists the columns.
    rows : DataFrame
        A row a recommender and playlist.
    notes : tuple of str
        What keeps the figures from being what they should be.
    inputs : dict of str to str
        A hash of each table that it was made from, by the name of its file.
    """

    wish: Wish
    n_playlists: int
    n_training_playlists: int
    tables: dict[str, pd.DataFrame]
    rows: pd.DataFrame
    notes: tuple[str, ...]
    inputs: dict[str, str] = field(default_factory=dict)


def compare(workspace: Workspace, wish: Wish) -> Compared:
    """Measure what was not measured before, each in a process of its own, and tabulate.

    Raises
    ------
    InputError
        If a recommender is unknown, or the state holds too little.
    LeakError
        If a recommender was fitted on a playlist that is held out.
    """
    _check_names(wish)
    grounds = Grounds.of(workspace)
    opened = grounds.open()
    cut = wish.cutting.cut(opened)
    sources = _known_sources(opened) if wish.ablated else ()
    tasks = tasks_of(wish.names, has_curve=wish.has_curve, ablated=wish.ablated, sources=sources)
    measured, failures = _measure_all(workspace, grounds, wish.cutting, tasks)
    _check_all(measured, opened, cut)
    compared = _tabulate(wish, measured, opened, cut, (*_notes(opened, cut, wish), *failures))
    return replace(compared, inputs=tables_of(grounds.songs.corpus.manifest.recipe.inputs))


def _check_names(wish: Wish) -> None:
    """Refuse an unknown name before anything is made."""
    for task in tasks_of(wish.names, has_curve=False, ablated=wish.ablated, sources=()):
        make_recommender(task.recommender)


def _known_sources(opened: OpenGrounds) -> tuple[str, ...]:
    train = opened.training(opened.split.train)
    return tuple(source for source in SOURCES if is_known(train, source))


def _measure_all(
    workspace: Workspace, grounds: Grounds, cutting: Cutting, tasks: Sequence[Task]
) -> tuple[list[Measured], list[str]]:
    """Measure one after another; say which could not be fitted on this state.

    Raises
    ------
    InputError
        If none could be fitted on all training playlists: the first one's reason.
    """
    measured: list[Measured] = []
    failures: list[InputError] = []
    notes: list[str] = []
    for number, task in enumerate(tasks, start=1):
        workspace.say(f"{number} of {len(tasks)}: {task.label}")
        try:
            measured.append(make_measured(workspace, grounds, cutting, task))
        except InputError as error:
            failures.append(error)
            notes.append(f"{task.label} is left out: {error}")
    if failures and not any(one.task.is_plain for one in measured):
        raise failures[0]
    return measured, notes


def _check_all(measured: Sequence[Measured], opened: OpenGrounds, cut: Challenge) -> None:
    held_out = opened.corpus.playlist_ids[cut.rows]
    check_leaks({one.task.label: one.fitted_on for one in measured}, held_out)


def _tabulate(
    wish: Wish,
    measured: Sequence[Measured],
    opened: OpenGrounds,
    cut: Challenge,
    notes: tuple[str, ...],
) -> Compared:
    artists = opened.corpus.artists
    figures = Figures.of(measured, cut, artists)
    counted = {share: _count(wish.cutting, opened, share) for share in _shares(measured)}
    ceilings = tables.tabulate_ceiling(cut, counted)
    found = {
        "quality": tables.tabulate_quality(figures),
        "pairs": tables.tabulate_pairs(figures),
        "recommenders": tables.tabulate_recommenders(measured, cut, counted[1.0][1], artists),
        "ceiling": ceilings,
    }
    if wish.has_curve:
        found["curve"] = tables.tabulate_curve(figures, measured, ceilings, wish.definition)
    if wish.ablated:
        found["ablation"] = tables.tabulate_ablation(figures, wish.definition)
    return Compared(
        wish=wish,
        n_playlists=len(cut),
        n_training_playlists=counted[1.0][0],
        tables=found,
        rows=figures.rows(cut, opened.corpus.playlist_ids, wish.definition),
        notes=notes,
    )


def _shares(measured: Sequence[Measured]) -> list[float]:
    return sorted({one.task.share for one in measured})


def _count(cutting: Cutting, opened: OpenGrounds, share: float) -> tuple[int, IntArray]:
    rows = cutting.training_rows(opened, share)
    return len(rows), opened.training(rows).popularity()


def _notes(opened: OpenGrounds, cut: Challenge, wish: Wish) -> tuple[str, ...]:
    train = opened.training(opened.split.train)
    absent = [source for source in ("tags", "similars", "audio") if not is_known(train, source)]
    notes = [describe_shortage(cut)]
    if absent:
        words = " or ".join("audio features" if one == "audio" else one for one in absent)
        notes.append(f"no {words} in this state: what works with them falls back on popular songs")
    if wish.cutting.part == "test":
        notes.append("figures of the test part: choose and tune by --part validation")
    return tuple(note for note in notes if note)
