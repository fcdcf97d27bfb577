"""The figures of all cells of a sweep -> the best cell, and how sure it is that it is."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import numpy as np
import pandas as pd

from model.errors import InputError
from model.figures.directions import LABELS, rank_best, sign
from model.figures.intervals import summarise
from model.ragged import BoolArray, FloatArray
from model.settings import Settings
from model.sweeping.grid import DIMENSIONS, Cell, Grid

PARAMETERS = tuple(one.field for one in DIMENSIONS)
"""Columns of a sweep's table that name the cell."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One cell's figures.

    Parameters
    ----------
    summary : DataFrame
        One row a metric: metric, mean, low and high or sd, n; see `evaluate.Evaluation`.
    values : Series
        The figure that is chosen by, of each playlist; index: playlist_id; NaN where it failed.
    """

    summary: pd.DataFrame
    values: "pd.Series[float]"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far the best cell is ahead of another one, on the same playlists.

    Parameters
    ----------
    cell : Cell
        The other one.
    gain : float
        Mean over playlists of what the best is better by, in the metric's unit.
    low, high : float
        95 % bootstrap interval of the gain.
    n : int
        Playlists with figures of both.
    lead : float
        What the best is better by in the means that cells are ranked by, each over all playlists
        that have the figure.
    """

    cell: Cell
    gain: float
    low: float
    high: float
    n: int
    lead: float

    @property
    def is_distinguishable(self) -> bool:
        """Whether the interval leaves out 0.

        Examples
        --------
        >>> cell = Cell(2, 5, 5, 0.5)
        >>> Comparison(cell, gain=0.1, low=-0.1, high=0.3, n=50, lead=0.1).is_distinguishable
        False
        """
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Sweep:
    """The figures of all cells, and the best one.

    Parameters
    ----------
    settings : Settings
        What all cells have in common; its four parameters are the default cell.
    grid : Grid
    metric : str
        The figure that the best is chosen by.
    table : DataFrame, one row a cell in the order of the grid
        The four parameters; of each metric its mean, then low and high (95 % bootstrap interval,
        holdout) or sd (of the batch means, published), and n, the playlists that have the figure;
        last ``behind``, how far the cell is behind the best by the metric, with its interval
        ``behind_low`` and ``behind_high``, on the same playlists.
    best : Cell
    default, runner_up : Comparison or None
        The best beside the default cell and beside the second best; None where there is no other.
    n_playlists : int
        Playlists of the validation part.
    inputs : dict of str to str
        A hash of each table that it was made from, by the name of its file.
    """

    settings: Settings
    grid: Grid
    metric: str
    table: pd.DataFrame
    best: Cell
    default: Comparison | None
    runner_up: Comparison | None
    n_playlists: int
    inputs: dict[str, str] = field(default_factory=dict)

    @property
    def has_intervals(self) -> bool:
        """Whether the spread beside a mean is an interval; else a standard deviation."""
        return f"{self.metric}_low" in self.table

    @property
    def means(self) -> FloatArray:
        """The metric's mean of each cell, in the order of the table."""
        return self.table[f"{self.metric}_mean"].to_numpy(dtype=np.float64)

    @property
    def ranked(self) -> list[int]:
        """Places of the cells in the table, best first."""
        return rank_best(self.means, self.metric)

    @property
    def is_equal(self) -> BoolArray:
        """Which cells, besides the best, are not told apart from it, in the order of the table."""
        behind = self.table[["behind", "behind_low"]].to_numpy(dtype=np.float64)
        # Of one playlist there is no interval, and nothing is told apart by it.
        is_equal: BoolArray = ~np.isnan(behind[:, 0]) & ~(behind[:, 1] > 0)
        is_equal[self.ranked[0]] = False
        return is_equal

    @property
    def n_equal(self) -> int:
        """Count the cells, besides the best, that are not told apart from it."""
        return int(self.is_equal.sum())

    def figure(self, place: int) -> tuple[float, float, float]:
        """Give a cell's mean, and the ends of its interval or of mean ± sd."""
        row = self.table.iloc[place]
        mean = float(row[f"{self.metric}_mean"])
        if self.has_intervals:
            return mean, float(row[f"{self.metric}_low"]), float(row[f"{self.metric}_high"])
        spread = float(row[f"{self.metric}_sd"])
        return mean, mean - spread, mean + spread


def choose(settings: Settings, grid: Grid, judged: Mapping[Cell, Judged], *, metric: str) -> Sweep:
    """Find the best cell of a grid, and compare it with others playlist by playlist.

    Parameters
    ----------
    settings : Settings
    grid : Grid
    judged : mapping of Cell to Judged
        All cells of the grid, and the default cell, which is not chosen where it is not of them.
    metric : str

    Raises
    ------
    InputError
        If no playlist of any cell has the figure.
    """
    cells = grid.cells
    table = pd.DataFrame([_row(cell, judged[cell].summary) for cell in cells])
    ranked = rank_best(table[f"{metric}_mean"].to_numpy(dtype=np.float64), metric)
    best = cells[ranked[0]]
    if np.isnan(table[f"{metric}_mean"].iloc[ranked[0]]):
        msg = f"no playlist has a figure of {LABELS[metric]} in any cell: see `model evaluate`"
        raise InputError(msg)
    default = default_cell(settings)
    others = tuple(dict.fromkeys((*cells, default)))
    compared = dict(zip(others, _compare(best, others, judged, settings, metric), strict=True))
    behind = [(one.gain, one.low, one.high) for one in (compared[cell] for cell in cells)]
    table[["behind", "behind_low", "behind_high"]] = behind
    return Sweep(
        settings=settings,
        grid=grid,
        metric=metric,
        table=table,
        best=best,
        default=None if default == best else compared[default],
        runner_up=compared[cells[ranked[1]]] if len(cells) > 1 else None,
        n_playlists=len(judged[best].values),
    )


def default_cell(settings: Settings) -> Cell:
    """Give the four parameters of settings."""
    return Cell(**{name: getattr(settings, name) for name in PARAMETERS})


def _row(cell: Cell, summary: pd.DataFrame) -> dict[str, float]:
    """Put all figures of a cell side by side."""
    spreads = [name for name in ("low", "high", "sd") if name in summary]
    figures = {
        f"{metric}_{name}": value
        for metric, row in summary.set_index("metric").iterrows()
        for name, value in row[["mean", *spreads, "n"]].items()
    }
    return asdict(cell) | {
        name: int(value) if name.endswith("_n") else float(value) for name, value in figures.items()
    }


def _mean(judged: Judged, metric: str) -> float:
    mean: float = judged.summary.set_index("metric")["mean"][metric]
    return float(mean)


def _compare(
    best: Cell,
    others: tuple[Cell, ...],
    judged: Mapping[Cell, Judged],
    settings: Settings,
    metric: str,
) -> list[Comparison]:
    """Compare with several cells; all are resampled by the same playlists."""
    values = pd.concat([judged[cell].values for cell in (best, *others)], axis=1).to_numpy()
    gains = sign(metric) * (values[:, :1] - values[:, 1:])
    means = summarise(gains, settings.random_state)
    leads = [
        sign(metric) * (_mean(judged[best], metric) - _mean(judged[cell], metric))
        for cell in others
    ]
    return [
        Comparison(
            cell,
            gain=float(means.mean[place]),
            low=float(means.low[place]),
            high=float(means.high[place]),
            n=int(means.n[place]),
            lead=leads[place],
        )
        for place, cell in enumerate(others)
    ]
