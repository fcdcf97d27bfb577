"""Suffixes: notes on a release, guests, concerts; or something of the song's own."""

import pytest

from harvest.texts.names import clean
from harvest.texts.title_notes import is_date, is_note


def says_note(text, *, is_bracketed=False):
    return is_note(text, clean(text).split(), is_bracketed=is_bracketed)


@pytest.mark.parametrize(
    "text",
    [
        "Remastered",
        "'99 Remaster",
        "24-Bit Remaster",
        "Remasterizado 2008",
        "Mono",
        "2004 Stereo Mix",
        "Radio Edit",
        "Deluxe Edition",
        "Bonus Track",
        "Live",
        "Live at Leeds, 1970",
        "1978 / Live at the Old Waldorf",
        "En Vivo Desde Madrid",
        "Recorded at Abbey Road",
        "feat. Somebody",
        "with The Band",
        "Original Motion Picture Soundtrack",
        "From \"A Film\"",
    ],
)  # fmt: skip
def test_notes_on_a_release_are_known_as_such(text):
    assert says_note(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Acoustic",
        "Acoustic Live",
        "Remix",
        "Kappa Remix",
        "Demo",
        "Karaoke Version",
        "Instrumental Version",
        "Part 2",
        "2011",
        "With You",
        "with Love",
        "Live Your Life",
        "From the Heart",
        "Version",
        "A Cover",
    ],
)
def test_other_recordings_and_words_of_the_title_are_no_notes(text):
    assert not says_note(text)


def test_single_word_is_a_note_behind_a_dash_and_a_part_of_the_title_in_brackets():
    assert says_note("Original")
    assert not says_note("Original", is_bracketed=True)


@pytest.mark.parametrize(
    ("words", "answer"),
    [(["1999"], True), (["25th"], True), (["3000"], False), (["1999", "x"], False), ([], False)],
)
def test_date_is_a_year_or_an_ordinal_alone(words, answer):
    assert is_date(words) is answer
