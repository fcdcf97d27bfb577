import re

import numpy as np

from harvest.emulator.catalogue import noise


def test_a_name_s_number_does_not_depend_on_its_neighbours():
    assert noise.keys(["a", "b"])[1] == noise.keys(["b"])[0] == noise.key("b")


def test_uniform_draws_lie_in_0_to_1_and_are_spread_evenly():
    drawn = noise.uniform(noise.keys(f"track {i}" for i in range(20_000)), 1)
    assert 0 <= drawn.min() <= drawn.max() < 1
    # A tenth of 20,000 draws each, within five standard deviations: sqrt(20,000 * .1 * .9) = 42.
    assert abs(np.histogram(drawn, 10, (0, 1))[0] - 2000).max() < 5 * 42.5


def test_normal_draws_have_mean_0_and_deviation_1():
    drawn = noise.normal(noise.keys(f"track {i}" for i in range(20_000)), 1)
    assert abs(drawn.mean()) < 5 / np.sqrt(20_000)
    assert abs(drawn.std() - 1) < 0.03


def test_streams_of_one_name_differ_and_each_is_the_same_again():
    seeds = noise.keys(["a"])
    assert noise.uniform(seeds, 1) != noise.uniform(seeds, 2)
    assert noise.uniform(seeds, 1) == noise.uniform(seeds, 1)


def test_ids_are_of_spotify_s_form_and_all_different():
    ids = noise.random_ids(np.random.default_rng(0), 5000)
    assert len(set(ids)) == 5000
    assert all(re.fullmatch("[0-9A-Za-z]{22}", spotify_id) for spotify_id in ids)
