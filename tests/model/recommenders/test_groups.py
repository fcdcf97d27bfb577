from dataclasses import replace

import numpy as np
import pytest

from model.recommenders.groups import Groups, groups_of


def test_groups_are_counted_by_the_highest_number():
    assert Groups.of(np.array([0, -1, 4])).n == 5
    assert Groups.of(np.array([], dtype=np.int64)).n == 0


@pytest.mark.parametrize("level", ["albums", "artists"])
def test_songs_are_of_the_groups_that_are_known(handful, level):
    known = np.array([0, 0, 1, -1, 1, 2, 2, 2])
    groups = groups_of(replace(handful, **{level: known}), level)
    assert groups.of_songs.tolist() == known.tolist()
    assert groups.n == 3


@pytest.mark.parametrize("level", ["albums", "artists"])
def test_where_none_are_known_songs_are_of_none(handful, level):
    groups = groups_of(replace(handful, **{level: None}), level)
    assert groups.of_songs.tolist() == [-1] * 8
    assert groups.n == 0


def test_songs_are_groups_of_their_own(handful):
    groups = groups_of(handful, "songs")
    assert groups.of_songs.tolist() == list(range(8))
    assert groups.n == 8
