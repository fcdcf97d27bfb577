import math

import numpy as np
import pytest

from model.library.songs import Library
from model.making import scores
from model.making.profile import predicted_followers, profile


def test_a_list_is_aggregated_and_compared_with_similar_playlists(library: Library) -> None:
    near = scores.similar_playlists(library, np.array([4]))
    found = profile(library, np.array([4, 0, 3]), near)
    energy = {name: (own, other) for name, own, other in found.named()}["energy"]
    assert found.n_with_features == 2
    assert energy[0] == pytest.approx((0.1 + 0.5) / 2)
    # Playlists 1 and 2 hold song 4, each with two songs of .5.
    assert energy[1] == pytest.approx(1.1 / 3)
    assert found.similar_followers == (5 + 40) / 2


def test_too_few_playlists_predict_no_followers(library: Library) -> None:
    assert math.isnan(predicted_followers(library, np.zeros((1, 12)))[0])


def test_nothing_is_known_of_songs_without_features(library: Library) -> None:
    near = scores.similar_playlists(library, np.array([4]))
    assert not profile(library, np.array([3]), near).is_known
