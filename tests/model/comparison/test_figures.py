import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from model.comparison.figures import METRICS, Figures, score_lists
from model.comparison.task import Task
from model.ragged import Ragged


def test_figures_of_a_list_by_hand() -> None:
    # Songs 0 and 3 hidden, 0 found at place 2 of 3, with another song of 3's artist before it.
    artists = np.array([0, 1, 2, 1])
    found = score_lists(Ragged.of([[1, 0, 2]]), Ragged.of([[0, 3]]), artists, "code")[0]
    expected = {
        "r_precision": 0.625,  # (1 + 0.25) / 2
        "r_precision_tracks": 0.5,
        "ndcg": (1 / np.log2(3)) / (1 + 1 / np.log2(3)),
        "clicks": 0.0,
        "recall": 0.5,
    }
    assert dict(zip(METRICS, found, strict=True)) == pytest.approx(expected)


def test_ndcg_by_the_code_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    lists = Ragged.of(rng.permutation(700)[:500] for _ in range(20))
    truth = Ragged.of(rng.permutation(700)[:size] for size in range(1, 201, 10))
    ours = score_lists(lists, truth, np.arange(700), "code")[:, METRICS.index("ndcg")]
    for row in range(20):
        relevance, scores = np.zeros((1, 700)), np.zeros((1, 700))
        relevance[0, truth[row]] = 1
        scores[0, lists[row]] = np.arange(500, 0, -1)
        assert ours[row] == pytest.approx(ndcg_score(relevance, scores, k=500))


def test_playlists_are_grouped_by_category_and_all_together() -> None:
    figures = Figures((Task("als"),), np.array([2, 1, 2]), {})
    groups = {number: rows.tolist() for number, rows in figures.groups()}
    assert groups == {-1: [0, 1, 2], 1: [1], 2: [0, 2]}
