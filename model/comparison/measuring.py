"""Fits one recommender, lets it continue playlists, and takes down what that cost."""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import numpy as np
from threadpoolctl import threadpool_limits

from model.challenge.checks import N_TRACKS
from model.challenge.cutting import Challenge
from model.comparison.ablation import leave_out
from model.comparison.task import Cutting, Task
from model.ragged import Ragged
from model.recommenders.base import Recommender, Training, part_of
from model.recommenders.registry import make_recommender
from model.stages.grounds import Grounds
from model.storage.arrays import save_arrays
from model.storage.recipes import Plain

CHUNK = 1_000
"""Playlists that are continued at a time."""

_WARMING = 50
"""Playlists of a first round that is not timed: what is to be compiled, is compiled then."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a process of its own is told to measure.

    Parameters
    ----------
    grounds : Grounds
    cutting : Cutting
    task : Task
    folder : Path
        Receives the arrays `lists_indptr`, `lists_values`, `fitted_on`.
    """

    grounds: Grounds
    cutting: Cutting
    task: Task
    folder: Path


def measure(order: Order) -> dict[str, Plain]:
    """Fit, recommend, and leave the lists; give the cost.

    Returns
    -------
    dict
        n_training_playlists, fit_s, recommend_s, memory_mb: the most that this process has held.
    """
    # A worker computes on one thread, so that results do not depend on how many there are; here
    # the time counts that it takes a user.
    with threadpool_limits(os.cpu_count()):
        name = order.task.recommender
        train, cut, titles = _prepare(order)
        _warm_up(name, train, cut)
        began = time.perf_counter()
        recommender = make_recommender(name).fit(train)
        fitted = time.perf_counter()
        lists = continue_playlists(recommender, cut.seeds, titles)
        done = time.perf_counter()
    save_arrays(
        order.folder,
        {
            "lists_indptr": lists.indptr,
            "lists_values": lists.values.astype(np.int32),
            "fitted_on": recommender.fitted_on_,
        },
    )
    return {
        "n_training_playlists": len(train.playlists),
        "fit_s": round(fitted - began, 6),
        "recommend_s": round(done - fitted, 6),
        "memory_mb": peak_memory_mb(),
    }


def _prepare(order: Order) -> tuple[Training, Challenge, list[str]]:
    """Give what is to be learnt from, and what is to be continued by which titles."""
    grounds, task = order.grounds.open(), order.task
    cut = order.cutting.cut(grounds)
    train = grounds.training(order.cutting.training_rows(grounds, task.share))
    is_named = task.without != "titles"
    titles = [title or "" if is_named else "" for title in cut.titles]
    return leave_out(train, task.without), cut, titles


def continue_playlists(recommender: Recommender, seeds: Ragged, titles: list[str]) -> Ragged:
    """Recommend 500 songs for each playlist, some playlists at a time."""
    parts = []
    for first in range(0, len(seeds), CHUNK):
        rows = np.arange(first, min(first + CHUNK, len(seeds)))
        given, named = seeds.take(rows), titles[first : first + CHUNK]
        songs, _ = recommender.recommend(given, n=N_TRACKS, title=named)
        parts.append(songs)
    return Ragged.stacked(parts)


def peak_memory_mb() -> int:
    """Give the most memory that this process has held, in units of 10^6 bytes."""
    status = Path("/proc/self/status")
    if status.is_file():  # What `getrusage` tells there begins with the process that started this.
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
        return round(int(line.split()[1]) * 1024 / 1e6)
    unit = 1 if sys.platform == "darwin" else 1024
    return round(getrusage(RUSAGE_SELF).ru_maxrss * unit / 1e6)


def _warm_up(name: str, train: Training, cut: Challenge) -> None:
    few = np.arange(min(_WARMING, len(train.playlists)))
    recommender = make_recommender(name).fit(part_of(train, few))
    asked = np.arange(min(_WARMING, len(cut)))
    recommender.recommend(cut.seeds.take(asked), n=N_TRACKS, title=[""] * len(asked))
