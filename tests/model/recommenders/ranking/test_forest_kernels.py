import numpy as np
import pytest

from model.recommenders.ranking.forest_kernels import score_rows

NAN = np.nan


@pytest.mark.parametrize(
    ("row", "score"),
    [
        # Feature 1 up to 2 is leaf 0; above that, feature 0 up to -1 is leaf 1, else leaf 2.
        ([0.0, 2.0], 1.0),
        ([-1.0, 2.5], 10.0),
        ([-0.5, 2.5], 100.0),
        # Unknown goes left at the first split and right at the second.
        ([0.0, NAN], 1.0),
        ([NAN, 2.5], 100.0),
        ([np.inf, -np.inf], 1.0),
    ],
)
def test_a_row_goes_left_where_its_value_is_at_most_the_threshold(row, score):
    scores = np.empty(1)
    score_rows(
        np.array([0], np.int32),
        np.array([1, 0], np.int32),
        np.array([2, -1], np.float32),
        np.array([True, False]),
        np.array([[-1, 1], [-2, -3]], np.int32),
        np.array([1.0, 10.0, 100.0]),
        np.array([row], np.float32),
        scores,
    )
    assert scores.tolist() == [score]


def test_trees_are_added_up_and_one_without_a_split_says_the_same_of_all():
    scores = np.empty(2)
    score_rows(
        np.array([-1, 0], np.int32),
        np.array([0], np.int32),
        np.array([0], np.float32),
        np.array([False]),
        np.array([[-2, -3]], np.int32),
        np.array([0.5, 1.0, 2.0]),
        np.array([[0], [1]], np.float32),
        scores,
    )
    assert scores.tolist() == [1.5, 2.5]
