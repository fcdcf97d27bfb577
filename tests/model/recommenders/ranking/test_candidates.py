import numpy as np

from model.ragged import Ragged
from model.recommenders.ranking.candidates import Query, best_of, reciprocal_places
from model.recommenders.spreading import Weighted


def test_places_of_candidates_are_those_in_each_retriever_s_list():
    one = Weighted.of(Ragged.of([[5, 3], [1]]), np.array([2.0, 1.0, 1.0]), 6)
    other = Weighted.of(Ragged.of([[3], []]), np.array([1.0]), 6)
    query = Query(Ragged.of([[], []]), ["", ""], [one, other], Ragged.of([[3, 5, 0], [1]]))
    expected = [[1 / 62, 1 / 61], [1 / 61, 0], [0, 0], [1 / 61, 0]]
    assert np.allclose(reciprocal_places(query), expected)


def test_no_candidates_at_all_have_no_places():
    nothing = Weighted.nothing(1, 6)
    query = Query(Ragged.of([[]]), [""], [nothing], Ragged.of([[]]))
    assert reciprocal_places(query).shape == (0, 1)


def test_the_best_come_first_ties_by_number_and_lists_are_cut():
    rows, scores = Ragged.of([[4, 2, 9], [7]]), np.array([1.0, 1.0, 2.0, 0.0])
    best = best_of(rows, scores, np.array([2, 5]), 10)
    assert [best.lists[row].tolist() for row in range(2)] == [[9, 2], [7]]
    assert best.weights.tolist() == [2, 1, 0]
