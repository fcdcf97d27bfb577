"""What evaluations have left under ``state/results`` -> how their figures spread."""

from pathlib import Path

import msgspec
import pandas as pd

from model.errors import InputError
from model.exploration.variability import Spreads, study_frame
from model.figures.study import STUDY_MEANS

REMEDY = "run `model evaluate` again"


class _Settings(msgspec.Struct):
    protocol: str
    n_clusters: int


class _Summary(msgspec.Struct):
    """What is looked at of ``summary.json``."""

    settings: _Settings


def read_spreads(state: Path, protocol: str) -> Spreads | None:
    """Read the spread of the runs of a protocol that differ in clusters alone; None without any.

    Raises
    ------
    InputError
        If a file is unreadable.
    """
    tables = []
    for path in sorted((state / "results").glob(f"{protocol}-k*/spread.csv")):
        # Other sources of similarity have folders of their own, which say so.
        if not path.parent.name.removeprefix(f"{protocol}-k").isdigit():
            continue
        k = _clusters_of(path.with_name("summary.json"))
        if k is not None:
            tables.append(_read(path).assign(k=k))
    if not tables:
        return None
    study = study_frame(STUDY_MEANS if protocol == "published" else {})
    table = pd.concat(tables, ignore_index=True)
    table.insert(0, "k", table.pop("k"))
    return Spreads(protocol, table.sort_values("k", kind="stable").reset_index(drop=True), study)


def _clusters_of(path: Path) -> int | None:
    """Give the number of clusters of a run; None of one that was not finished."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Summary).settings.n_clusters
    except FileNotFoundError:
        return None
    except ValueError as error:
        msg = f"cannot read {path} ({error}); {REMEDY}"
        raise InputError(msg) from error


def _read(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path)
    except (OSError, ValueError) as error:
        msg = f"cannot read {path} ({error}); {REMEDY}"
        raise InputError(msg) from error
