"""What was measured is kept, and measured anew only where something else is asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from model.comparison.measured import make_measured
from model.comparison.measuring import Order
from model.comparison.task import Cutting, Task
from model.engines.engine import Engine
from model.settings import Settings
from model.stages.grounds import Grounds, Songs
from model.stages.workspace import Workspace
from model.storage.arrays import save_arrays
from model.storage.artifacts import Artifact
from model.storage.recipes import FileStamp, Manifest, Recipe

CUTTING = Cutting("test", 0, 2)
TASK = Task("popularity")


class Pretending:
    """An engine that fits nothing: two lists for every order."""

    def __init__(self) -> None:
        self.orders: list[Order] = []

    def run(self, _work: Any, items: Sequence[Order]) -> Iterator[tuple[Order, dict[str, Any]]]:
        for order in items:
            self.orders.append(order)
            save_arrays(
                order.folder,
                {
                    "lists_indptr": np.array([0, 2, 3]),
                    "lists_values": np.array([4, 1, 2], dtype=np.int32),
                    "fitted_on": np.array([11, 12]),
                },
            )
            costs = {"fit_s": 0.5, "recommend_s": 0.25, "memory_mb": 7}
            yield order, {"n_training_playlists": 2} | costs


def artifact(content: str) -> Artifact:
    """An artifact that is known by its hash alone."""
    recipe = Recipe(stage="corpus", label="", parameters={}, inputs={})
    files = {"values.npy": FileStamp(1, content)}
    manifest = Manifest(recipe=recipe, files=files, summary={}, made_at=0.0, duration_s=0.0)
    return Artifact(Path("nowhere"), manifest)


GROUNDS = Grounds(Songs(artifact("a"), None, None), artifact("b"))


@pytest.fixture
def engine() -> Pretending:
    return Pretending()


@pytest.fixture
def workspace(tmp_path: Path, engine: Pretending) -> Workspace:
    settings = Settings(protocol="challenge")
    return Workspace(tmp_path, settings, lambda _: None, engine=cast("Engine", engine))


def test_lists_and_costs_are_opened_as_they_were_left(workspace: Workspace) -> None:
    measured = make_measured(workspace, GROUNDS, CUTTING, TASK)
    assert [measured.lists[row].tolist() for row in range(2)] == [[4, 1], [2]]
    assert measured.fitted_on.tolist() == [11, 12]
    assert (measured.task, measured.n_training_playlists) == (TASK, 2)
    assert (measured.fit_s, measured.recommend_s, measured.memory_mb) == (0.5, 0.25, 7)


def test_the_same_is_measured_once(workspace: Workspace, engine: Pretending) -> None:
    for _ in range(2):
        make_measured(workspace, GROUNDS, CUTTING, TASK)
    assert [(order.cutting, order.task) for order in engine.orders] == [(CUTTING, TASK)]


def test_another_cut_share_or_split_is_measured_anew(
    workspace: Workspace, engine: Pretending
) -> None:
    make_measured(workspace, GROUNDS, CUTTING, TASK)
    make_measured(workspace, GROUNDS, replace(CUTTING, seed=1), TASK)
    make_measured(workspace, GROUNDS, CUTTING, replace(TASK, share=0.5))
    make_measured(workspace, replace(GROUNDS, split=artifact("c")), CUTTING, TASK)
    assert len(engine.orders) == 4
