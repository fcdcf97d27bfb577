import pytest

from model.recommenders.title_matcher import TitleMatcher
from model.recommenders.title_words import MOST_LETTERS, normalise, split_name, split_title


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Don't Stop", "dont stop"),
        ("ＣＨＩＬＬ　vibes", "chill vibes"),
        ("𝓵𝓸𝓿𝓮", "love"),
        ("naïve__café", "naive cafe"),
        ("👍🏿", "👍"),
        ("…", ""),
        ("a" * 500, "a" * MOST_LETTERS),
    ],
)
def test_names_come_into_one_spelling(title, expected):
    assert normalise(title) == expected


def test_spelling_twice_changes_nothing():
    for title in ("Beyoncé & Jay_Z!! 👏🏽", "ﬁne", "x" * 300):
        assert normalise(normalise(title)) == normalise(title)


def test_what_is_written_together_or_apart_shares_runs_of_letters():
    assert set(split_title("work out")) & set(split_title("Workouts")) >= {"<wor", "work", "kout"}
    assert split_name("!!") == []


def test_the_same_name_is_the_nearest_then_one_that_is_like_it():
    matcher = TitleMatcher().fit(["Workout", "Work out 2017", "Sleep", ""])
    near = matcher.match(["WORKOUT!", "", "zzz"], n=3)
    assert near.lists[0].tolist() == [0, 1]
    assert near.weights[0] == pytest.approx(1, abs=1e-5)
    assert near.lists.lengths.tolist() == [2, 0, 0]


def test_names_that_are_all_empty_match_nothing():
    matcher = TitleMatcher().fit(["", "!!"])
    assert len(matcher.match(["rock"], n=3).numbers) == 0
    assert TitleMatcher().fit(["rock"]).match([], n=3).lists.lengths.tolist() == []
