"""What `model sweep` does; apart, since drawing takes a third of a second to load."""

from pathlib import Path

from model.engines.engine import cluster_at
from model.layout import print_blocks
from model.saying import Say
from model.settings import Settings
from model.sweeping import sweep
from model.sweeping.console import render_sweep


def run_sweep(
    state: Path,
    settings: Settings,
    grid: str,
    *,
    metric: str | None,
    say: Say,
    workers: int = 1,
    dask: str | None = None,
) -> None:
    """Evaluate all cells of a grid, write table and picture, print the best.

    Parameters
    ----------
    state : Path
    settings : Settings
        With the validation part alone.
    grid : str
        See `grid.parse_grid`.
    metric : str, optional
        The figure to choose by.
    say : callable
        Takes a line of progress.
    workers : int
        Threads and processes at a time.
    dask : str, optional
        Address of a Dask scheduler that does the work instead.

    Raises
    ------
    InputError
        If the grid or the metric cannot be used, or the state holds too little.
    StorageError
        If the results cannot be written.
    """
    swept = sweep.run_sweep(
        state, settings, grid, metric=metric, say=say, engine=cluster_at(dask), workers=workers
    )
    print_blocks(render_sweep(swept))
