import numpy as np

from model.making.sparse import Scored

FOUND = Scored(np.array([1, 4, 5, 9]), np.array([2.0, 1.0, 4.0, 1.0]))


def test_weights_of_equal_numbers_are_added_and_none_is_kept_that_comes_to_nothing() -> None:
    found = Scored.summed(np.array([7, 2, 7, 5]), np.array([1.0, 4.0, 2.0, 0.0]))
    assert found.numbers.tolist() == [2, 7]
    assert found.scores.tolist() == [4.0, 3.0]


def test_ties_for_the_last_place_go_to_the_lower_number() -> None:
    assert FOUND.best(3).numbers.tolist() == [1, 4, 5]
    assert FOUND.best(2).scores.tolist() == [2.0, 4.0]
    assert FOUND.best(9) is FOUND


def test_numbers_are_ranked_by_score_then_number() -> None:
    assert FOUND.ranked().tolist() == [5, 1, 4, 9]


def test_the_highest_score_is_brought_to_a_weight() -> None:
    assert FOUND.scaled(0.5).scores.tolist() == [0.25, 0.125, 0.5, 0.125]
    nothing = FOUND.where(FOUND.scores > 4)
    assert len(nothing.scaled(0.5)) == 0
