import numpy as np

from model.columns import MODEL_COLUMNS
from model.exploration.wording import WORDS, characteristic, describe_centre, distinctive


def test_every_feature_of_a_playlist_has_its_words() -> None:
    assert tuple(WORDS) == MODEL_COLUMNS


def test_the_farthest_feature_is_named_first_and_no_more_than_four() -> None:
    distances = np.array([0.6, -0.7, 0.8, 0.9, 0.0, 0, 0, 0, 0, -3.0, 0.4, 0])
    assert describe_centre(MODEL_COLUMNS, distances) == "quiet, acoustic, wordy, calm"


def test_what_is_frequent_everywhere_characterises_nothing() -> None:
    # "chill" is two in three of both groups.
    counts = np.array([[8.0, 4.0, 0.0], [8.0, 0.0, 4.0]])
    assert characteristic(counts, ["chill", "rap", "jazz"], n=3) == [["rap"], ["jazz"]]


def test_a_name_that_occurs_twice_is_too_rare_to_stand_for_a_group() -> None:
    counts = np.array([[2.0, 9.0], [0.0, 30.0]])
    assert characteristic(counts, ["odd", "rap"], n=3) == [[], ["rap"]]


def test_an_empty_group_and_an_empty_name_are_passed_over() -> None:
    counts = np.array([[0.0, 0.0], [5.0, 9.0], [9.0, 5.0]])
    assert characteristic(counts, ["", "rap"], n=3) == [[], ["rap"], []]


def test_what_a_twentieth_of_the_members_hold_is_told_and_less_is_not() -> None:
    held, sizes = np.array([[5.0, 4.0], [0.0, 0.0]]), np.array([100, 100])
    assert distinctive(held, sizes, ["jazz", "odd"], n=3) == [["jazz\u00a05\u00a0%\u00a0×2.0"], []]


def test_what_most_members_hold_comes_before_what_is_merely_rare_elsewhere() -> None:
    # p ln(p / q): 0.8 ln 1.6 = 0.38, 0.3 ln 2 = 0.21.
    held, sizes = np.array([[3.0, 8.0], [0.0, 2.0]]), np.array([10, 10])
    assert distinctive(held, sizes, ["rare", "rock"], n=3)[0] == [
        "rock\u00a080\u00a0%\u00a0×1.6",
        "rare\u00a030\u00a0%\u00a0×2.0",
    ]


def test_an_empty_group_holds_nothing() -> None:
    assert distinctive(np.zeros((1, 2)), np.array([0]), ["a", "b"], n=3) == [[]]
