"""Two spellings of one title, or two titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.matching.spelling import are_rare, canonical, slips

titles = st.lists(
    st.sampled_from(
        ["love", "heartbreak", "hartbreak", "hotel", "part", "1", "2", "live", "girls"]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)


@pytest.mark.parametrize(
    ("title", "spelt"),
    [
        ("lovin u", "loving you"),
        ("part ii", "part 2"),
        ("part i", "part 1"),
        ("i love", "i love"),
        ("the end", "end"),
        ("the the", "the the"),
        ("gonna make it", "going to make it"),
        ("vol v", "volume 5"),
        ("", ""),
    ],
)
def test_common_spellings_are_written_in_one_way(title, spelt):
    assert canonical(title) == spelt


@given(titles, titles)
def test_slips_are_the_same_seen_from_either_side(first, second):
    there, back = slips(first, second), slips(second, first)
    assert (there is None) == (back is None)
    assert there is None or [(b, a) for a, b in there] == back


@given(titles)
def test_title_has_no_slips_against_itself(title):
    assert slips(title, title) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("song part 1", "song part 2"),
        ("my love", "your love"),
        ("song", "song live"),
        ("song remix", "song demo"),
        ("one day", "day one"),
        ("girl", "girls"),
        ("loco", "loca"),
        ("cat", "bat"),
        ("song 1999", "song 1998"),
        ("a very long title", "a very long other title"),
    ],
)
def test_other_songs_are_told_apart(first, second):
    assert slips(first, second) is None


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("hartbreak hotel", "heartbreak hotel", [("hartbreak", "heartbreak")]),
        ("flash light", "flashlight", []),
        ("wichita sutra vortex", "wichita vortex sutra", []),
        ("recieve", "receive", [("recieve", "receive")]),
    ],
)
def test_slips_of_the_pen_are_found(first, second, found):
    assert slips(first, second) == found


@pytest.mark.parametrize(
    ("rarer", "commoner", "answer"), [(2, 3, True), (3, 149, False), (3, 150, True), (0, 0, True)]
)
def test_one_of_two_words_has_to_be_rare(rarer, commoner, answer):
    # rare is 2 titles or fewer, or 50 times fewer than the other word's: 3 * 50 = 150
    assert are_rare([("a", "b")], {"a": rarer, "b": commoner}) is answer


def test_each_pair_has_to_have_a_rare_word():
    assert not are_rare([("x", "y"), ("a", "b")], {"a": 9, "b": 9})
    assert are_rare([], {})
