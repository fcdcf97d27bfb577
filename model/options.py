"""Options that several commands share, and the line of progress that all of them print."""

import os
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from model.settings import PARTS, Part, Settings

DEFAULTS = Settings()
DEFAULT_STATE = Path("state")
DEFAULT_WORKERS = (
    len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
)
"""Processors that this process may use."""


class ProtocolName(StrEnum):
    """How to evaluate."""

    HOLDOUT = "holdout"
    PUBLISHED = "published"


class PartName(StrEnum):
    """Which part of the split to generate for."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"
    ALL = "all"


class WeightingOption(StrEnum):
    """What makes two songs similar, given the playlists that hold both."""

    COUNT = "count"
    COSINE = "cosine"
    JACCARD = "jaccard"
    TF_IDF = "tf-idf"
    BM25 = "bm25"


State = Annotated[
    Path, typer.Option(envvar="HARVEST_STATE", help="Directory that `harvest` filled.")
]
ProtocolOption = Annotated[
    ProtocolName,
    typer.Option(
        "--protocol",
        help="holdout: fitted on the training part, judged on another. "
        "published: as the study did it, with its faults, to compare figures.",
    ),
]
RandomState = Annotated[
    int, typer.Option(min=0, max=2**32 - 1, help="Seed of split, clusters and draws.")
]
Clusters = Annotated[
    int, typer.Option(min=1, help="Clusters of playlists (study: 2, 10, 50, 100).")
]
Seeds = Annotated[
    int, typer.Option(min=1, help="First songs that are given, under the holdout protocol.")
]
Neighbours = Annotated[int, typer.Option(min=1, help="Similar songs that are kept of each song.")]
MinCount = Annotated[int, typer.Option(min=1, help="Least co-occurrence of two similar songs.")]
Weighting = Annotated[
    WeightingOption,
    typer.Option(help="What makes songs similar, under the holdout protocol (study: count)."),
]
Shrinkage = Annotated[
    float,
    typer.Option(min=0.0, help="Weight n playlists that hold two songs by n / (n + this)."),
]
Damping = Annotated[
    float,
    typer.Option(
        min=0.0,
        max=1.0,
        help="Power of both songs' popularity that a cosine is divided by: 0 none, 1 all of it.",
    ),
]
Workers = Annotated[
    int, typer.Option(min=1, help="Processes and threads at a time; changes no result.")
]
Dask = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", help="Send the work to this Dask scheduler; changes no result."
    ),
]


def parts_of(protocol: ProtocolName, part: PartName | None) -> tuple[Part, ...]:
    """Parts to generate for: what was asked for, or what the protocol is for.

    Examples
    --------
    >>> parts_of(ProtocolName.HOLDOUT, None), parts_of(ProtocolName.HOLDOUT, PartName.ALL)
    (('test',), ('validation', 'test'))
    """
    if protocol is ProtocolName.PUBLISHED:
        return PARTS if part in {None, PartName.ALL} else _one(part)
    if part is PartName.ALL:
        return ("validation", "test")
    return _one(part or PartName.TEST)


def progress() -> Callable[[str], None]:
    """Give a function that prints a line to stderr, with the seconds since the start."""
    start = time.monotonic()

    def say(line: str) -> None:
        print(f"model: {time.monotonic() - start:6.1f} s  {line}", file=sys.stderr, flush=True)

    return say


def _one(part: PartName | None) -> tuple[Part, ...]:
    return tuple(name for name in PARTS if name == part)
