from math import hypot, log

import pytest

from model.recommenders.title_matcher import TitleMatcher

RARE = 1 + log(3 / 2)
"""Weight of a word that one of two names holds; of one that both hold, 1."""


@pytest.fixture(scope="module")
def words():
    return TitleMatcher(str.split).fit(["a b", "a c"])


def test_names_are_as_close_as_the_cosine_of_their_weighted_words(words):
    found = words.match(["b", "a", "a c"], n=2)
    length = hypot(1, RARE)
    assert found.lists[0].tolist() == [0]
    assert found.lists[1].tolist() == [0, 1]
    assert found.lists[2].tolist() == [1, 0]
    expected = [RARE / length, 1 / length, 1 / length, 1, 1 / length**2]
    assert found.weights == pytest.approx(expected, rel=1e-6)


def test_a_name_of_which_nothing_is_known_is_like_none(words):
    assert words.match(["z", ""], n=2).lists.lengths.tolist() == [0, 0]
    assert words.transform(["z", "b"]).sum(axis=1) == pytest.approx([0, 1])


def test_spelling_and_signs_do_not_part_names():
    found = TitleMatcher().fit(["Sleep", "Work Out!!"]).match(["WORK  OUT"], n=1)
    assert found.lists[0].tolist() == [1]
    assert found.weights == pytest.approx([1])


@pytest.mark.parametrize("names", [[], ["", "!!"]], ids=["none", "empty"])
def test_where_no_name_says_anything_nothing_matches(names):
    matcher = TitleMatcher().fit(names)
    assert matcher.match(["rock", ""], n=3).lists.lengths.tolist() == [0, 0]
    assert matcher.transform(["rock"]).shape == (1, 1)
