import time

import pytest

from harvest.sources.credits import are_credited, words_of

JOINTS = [
    ", ", " & ", " and ", " And ", "/", " / ", ";", "; ", " + ", " x ", " X ", " × ", " vs ",
    " vs. ", " feat. ", " feat ", " ft. ", " ft ", " Featuring ", " with ", " (feat. ", " [with ",
]  # fmt: skip


@pytest.mark.parametrize("joint", JOINTS)
def test_two_artists_are_told_however_they_are_joined_and_in_either_order(joint):
    for wanted in (f"Alpha Ä{joint}Beta", f"Beta{joint}ALPHA A"):
        assert are_credited(wanted, ["Alpha Ä", "Beta"])
        assert are_credited(wanted, ["Beta", "Alpha Ä", "Gamma"])


@pytest.mark.parametrize(
    "wanted", ["A1, B1 and C1", "C1 & A1 feat. B1", "B1/A1", "A1", "A1; C1, B1"]
)
def test_the_first_artists_up_to_all_are_enough(wanted):
    assert are_credited(wanted, ["A1", "B1", "C1"])


@pytest.mark.parametrize(
    "wanted",
    [
        "B1",
        "B1 & C1",
        "A1 & C1",
        "A1 & D1",
        "A1 & A1",
        "A1 & B1 & C1 & D1",
        "A1 & B",
        "",
        "&",
        "A1 C1",
    ],
)
def test_nobody_before_one_who_is_named_is_left_out_and_nobody_added(wanted):
    assert not are_credited(wanted, ["A1", "B1", "C1"])


@pytest.mark.parametrize(
    ("wanted", "artists"),
    [
        ("Earth, Wind & Fire", ["Earth, Wind & Fire"]),
        (
            "Earth, Wind and Fire feat. Tyler, The Creator",
            ["Tyler, The Creator", "Earth, Wind & Fire"],
        ),
        ("AC/DC & X", ["AC/DC", "X"]),
        ("X x X Ambassadors", ["X Ambassadors", "X"]),
        ("+ & Alpha", ["Alpha", "+"]),
        ("Ａｌｐｈａ ＆ Ｂｅｔａ", ["Alpha", "Beta"]),
        ("Tones and I", ["Tones And I"]),
        ("With & Vs.", ["With", "Vs."]),
    ],
)
def test_a_name_may_have_joints_of_its_own(wanted, artists):
    assert are_credited(wanted, artists)


def test_where_nobody_is_credited_nobody_is_named():
    assert not are_credited("Alpha", [])


def test_what_joins_names_is_not_searched_for_unless_there_is_nothing_else():
    assert words_of("Alpha vs. Beta and Gamma/Delta") == "Alpha Beta Gamma Delta"
    assert words_of("&") == "&"


def test_long_texts_of_joints_take_no_time():
    start = time.process_time()
    many = ["a"] * 20 + ["a a"] * 20
    for wanted in (" & ".join(["a"] * 16 + ["b"]), " & " * 5_000, "a, " * 16, " feat. " * 5_000):
        are_credited(wanted, many)
    assert time.process_time() - start < 5
