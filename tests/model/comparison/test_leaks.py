"""A marked playlist in the test part, and whether anything that is fitted depends on it."""

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.comparison.measuring import Order, measure
from model.comparison.task import Cutting, Task
from model.ragged import Ragged
from model.recommenders.base import Recommender
from model.recommenders.ranker import Ranker
from model.recommenders.ranking.retrievers import Retriever
from model.recommenders.ranking.second_stage import SecondStage
from model.recommenders.registry import NAMES, make_recommender
from model.recommenders.ridge import KernelRidge
from model.recommenders.titles import TitleNeighbours
from model.settings import Settings
from model.stages.grounds import Grounds
from model.stages.workspace import Workspace
from model.storage.arrays import open_array

CUTTING = Cutting("test", 0, 30)


def make(name: str) -> Recommender:
    """Make it with little to do; the ranker would fit every other one once a fold."""
    few = (Retriever("ridge", KernelRidge, 60), Retriever("titles", TitleNeighbours, 60))
    if name == "ranker":
        return Ranker(retrievers=few, n_folds=2, second_stage=SecondStage(n_trees=3, min_leaf=5))
    return make_recommender(name)


@pytest.fixture(scope="module")
def plain(compared_state: Path) -> Grounds:
    return grounds_of(compared_state)


@pytest.fixture(scope="module")
def marked_row(plain: Grounds) -> int:
    """Number of the marked playlist: the first that is cut."""
    return int(CUTTING.cut(plain.open()).rows[0])


@pytest.fixture(scope="module")
def marked(
    tmp_path_factory: pytest.TempPathFactory,
    made_up: Any,
    compared_catalogue: tuple[list[Any], list[Any]],
    marked_row: int,
) -> Grounds:
    """The same state, but for the songs of one test playlist and the spelling of its name."""
    playlists, songs = compared_catalogue
    old = playlists[marked_row]
    others = [song for song in range(len(songs) - 1, -1, -1) if song not in old.songs]
    new = replace(old, name=f"~ {old.name.upper()} ~", songs=others[: len(old.songs)])
    changed = [*playlists[:marked_row], new, *playlists[marked_row + 1 :]]
    return grounds_of(made_up.write_state(tmp_path_factory.mktemp("marked"), changed, songs))


def grounds_of(state: Path) -> Grounds:
    return Grounds.of(Workspace(state, Settings(protocol="challenge"), lambda _: None))


def test_the_mark_is_in_the_test_part_and_changes_nothing_but_itself(
    plain: Grounds, marked: Grounds, marked_row: int
) -> None:
    one, other = plain.open(), marked.open()
    assert marked_row in one.split.test
    assert np.array_equal(one.split.test, other.split.test)
    differ = [
        row
        for row in range(len(one.corpus.playlists))
        if not np.array_equal(one.corpus.playlists[row], other.corpus.playlists[row])
    ]
    assert differ == [marked_row]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_is_fitted_depends_on_a_test_playlist(
    plain: Grounds, marked: Grounds, name: str
) -> None:
    """All that a recommender holds is compared, to the byte."""
    fitted = []
    for grounds in (plain.open(), marked.open()):
        train = grounds.training(CUTTING.training_rows(grounds, 1.0))
        fitted.append(make(name).fit(train))
    assert pickle.dumps(fitted[0]) == pickle.dumps(fitted[1])
    if isinstance(fitted[0], Ranker):
        assert fitted[0].is_ordered_


def test_what_others_are_recommended_does_not_depend_on_it(
    plain: Grounds, marked: Grounds, marked_row: int, tmp_path: Path
) -> None:
    answers = []
    for number, grounds in enumerate((plain, marked)):
        folder = tmp_path / str(number)
        folder.mkdir()
        measure(Order(grounds, CUTTING, Task("playlists"), folder))
        names = ("lists_indptr", "lists_values")
        answers.append(Ragged(*(open_array(folder / f"{name}.npy") for name in names)))
    rows = CUTTING.cut(plain.open()).rows
    for place, row in enumerate(rows.tolist()):
        if row != marked_row:
            assert np.array_equal(answers[0][place], answers[1][place])
