"""Lists of measured recommenders -> figures of every playlist."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.challenge.cutting import Challenge
from model.challenge.definitions import DEFINITIONS, Definition
from model.challenge.scores import FIGURES, score
from model.comparison.measured import Measured
from model.comparison.task import Task
from model.figures.scoring import count_matches
from model.ragged import FloatArray, IntArray, Ragged

METRICS = (*FIGURES, "recall")
"""Figures of a playlist: those of the challenge, and the share of the truth that is in the list."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of each task on the same playlists, by both definitions.

    Parameters
    ----------
    tasks : tuple of Task
    categories : ndarray, shape (n_playlists,)
    values : dict of definition to ndarray, shape (n_tasks, n_playlists, n_metrics)
    """

    tasks: tuple[Task, ...]
    categories: IntArray
    values: dict[Definition, FloatArray]

    @classmethod
    def of(cls, measured: Sequence[Measured], cut: Challenge, artists: IntArray) -> "Figures":
        """Score the lists of all of them."""
        values: dict[Definition, FloatArray] = {
            definition: np.stack(
                [score_lists(one.lists, cut.truth, artists, definition) for one in measured]
            )
            for definition in DEFINITIONS
        }
        return cls(tuple(one.task for one in measured), cut.categories, values)

    def of_task(self, task: Task, definition: Definition) -> FloatArray:
        """Give a task's figures, shape (n_playlists, n_metrics)."""
        chosen: FloatArray = self.values[definition][self.tasks.index(task)]
        return chosen

    def groups(self) -> list[tuple[int, IntArray]]:
        """List all playlists (−1), then those of each category that occurs: number and rows."""
        numbers = np.unique(self.categories).tolist()
        each = [(number, np.flatnonzero(self.categories == number)) for number in numbers]
        return [(-1, np.arange(len(self.categories))), *each]

    def rows(self, cut: Challenge, playlist_ids: IntArray, definition: Definition) -> pd.DataFrame:
        """Give a row a recommender and playlist, of the plain tasks."""
        parts = []
        for task in self.tasks:
            if task.is_plain:
                head = {
                    "recommender": task.recommender,
                    "playlist_id": playlist_ids[cut.rows],
                    "category": cut.categories,
                    "n_truth": cut.truth.lengths,
                }
                columns = dict(zip(METRICS, self.of_task(task, definition).T, strict=True))
                parts.append(pd.DataFrame(head | columns))
        return pd.concat(parts, ignore_index=True)


def score_lists(
    lists: Ragged, truth: Ragged, artists: IntArray, definition: Definition
) -> FloatArray:
    """Score lists by one definition.

    Parameters
    ----------
    lists : Ragged, n_playlists lists
        Best first.
    truth : Ragged, n_playlists lists
        Hidden songs, none of them a seed.
    artists : ndarray, shape (n_songs,)
    definition : {"rules", "code"}

    Returns
    -------
    ndarray, shape (n_playlists, n_metrics)
        Columns `METRICS`; NaN where nothing is hidden, but for recall, which is 0.
    """
    figures = score(lists, truth, artists, definition=definition).to_numpy(dtype=np.float64)
    found = count_matches(lists, truth) / np.maximum(truth.lengths, 1)
    return np.column_stack([figures, found])
