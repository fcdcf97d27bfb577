import numpy as np

from model.columns import MODEL_COLUMNS
from model.exploration.wording import WORDS, characteristic, describe_centre


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
