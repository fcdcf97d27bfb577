"""Artists of nearly the same name."""

import pytest

from harvest.matching import artists
from harvest.matching.artists import LEADER, SAME, ArtistIndex, leader, squash


def find(name, *others):
    return ArtistIndex(dict(enumerate(others))).find(name)


@pytest.mark.parametrize(
    ("name", "other", "score"),
    [
        ("black eyed peas", "the black eyed peas", SAME),
        ("simon and garfunkel", "garfunkel and simon", SAME),
        ("mello kings", "mellokings", SAME),
        ("bob marley and the wailers", "bob marley", LEADER),
        ("bob marley", "bob marley and the wailers", LEADER),
        ("captain and tenille", "captain and tennille", 1 - 1 / 15),
        ("metalica", "metallica", 1 - 1 / 9),
        ("metallcia", "metallica", 1 - 1 / 9),
    ],
)
def test_near_names_are_found_with_their_score(name, other, score):
    assert find(name, "somebody else", other) == {1: pytest.approx(score)}
    assert find(other, "somebody else", name) == {1: pytest.approx(score)}


@pytest.mark.parametrize(
    ("name", "other"),
    [("nas", "nav"), ("blink 182", "blink 183"), ("metalica", "metallicas"), ("abba", "queen")],
)
def test_names_that_are_further_apart_are_not_found(name, other):
    assert find(name, other) == {}


def test_best_come_first_and_their_number_is_bounded(monkeypatch):
    monkeypatch.setattr(artists, "MAX_ARTISTS", 2)
    found = find("metallica", "metalica", "metallica and lulu", "metallica", "metallicas")
    assert list(found.items()) == [(2, SAME), (1, LEADER)]


def test_names_of_any_length_are_looked_up_under_few_keys():
    assert find("x" * 10_000, "x" * 9_999) == {}
    assert find("x" * 10_000, "x" * 10_000) == {0: SAME}


def test_names_of_small_words_alone_keep_them():
    assert (squash("the the"), squash("and")) == ("thethe", "and")
    assert (leader("and also the trees"), leader("x and y vs z")) == ("", "x")
