import numpy as np
from scipy.spatial.distance import pdist

from model.exploration.placing import spread_out


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
