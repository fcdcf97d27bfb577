"""Options that several commands share, and the line of progress that all of them print."""

import os
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from model.errors import InputError
from model.number_options import number_option, whole_option
from model.settings import PARTS, SOURCES, Part, Settings, SourceName

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


def folder(text: str | Path) -> Path:
    """Parse the path of a folder; an empty one, such as an unset variable's, is refused."""
    if not str(text).strip():
        msg = f"{text!r} names no folder; leave the option out for the default"
        raise typer.BadParameter(msg)
    return Path(text)


State = Annotated[
    Path,
    typer.Option(
        parser=folder,
        envvar="HARVEST_STATE",
        metavar="DIR",
        help="Directory that `harvest` filled.",
    ),
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
    int, whole_option(low=0, high=2**32 - 1, help="Seed of split, clusters and draws.")
]
Clusters = Annotated[
    int, whole_option(low=1, help="Clusters of playlists (study: 2, 10, 50, 100).")
]
Seeds = Annotated[
    int, whole_option(low=1, help="First songs that are given, under the holdout protocol.")
]
Neighbours = Annotated[int, whole_option(low=1, help="Similar songs that are kept of each song.")]
MinCount = Annotated[int, whole_option(low=1, help="Least co-occurrence of two similar songs.")]
Weighting = Annotated[
    WeightingOption,
    typer.Option(help="What makes songs similar, under the holdout protocol (study: count)."),
]
Shrinkage = Annotated[
    float,
    number_option(low=0, help="Weight n playlists that hold two songs by n / (n + this)."),
]
Damping = Annotated[
    float,
    number_option(
        low=0,
        high=1,
        help="Power of both songs' popularity that a cosine is divided by: 0 none, 1 all of it.",
    ),
]
Sources = Annotated[
    str,
    typer.Option(
        metavar="LIST",
        help="Where similar songs come from: any of cooccurrence, tags, similars (both of last.fm) "
        "and audio, with commas between them; the effect of each is shown.",
    ),
]
MinTagWeight = Annotated[
    float, number_option(low=0, high=100, help="Least weight of a tag that counts.")
]
MinMatch = Annotated[
    float, number_option(low=0, high=1, help="Least match of a similar song that counts.")
]
Workers = Annotated[
    int,
    whole_option(
        low=1,
        high=1024,
        show_default="one a processor",
        help="Processes and threads at a time; changes no result.",
    ),
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


def sources_of(text: str) -> tuple[SourceName, ...]:
    """Read a list of sources; each counts once, in the order of `settings.SOURCES`.

    Raises
    ------
    InputError
        If one is unknown, or there is none.

    Examples
    --------
    >>> sources_of("tags, cooccurrence,tags")
    ('cooccurrence', 'tags')
    """
    named = [name.strip() for name in text.split(",")]
    unknown = [name for name in named if name not in SOURCES]
    if unknown:
        msg = f"no source {unknown[0]!r}; expected any of {', '.join(SOURCES)}, by commas"
        raise InputError(msg)
    return tuple(name for name in SOURCES if name in named)


def progress() -> Callable[[str], None]:
    """Give a function that prints a line to stderr, with the seconds since the start."""
    start = time.monotonic()

    def say(line: str) -> None:
        print(f"model: {time.monotonic() - start:6.1f} s  {line}", file=sys.stderr, flush=True)

    return say


def _one(part: PartName | None) -> tuple[Part, ...]:
    return tuple(name for name in PARTS if name == part)
