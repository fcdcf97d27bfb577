"""A Sweep -> files under ``state/results/``, each there in full or not at all."""

from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal

from model.drawing import picture_writer
from model.figures.directions import HIGHER_IS_BETTER
from model.storage.recipes import library_versions
from model.storage.writing import csv_writer, json_writer, results_folder, write_atomically
from model.sweeping.choosing import Comparison, Sweep
from model.sweeping.grid import DIMENSIONS
from model.sweeping.heat_map import draw_sweep

_TABLE: Final = "table.csv"
_PICTURES: Final[dict[str, Literal["png", "svg"]]] = {"heat_map.png": "png", "heat_map.svg": "svg"}


def write_sweep(sweep: Sweep, state: Path) -> Path:
    """Write the table, the picture, and what is needed to make them again.

    The directory ``results/sweep-<protocol>`` receives ``table.csv``, ``heat_map.png``,
    ``heat_map.svg`` and last ``sweep.json``. The same data, settings and versions give the same
    bytes.

    Parameters
    ----------
    sweep : Sweep
    state : Path

    Returns
    -------
    Path
        The directory.

    Raises
    ------
    StorageError
        If a file cannot be written; those already there are as they were before.
    """
    folder = state / "results" / f"sweep-{sweep.settings.protocol}"
    with results_folder(folder):
        # First: what was computed for hours does not hang on a picture.
        write_atomically(folder / _TABLE, csv_writer(sweep.table))
        figure = draw_sweep(sweep)
        for name, kind in _PICTURES.items():
            write_atomically(folder / name, picture_writer(figure, kind))
        write_atomically(folder / "sweep.json", json_writer(_describe(sweep)))
    return folder


def _describe(sweep: Sweep) -> dict[str, object]:
    """Put settings, versions, grid and best into plain values."""
    figures = sweep.table.iloc[sweep.ranked[0]].astype(object)
    return {
        "settings": asdict(sweep.settings),
        "versions": library_versions() | {"matplotlib": version("matplotlib")},
        "inputs": sweep.inputs,
        "grid": {one.name: list(sweep.grid.values(one)) for one in DIMENSIONS},
        "metric": sweep.metric,
        "is_higher_better": sweep.metric in HIGHER_IS_BETTER,
        "n_playlists": sweep.n_playlists,
        "n_cells": len(sweep.grid),
        "n_not_told_apart_from_best": sweep.n_equal,
        "best": figures.where(figures.notna(), None).to_dict(),
        "best_beside_default": _describe_comparison(sweep.default),
        "best_beside_runner_up": _describe_comparison(sweep.runner_up),
        "files": [_TABLE, *_PICTURES],
    }


def _describe_comparison(comparison: Comparison | None) -> dict[str, object] | None:
    if comparison is None:
        return None
    return asdict(comparison) | {"is_distinguishable": comparison.is_distinguishable}
