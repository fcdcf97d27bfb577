"""Chunks of playlists -> rows of figures, in whatever process: all it needs are the artifacts."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from model.batches import Chunk, batches_of
from model.corpus import Corpus
from model.protocols import holdout, published
from model.ragged import IntArray
from model.recommenders.base import training_part
from model.settings import Settings
from model.split import Split, check_leaks
from model.stages.clusters import batch_name, open_clusters
from model.stages.corpus import open_corpus
from model.stages.features import open_scaler
from model.stages.followers import open_regression
from model.stages.materials import Materials
from model.stages.similarity import open_similar
from model.stages.split import open_split


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be judged, and by what.

    Parameters
    ----------
    settings : Settings
    materials : Materials
        Made for these settings.
    """

    settings: Settings
    materials: Materials


@dataclass(frozen=True, slots=True)
class Task:
    """One chunk of one case."""

    case: Case
    chunk: Chunk


def judge_chunk(task: Task) -> pd.DataFrame:
    """Generate for the playlists of a chunk, and score.

    Returns
    -------
    DataFrame
        One row a playlist and recommender; with columns part, batch and recommender.
    """
    judge = _judge_of(_Known(task.case))
    return judge(task.chunk).assign(part=task.chunk.part, batch=task.chunk.batch)


def notes_on(case: Case, rows: pd.DataFrame) -> tuple[str, ...]:
    """Say what a reader of the figures should know."""
    if case.settings.protocol == "published":
        return published.notes_on(rows, case.settings)
    corpus, split = _open(case.materials)
    learnt = open_learnt(case, split)
    return holdout.notes_on(training_part(corpus, split.train), learnt, case.settings)


def require_no_leaks(materials: Materials) -> int:
    """Check that nothing was fitted on a playlist that is held out; return how many are.

    Raises
    ------
    LeakError
        Naming what saw one.
    """
    corpus, split = _open(materials)
    held_out = corpus.playlist_ids[np.concatenate([split.validation, split.test])]
    fitted_on: dict[str, IntArray] = {
        what: artifact.array("fitted_on")
        for what, artifact in (
            ("similarity", materials.similarity),
            ("scaling of features", materials.features),
            ("clusters", materials.clusters),
            ("follower regression", materials.followers),
        )
    }
    check_leaks(fitted_on, held_out)
    return len(held_out)


class _Known:
    """A case that is told apart by the content of its artifacts."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._key = (case.settings, tuple(case.materials.contents.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=1)
def _judge_of(known: _Known) -> Callable[[Chunk], pd.DataFrame]:
    """Open and fit what all chunks of a case have in common, once a process."""
    is_published = known.case.settings.protocol == "published"
    return (_published_judge if is_published else _holdout_judge)(known.case)


def _holdout_judge(case: Case) -> Callable[[Chunk], pd.DataFrame]:
    corpus, split = _open(case.materials)
    train = training_part(corpus, split.train)
    fitted = holdout.fit_all(train, case.settings, open_learnt(case, split))
    held_out = corpus.playlist_ids[np.concatenate([split.validation, split.test])]
    check_leaks(fitted.fitted_on, held_out)

    def judge(chunk: Chunk) -> pd.DataFrame:
        rows = split.part(chunk.part)[chunk.first : chunk.last]
        return holdout.judge_playlists(corpus, rows, fitted, case.settings)

    return judge


def _published_judge(case: Case) -> Callable[[Chunk], pd.DataFrame]:
    corpus, split = _open(case.materials)
    study = published.prepare(
        corpus,
        case.settings,
        similar=open_similar(case.materials.similarity, n=case.settings.similar),
        regression=open_regression(case.materials.followers, log_target=False),
    )

    def judge(chunk: Chunk) -> pd.DataFrame:
        batches = batches_of(split, chunk.part, case.settings)
        batch = next(one for one in batches if one.number == chunk.batch)
        clusters = open_clusters(case.materials.clusters, batch_name(chunk.part, chunk.batch))
        places = slice(chunk.first, chunk.last)
        return published.judge_batch(study, batch, clusters=clusters, places=places)

    return judge


def open_learnt(case: Case, split: Split) -> holdout.Learnt:
    """Map what was learnt of the training part into memory."""
    materials = case.materials
    return holdout.Learnt(
        similar=open_similar(materials.similarity, n=case.settings.similar),
        features=materials.features.array("features")[split.train],
        scaler=open_scaler(materials.features),
        clusters=open_clusters(materials.clusters),
        regression=open_regression(materials.followers, log_target=True),
        raw_regression=open_regression(materials.followers, log_target=False),
    )


def _open(materials: Materials) -> tuple[Corpus, Split]:
    return open_corpus(materials.corpus), open_split(materials.split)
