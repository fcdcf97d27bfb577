import numpy as np
from scipy.spatial.distance import pdist

from model.exploration.placing import share_out, spread_out, stack


def test_places_that_are_far_apart_stay() -> None:
    places = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    assert spread_out(places, least=9.0).tolist() == places.tolist()


def test_places_that_are_the_same_go_apart_and_their_middle_stays() -> None:
    places = np.zeros((5, 2))
    found = spread_out(places, least=4.0)
    assert pdist(found).min() > 3.9
    assert np.abs(found.mean(axis=0)).max() < 0.1


def test_many_places_in_a_heap_do_not_touch() -> None:
    places = np.random.default_rng(3).normal(0, 10, size=(50, 2))
    assert pdist(spread_out(places, least=8.0)).min() > 7.5


def test_one_place_and_none_are_given_back() -> None:
    assert spread_out(np.ones((1, 2)), least=4.0).tolist() == [[1.0, 1.0]]
    assert spread_out(np.empty((0, 2)), least=4.0).shape == (0, 2)


def test_heights_that_are_far_apart_stay_where_they_are() -> None:
    assert stack(np.array([5.0, 0.0, 10.0]), 5.0) == [5.0, 0.0, 10.0]


def test_heights_that_are_the_same_stand_around_their_place_in_their_order() -> None:
    assert stack(np.array([7.0, 7.0, 7.0]), 2.0) == [5.0, 7.0, 9.0]


def test_a_crowd_that_grows_into_the_next_moves_it_too() -> None:
    # 0, 0 and 3, 4 apart: -2, 2 and then 3 is too near; the three around their mean, 1.
    assert stack(np.array([0.0, 0.0, 3.0]), 4.0) == [-3.0, 1.0, 5.0]


def test_where_there_are_no_heights_none_are_given() -> None:
    assert stack(np.array([]), 2.0) == []


def test_thirty_places_share_eight_kinds_evenly_and_far_apart() -> None:
    places = np.column_stack([np.arange(30.0), np.zeros(30)])
    kinds = share_out(places, 8)
    assert sorted(np.bincount(kinds).tolist()) == [3, 3, 4, 4, 4, 4, 4, 4]
    assert all(kinds[:-1] != kinds[1:])


def test_few_places_have_a_kind_each() -> None:
    assert share_out(np.zeros((3, 2)), 8).tolist() == [0, 1, 2]
