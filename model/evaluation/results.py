"""An Evaluation -> files under ``state/results/``, each there in full or not at all."""

import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from model.columns import STUDY_RESULT_COLUMNS
from model.evaluate import Evaluation
from model.evaluation.source_effects import Effects
from model.figures.spread import spread_of
from model.settings import BASELINE, PARTS, RECOMMENDERS, Settings
from model.storage.writing import (
    csv_writer,
    json_writer,
    results_folder,
    rows_writer,
    write_atomically,
)

_PACKAGES = ("playlist-harvest", "numpy", "pandas", "scipy", "scikit-learn")


def write_results(evaluation: Evaluation, state: Path) -> Path:
    """Write the rows, the summary and what is needed to make them again.

    The directory ``results/<protocol>-k<clusters>`` receives ``<part>-<recommender>.csv.gz`` with
    a row a playlist, ``summary.csv``, ``spread.csv``, and last ``summary.json``. The same data,
    settings and versions give the same bytes. Rows of an earlier run, of parts or recommenders
    that this one has not, are removed then.

    Parameters
    ----------
    evaluation : Evaluation
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
    settings = evaluation.settings
    folder = results_place(state, settings)
    with results_folder(folder):
        names = [*_write_rows(evaluation.rows, folder), "summary.csv", "spread.csv"]
        write_atomically(folder / "summary.csv", csv_writer(evaluation.summary))
        spread = spread_of(evaluation.rows, list(evaluation.summary["metric"].unique()))
        write_atomically(folder / "spread.csv", csv_writer(spread))
        write_atomically(folder / "summary.json", json_writer(_describe(evaluation, names)))
        _remove_rows(folder, keep=names)
    return folder


def results_place(state: Path, settings: Settings) -> Path:
    """Where results go: the protocol, the clusters and, besides co-occurrence, the sources.

    Examples
    --------
    >>> results_place(Path("state"), Settings(sources=("cooccurrence", "tags"))).name
    'holdout-k10-cooccurrence+tags'
    """
    name = f"{settings.protocol}-k{settings.n_clusters}"
    if settings.sources != BASELINE:
        name += f"-{'+'.join(settings.sources)}"
    return state / "results" / name


def write_effects(effects: Effects, folder: Path) -> None:
    """Write ``sources.csv`` and ``sources.json`` beside what `write_results` wrote.

    Raises
    ------
    StorageError
        If a file cannot be written; those already there are as they were before.
    """
    with results_folder(folder):
        write_atomically(folder / "sources.csv", csv_writer(effects.table))
        about = {"coverage": effects.coverage, "settings": asdict(effects.settings)}
        write_atomically(folder / "sources.json", json_writer(about))


def _write_rows(rows: pd.DataFrame, folder: Path) -> list[str]:
    """Write one compressed file a part and recommender, the study's columns first."""
    others = [name for name in rows.columns if name not in STUDY_RESULT_COLUMNS]
    ordered = rows[[*STUDY_RESULT_COLUMNS, *others]]
    names = []
    for (part, recommender), group in ordered.groupby(["part", "recommender"], sort=False):
        names.append(_rows_name(part, recommender))
        write_atomically(folder / names[-1], rows_writer(group))
    return names


def _remove_rows(folder: Path, *, keep: list[str]) -> None:
    """Remove the rows of other settings, which nobody could tell from those of the summary."""
    for name in (_rows_name(part, one) for part in PARTS for one in RECOMMENDERS):
        if name not in keep:
            (folder / name).unlink(missing_ok=True)


def _rows_name(part: object, recommender: object) -> str:
    return f"{part}-{recommender}.csv.gz"


def _describe(evaluation: Evaluation, names: list[str]) -> dict[str, object]:
    """Protocol, settings, versions, counts and figures, fit for JSON."""
    known = evaluation.summary.astype(object)
    return {
        "settings": asdict(evaluation.settings),
        "versions": {"python": platform.python_version()}
        | {package: version(package) for package in _PACKAGES},
        "inputs": evaluation.inputs,
        "n_playlists": evaluation.n_playlists,
        "unused": [asdict(unused) for unused in evaluation.unused],
        "failures": evaluation.failures.to_dict(orient="records"),
        "notes": list(evaluation.notes),
        "summary": known.where(known.notna(), None).to_dict(orient="records"),
        "files": names,
    }
