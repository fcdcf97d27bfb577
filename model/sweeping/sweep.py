"""A grid of parameters -> an evaluation each, the best of them, its files and its picture."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from model.engines.engine import Engine
from model.errors import InputError
from model.evaluate import summarise
from model.figures.directions import LABELS, known_metric
from model.layout import format_figure
from model.protocols.judging import Case, require_no_leaks
from model.protocols.rows import make_rows, read_rows
from model.saying import Say, say_nothing
from model.settings import Settings
from model.stages.materials import Materials
from model.stages.workspace import Workspace
from model.storage.freshness import tables_of
from model.sweeping.choosing import Judged, Sweep, choose, default_cell
from model.sweeping.grid import Cell, Grid, parse_grid
from model.sweeping.results import write_sweep

_RECENT = 5
"""Cells whose time foretells that of those left."""


def run_sweep(
    state: Path,
    settings: Settings,
    grid_text: str,
    *,
    metric: str | None = None,
    say: Say = say_nothing,
    engine: Engine | None = None,
    workers: int = 1,
) -> Sweep:
    """Evaluate all cells of a grid on the validation part, choose, and write table and picture.

    Parameters
    ----------
    state : Path
        The state directory that `harvest` filled.
    settings : Settings
        With the validation part alone. Parameters that the grid does not name are taken from here.
    grid_text : str
        See `grid.parse_grid`.
    metric : str, optional
        The figure to choose by; `figures.directions.CHOSEN_BY` says which one otherwise.
    say : callable, optional
        Takes a line of progress.
    engine : Engine, optional
    workers : int

    Raises
    ------
    InputError
        If the grid or the metric cannot be used, another part is asked for, or the state holds
        too little.
    StorageError
        If something cannot be written.
    """
    grid = parse_grid(grid_text, defaults=settings)
    swept = sweep(state, settings, grid, metric=metric, say=say, engine=engine, workers=workers)
    say(f"table and heat map are in {write_sweep(swept, state)}")
    return swept


def sweep(
    state: Path,
    base: Settings,
    grid: Grid,
    *,
    metric: str | None = None,
    say: Say = say_nothing,
    engine: Engine | None = None,
    workers: int = 1,
    clock: Callable[[], float] = time.monotonic,
) -> Sweep:
    """Evaluate the study's generator in every cell of a grid, and choose the best.

    A cell that an earlier run has finished is taken as it is. Where the grid leaves out the
    default cell, that is evaluated too, to compare with; it is not among those chosen from.

    Parameters
    ----------
    state, metric, say, engine, workers
        As in `run_sweep`.
    base : Settings
        With the validation part alone.
    grid : Grid
    clock : callable, optional
        Gives seconds.

    Raises
    ------
    InputError, StorageError
        As in `run_sweep`.
    """
    require_validation(base)
    metric = known_metric(metric, base.protocol)
    workspace = Workspace(state, shared_settings(base, grid), say, workers, engine)
    # Sorted, cells of the same clusters stand together.
    cells = sorted({*grid.cells, default_cell(base)})
    judged: dict[Cell, Judged] = {}
    inputs, marks = dict[str, str](), workspace.source_marks()
    durations: list[float] = []
    for materials, cell in _with_materials(workspace, cells):
        inputs = tables_of(materials.corpus.manifest.recipe.inputs) | marks
        began = clock()
        judged[cell] = _judge(_at(workspace, cell), materials, metric)
        durations.append(clock() - began)
        say(
            f"cell {len(judged)} of {len(cells)}: {cell}: {_figure(judged[cell], metric)}"
            f"{say_left(durations, len(cells) - len(judged))}"
        )
    return replace(choose(base, grid, judged, metric=metric), inputs=inputs)


def require_validation(settings: Settings) -> None:
    """Refuse to choose by the part that is for the final figures, or that was fitted on.

    Raises
    ------
    InputError
        If the validation part is not the only one.
    """
    if settings.parts != ("validation",):
        msg = (
            f"a sweep chooses by the validation part alone, not by {' and '.join(settings.parts)}: "
            "what is chosen by the test part has no honest figure there; evaluate the best on it"
        )
        raise InputError(msg)


def shared_settings(base: Settings, grid: Grid) -> Settings:
    """Give what all cells are evaluated with: one generator, and similar songs enough for all.

    Examples
    --------
    >>> shared = shared_settings(Settings(), parse_grid("similar=50,200"))
    >>> shared.recommenders, shared.neighbours
    (('nucleus',), 200)
    """
    return replace(base, recommenders=("nucleus",), neighbours=max(base.neighbours, *grid.similar))


def say_left(durations: list[float], n_left: int) -> str:
    """Say how long the cells that are left will take, going by the latest ones.

    Examples
    --------
    >>> say_left([60.0, 2.0, 2.0, 2.0, 2.0, 2.0], 45), say_left([2.0], 0)
    ('; about 90 s left', '')
    >>> say_left([30.0], 20)
    '; about 10 min left'
    """
    if not n_left:
        return ""
    recent = durations[-_RECENT:]
    seconds = n_left * sum(recent) / len(recent)
    if seconds < 100:
        return f"; about {seconds:.0f} s left"
    return f"; about {seconds / 60:,.0f} min left"


def _with_materials(
    workspace: Workspace, cells: Iterable[Cell]
) -> Iterator[tuple[Materials, Cell]]:
    """Give each cell with what it works on, found and checked once for all of the same clusters.

    Of the four parameters the clusters alone have a say in it. At the size of the whole dataset,
    looking for it takes longer than generating.
    """
    for _, group in groupby(cells, key=attrgetter("n_clusters")):
        alike = tuple(group)
        materials = Materials.of(_at(workspace, alike[0]))
        if workspace.settings.protocol == "holdout":
            require_no_leaks(materials)
        # The stages are the same for every cell: once is enough to say where they are.
        workspace = replace(workspace, say=say_nothing)
        for cell in alike:
            yield materials, cell


def _at(workspace: Workspace, cell: Cell) -> Workspace:
    return replace(workspace, settings=cell.applied_to(workspace.settings))


def _judge(workspace: Workspace, materials: Materials, metric: str) -> Judged:
    """Do as `evaluate.evaluate` does, but for what all cells have in common."""
    quiet = replace(workspace, say=say_nothing)
    case = Case(workspace.settings, materials)
    rows = read_rows(make_rows(quiet, case), case)
    summary = summarise(rows, workspace.settings)
    return Judged(summary, rows.set_index("playlist_id")[metric])


def _figure(judged: Judged, metric: str) -> str:
    mean = judged.summary.set_index("metric")["mean"][metric]
    return f"{LABELS[metric]} {format_figure(float(mean))}"
