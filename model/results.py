"""An Evaluation -> files under ``state/results/``, each there in full or not at all."""

import json
import os
import platform
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import IO

import pandas as pd

from model.columns import STUDY_RESULT_COLUMNS
from model.errors import StorageError
from model.evaluate import Evaluation

_PACKAGES = ("playlist-harvest", "numpy", "pandas", "scipy", "scikit-learn")


def write_results(evaluation: Evaluation, state: Path) -> Path:
    """Write the rows, the summary and what is needed to make them again.

    The directory ``results/<protocol>-k<clusters>`` receives ``<part>-<recommender>.csv.gz`` with
    a row a playlist, ``summary.csv``, and last ``summary.json``. The same data, settings and
    versions give the same bytes.

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
    folder = state / "results" / f"{settings.protocol}-k{settings.n_clusters}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = [*_write_rows(evaluation.rows, folder), "summary.csv"]
        _write_atomically(folder / "summary.csv", _csv(evaluation.summary, compressed=False))
        text = json.dumps(_describe(evaluation, names), indent=2) + "\n"
        _write_atomically(folder / "summary.json", lambda file: file.write(text.encode()))
    except OSError as error:
        msg = (
            f"cannot write results to {folder} ({error.strerror or error}): free space or rights "
            "are needed there, or choose another place with --state"
        )
        raise StorageError(msg) from error
    return folder


def _write_rows(rows: pd.DataFrame, folder: Path) -> list[str]:
    """Write one compressed file a part and recommender, the study's columns first."""
    others = [name for name in rows.columns if name not in STUDY_RESULT_COLUMNS]
    ordered = rows[[*STUDY_RESULT_COLUMNS, *others]]
    names = []
    for (part, recommender), group in ordered.groupby(["part", "recommender"], sort=False):
        names.append(f"{part}-{recommender}.csv.gz")
        _write_atomically(folder / names[-1], _csv(group, compressed=True))
    return names


def _csv(frame: pd.DataFrame, *, compressed: bool) -> Callable[[IO[bytes]], object]:
    # No time of writing in the archive: the same rows must give the same bytes.
    how = {"method": "gzip", "mtime": 0} if compressed else None
    return lambda file: frame.to_csv(file, index=False, compression=how)


def _write_atomically(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write beside the target and move into place, so that no reader meets half a file."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _describe(evaluation: Evaluation, names: list[str]) -> dict[str, object]:
    """Protocol, settings, versions, counts and figures, fit for JSON."""
    known = evaluation.summary.astype(object)
    return {
        "settings": asdict(evaluation.settings),
        "versions": {"python": platform.python_version()}
        | {package: version(package) for package in _PACKAGES},
        "n_playlists": evaluation.n_playlists,
        "unused": [asdict(unused) for unused in evaluation.unused],
        "failures": evaluation.failures.to_dict(orient="records"),
        "notes": list(evaluation.notes),
        "summary": known.where(known.notna(), None).to_dict(orient="records"),
        "files": names,
    }
