"""Figures of every playlist -> the tables of a comparison; `docs/data.md` lists their columns."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from model.challenge.categories import LABELS
from model.challenge.cutting import Challenge
from model.challenge.definitions import DEFINITIONS, Definition
from model.challenge.scores import ALL
from model.comparison.beyond import artist_diversity, coverage, popularity_lift, recall_ceiling
from model.comparison.figures import METRICS, Figures
from model.comparison.measured import Measured
from model.comparison.pairs import Pairs, adjust, compare_pairs
from model.comparison.task import Task
from model.figures.directions import sign
from model.figures.intervals import summarise
from model.ragged import FloatArray, IntArray, Ragged

SIGNIFICANT = 0.05

_PAIR_COLUMNS = [
    *("recommender", "best_other", "definition", "category", "label", "n_playlists", "metric"),
    *("mean", "other_mean", "difference", "low", "high", "p_value"),
    *("p_adjusted", "is_better", "is_distinguishable"),
]
_SIGNS = np.array([sign(name) for name in METRICS])


def label_of(category: int) -> str:
    """Name a category, −1 all of them together."""
    return ALL if category < 0 else LABELS[category]


def tabulate_quality(figures: Figures) -> pd.DataFrame:
    """Average the plain tasks' figures of each category, with intervals."""
    tasks = [task for task in figures.tasks if task.is_plain]
    parts = []
    for category, rows in figures.groups():
        for definition in DEFINITIONS:
            together = [figures.of_task(task, definition)[rows] for task in tasks]
            parts.append(
                pd.DataFrame(
                    {
                        "recommender": np.repeat([one.recommender for one in tasks], len(METRICS)),
                        "definition": definition,
                        "category": category,
                        "label": label_of(category),
                        "n_playlists": len(rows),
                        "metric": list(METRICS) * len(tasks),
                        **summarise(np.hstack(together)).columns(),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def tabulate_pairs(figures: Figures) -> pd.DataFrame:
    """Compare each plain task with the best of the others, playlist by playlist.

    A row stands for itself; ``p_adjusted`` is for all tasks of one definition, category and metric
    together. Neither knows that the best other was chosen by the same playlists.
    """
    rows = [
        row
        for category, places in figures.groups()
        for definition in DEFINITIONS
        for row in _pair_rows(figures, definition, category, places)
    ]
    return pd.DataFrame(rows, columns=_PAIR_COLUMNS)


def tabulate_recommenders(
    measured: Sequence[Measured], cut: Challenge, counts: IntArray, artists: IntArray
) -> pd.DataFrame:
    """Say what each plain task costs, and what its lists are besides right.

    Parameters
    ----------
    measured : sequence of Measured
    cut : Challenge
    counts : ndarray, shape (n_songs,)
        Training playlists that hold each song.
    artists : ndarray, shape (n_songs,)
    """
    return pd.DataFrame(
        {
            "recommender": one.task.recommender,
            "n_training_playlists": one.n_training_playlists,
            "fit_s": one.fit_s,
            "playlists_per_s": len(cut) / max(one.recommend_s, 1e-6),
            "memory_mb": one.memory_mb,
            "coverage": coverage(one.lists, counts),
            "artist_diversity": artist_diversity(one.lists, artists),
            "popularity_lift": popularity_lift(one.lists, cut.truth, counts),
        }
        for one in measured
        if one.task.is_plain
    )


def tabulate_ceiling(
    cut: Challenge, counts_of_share: dict[float, tuple[int, IntArray]]
) -> pd.DataFrame:
    """Say how much of what is hidden occurs in training, the most that can be found.

    A row a share and category.

    Parameters
    ----------
    cut : Challenge
    counts_of_share : dict of float to (int, ndarray of shape (n_songs,))
        Of each share, the number of training playlists, and how many hold each song.
    """
    numbers = [-1, *np.unique(cut.categories).tolist()]
    rows = []
    for share, (n_training, counts) in counts_of_share.items():
        for category in numbers:
            truth = _of_category(cut.truth, cut.categories, category)
            rows.append(
                {
                    "share": share,
                    "n_training_playlists": n_training,
                    "category": category,
                    "label": label_of(category),
                    "n_playlists": len(truth),
                    "n_tracks": len(truth.values),
                    "recall_ceiling": recall_ceiling(truth, counts),
                }
            )
    return pd.DataFrame(rows)


def tabulate_curve(
    figures: Figures, measured: Sequence[Measured], ceilings: pd.DataFrame, definition: Definition
) -> pd.DataFrame:
    """Average the figures on each share of the training playlists, smallest first."""
    of_all = ceilings[ceilings["category"] < 0].set_index("share")["recall_ceiling"]
    parts = []
    for one in sorted(measured, key=lambda one: one.task.share):
        if one.task.without is None:
            head = {
                "recommender": one.task.recommender,
                "share": one.task.share,
                "n_training_playlists": one.n_training_playlists,
                "metric": list(METRICS),
            }
            tail = {"recall_ceiling": of_all[one.task.share], "fit_s": one.fit_s}
            summary = summarise(figures.of_task(one.task, definition)).columns()
            parts.append(pd.DataFrame(head | summary | tail))
    return pd.concat(parts, ignore_index=True)


def tabulate_ablation(figures: Figures, definition: Definition) -> pd.DataFrame:
    """Compare a recommender without each source with the same that has them all."""
    return pd.DataFrame(
        [
            row
            for task in figures.tasks
            if task.without is not None and Task(task.recommender) in figures.tasks
            for row in _ablation_rows(figures, task, definition)
        ]
    )


def _pair_rows(
    figures: Figures, definition: Definition, category: int, rows: IntArray
) -> Iterator[dict[str, object]]:
    tasks = [task for task in figures.tasks if task.is_plain]
    if len(tasks) < 2:
        return
    values = np.stack([figures.of_task(task, definition)[rows] for task in tasks])
    others = _best_others(values.mean(axis=1))
    differences = [
        values[place, :, column] - values[others[place, column], :, column]
        for place, column in np.ndindex(others.shape)
    ]
    pairs = compare_pairs(np.column_stack(differences))
    adjusted = adjust(pairs.p_value.reshape(others.shape))
    for number, (place, column) in enumerate(np.ndindex(others.shape)):
        other = others[place, column]
        yield {
            "recommender": tasks[place].recommender,
            "best_other": tasks[other].recommender,
            "definition": definition,
            "category": category,
            "label": label_of(category),
            "n_playlists": len(rows),
            "metric": METRICS[column],
            "mean": values[place, :, column].mean(),
            "other_mean": values[other, :, column].mean(),
            **pairs.figures(number),
            "p_adjusted": adjusted[place, column],
            "is_better": bool(_SIGNS[column] * pairs.mean[number] > 0),
            "is_distinguishable": bool(pairs.p_value[number] < SIGNIFICANT),
        }


def _best_others(means: FloatArray) -> IntArray:
    """Give the number of the best other of each task and metric, (n_tasks, n_metrics)."""
    best = np.empty(means.shape, dtype=np.int64)
    for place in range(len(means)):
        rivals = means * _SIGNS
        rivals[place] = -np.inf
        best[place] = rivals.argmax(axis=0)
    return best


def _ablation_rows(
    figures: Figures, task: Task, definition: Definition
) -> Iterator[dict[str, object]]:
    full = figures.of_task(Task(task.recommender), definition)
    less = figures.of_task(task, definition)
    for category, rows in figures.groups():
        pairs: Pairs = compare_pairs(less[rows] - full[rows])
        for column, metric in enumerate(METRICS):
            yield {
                "recommender": task.recommender,
                "without": task.without,
                "category": category,
                "label": label_of(category),
                "n_playlists": len(rows),
                "metric": metric,
                "mean": less[rows, column].mean(),
                "full_mean": full[rows, column].mean(),
                **pairs.figures(column),
            }


def _of_category(truth: Ragged, categories: IntArray, category: int) -> Ragged:
    return truth if category < 0 else truth.take(np.flatnonzero(categories == category))
