"""A Compared -> files under ``state/results/``, each there in full or not at all."""

from dataclasses import asdict
from pathlib import Path

import pandas as pd

from model.comparison.comparing import Compared
from model.storage.recipes import library_versions
from model.storage.writing import (
    csv_writer,
    json_writer,
    results_folder,
    rows_writer,
    write_atomically,
)

_OPTIONAL = ("curve", "ablation")


def write_compared(compared: Compared, state: Path) -> Path:
    """Write the tables, and what is needed to make them again; `docs/data.md` lists them.

    Tables of an earlier run that this one has not made are removed.

    Returns
    -------
    Path
        The directory ``results/compare-PART``.

    Raises
    ------
    StorageError
        If a file cannot be written; those already there are as they were before.
    """
    folder = state / "results" / f"compare-{compared.wish.cutting.part}"
    with results_folder(folder):
        for name, table in compared.tables.items():
            write_atomically(folder / f"{name}.csv", csv_writer(table))
        write_atomically(folder / "playlists.csv.gz", rows_writer(compared.rows))
        write_atomically(folder / "compare.json", json_writer(_describe(compared)))
        for name in _OPTIONAL:
            if name not in compared.tables:
                (folder / f"{name}.csv").unlink(missing_ok=True)
    return folder


def _describe(compared: Compared) -> dict[str, object]:
    """Put settings, versions and tables into plain values."""
    return {
        "settings": asdict(compared.wish),
        "versions": library_versions(),
        "inputs": compared.inputs,
        "definition": compared.wish.definition,
        "n_playlists": compared.n_playlists,
        "n_training_playlists": compared.n_training_playlists,
        "notes": list(compared.notes),
        "files": [f"{name}.csv" for name in compared.tables] + ["playlists.csv.gz"],
        "tables": {name: _records(table) for name, table in compared.tables.items()},
    }


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    known = table.astype(object)
    rows = known.where(known.notna(), None).to_dict(orient="records")
    return [{str(name): value for name, value in row.items()} for row in rows]
