"""Measured recommenders: an artifact each, made where it was not there."""

from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Self

from model.comparison.measuring import Order, measure
from model.comparison.task import Cutting, Task
from model.engines.engine import Engine, Processes
from model.ragged import IntArray, Ragged
from model.recommenders.registry import make_recommender
from model.stages.grounds import Grounds
from model.stages.workspace import Workspace
from model.storage.artifacts import Artifact
from model.storage.program import RECOMMENDING, hash_program
from model.storage.recipes import Plain

MEASURING = ("comparison/ablation.py", "comparison/measuring.py", "comparison/task.py", "split.py")
"""Of the program, what decides beside the recommenders which lists are made."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a recommender has answered.

    Parameters
    ----------
    task : Task
    lists : Ragged, n_playlists lists
        Recommended songs, best first.
    fitted_on : ndarray
        Ids of the playlists that it was fitted on.
    n_training_playlists : int
    fit_s, recommend_s : float
    memory_mb : int
    """

    task: Task
    lists: Ragged
    fitted_on: IntArray
    n_training_playlists: int
    fit_s: float
    recommend_s: float
    memory_mb: int

    @classmethod
    def open(cls, artifact: Artifact, task: Task) -> Self:
        """Map it into memory."""
        lists = Ragged(artifact.array("lists_indptr"), artifact.array("lists_values"))
        return cls(task, lists, artifact.array("fitted_on"), **artifact.manifest.summary)


def make_measured(workspace: Workspace, grounds: Grounds, cutting: Cutting, task: Task) -> Measured:
    """Measure a recommender, unless that was done before.

    It is done in a new process, whose memory is then the recommender's own, and which Ctrl-C ends;
    or where the workspace's engine says.

    Raises
    ------
    InputError
        If there is no such recommender, or too few playlists.
    """
    make_recommender(task.recommender)  # there is none of this name: said before anything is made
    engine = workspace.engine or Processes(1, are_kept=False)
    artifact = workspace.make(
        "comparison",
        partial(_measure_by, engine, grounds, cutting, task),
        label=f"{cutting.part}-{task.recommender.replace(':', '-')}",
        parameters=asdict(cutting) | asdict(task),
        inputs={**grounds.contents, "program": hash_program((*RECOMMENDING, *MEASURING))},
    )
    return Measured.open(artifact, task)


def _measure_by(
    engine: Engine, grounds: Grounds, cutting: Cutting, task: Task, folder: Path
) -> dict[str, Plain]:
    done = list(engine.run(measure, [Order(grounds, cutting, task, folder)]))
    return done[0][1]
