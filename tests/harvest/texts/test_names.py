"""Names: what is taken off, what stays, and the form in which names are compared."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.texts.names import clean, plain_artist, plain_title


@pytest.mark.parametrize(
    "suffix",
    [
        " - Remastered",
        " - Remastered 2011",
        " - 2009 Remaster",
        " - 2009 Digital Remaster",
        " (2009 Remastered Version)",
        " [Remastered]",
        " - Re-Mastered",
        " - Mono",
        " - Mono Version",
        " - Stereo",
        " - Radio Edit",
        " (Radio Edit)",
        " - Single Version",
        " - Album Version",
        " - Original Mix",
        " - Bonus Track",
        " - Live",
        " (Live)",
        " - Live at Wembley, 1986",
        " - Live In Paris / 2004",
        " - Ao Vivo",
        " (feat. Halsey)",
        " [feat. Halsey & Others]",
        " (with Rihanna)",
        " feat. Halsey",
        " ft. Halsey",
        " Featuring Halsey",
        " (feat. Halsey) - Radio Edit",
        " - 2003 - Remaster",
        " - From \"The Film\" Soundtrack",
        " (+ Bonus Track)",
    ],
)  # fmt: skip
def test_what_services_add_is_taken_off(suffix):
    assert plain_title(f"A Title{suffix}") == "A Title"


@pytest.mark.parametrize(
    "title",
    [
        "A Title",
        "A Title - Acoustic",
        "A Title - Kappa Remix",
        "A Title (Instrumental)",
        "A Title - Karaoke Version",
        "A Title - Demo",
        "A Title - Extended Mix",
        "A Title (Part 2)",
        "A Title, Pt. 2",
        "(I Can't Get No) Satisfaction",
        "Live and Let Die",
        "Live",
        "Mono",
        "Remastered",
        "(feat. Halsey)",
        "50 Ft Queenie",
        "Title (With You)",
        "Self-Control",
        "Year 3000",
        "1999",
        "",
        " ",
        "- Live",
        "a-b (c",
    ],
)
def test_what_belongs_to_a_title_stays(title):
    assert plain_title(title) == title


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("Closer (feat. Halsey) - R3hab Remix", "Closer - R3hab Remix"),
        ("Song - Acoustic - Live at Home", "Song - Acoustic"),
        ("Song (Part 2) [Remastered]", "Song (Part 2)"),
    ],
)
def test_notes_are_taken_off_around_what_stays(title, left):
    assert plain_title(title) == left


@pytest.mark.parametrize(
    ("artist", "left"),
    [
        ("Ludacris feat. Pharrell", "Ludacris"),
        ("Ludacris (feat. Pharrell)", "Ludacris"),
        ("Ludacris ft. Pharrell & More", "Ludacris"),
        ("Ludacris Featuring Pharrell", "Ludacris"),
        ("Simon & Garfunkel", "Simon & Garfunkel"),
        ("Earth, Wind & Fire", "Earth, Wind & Fire"),
        ("Little Feat", "Little Feat"),
        ("feat. Pharrell", "feat. Pharrell"),
        ("", ""),
    ],
)
def test_guests_of_an_artist_are_taken_off(artist, left):
    assert plain_artist(artist) == left


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Beyoncé", "BEYONCE"),
        ("Simon & Garfunkel", "Simon and Garfunkel"),
        ("Ke$ha", "Kesha"),
        ("R.E.M.", "REM"),
        ("Don't Stop", "Don’t  stop!"),
        ("Mötley Crüe", "Motley Crue"),
        ("Sigur Rós", "sigur ros"),
        ("Straße", "STRASSE"),
        ("Ｆｕｌｌ", "full"),
        ("Björk", "Bjo\u0308rk"),
        ("AC/DC", "AC-DC"),
        ("Ёлка", "Елка"),
        ("Замо\u0301к", "Замок"),
        ("Καλημέρα", "καλημερα"),
        ("ΐ", "ι"),
        ("Việt Nam", "Viet Nam"),
        ("Guns + Roses", "Guns & Roses"),
        ("& Juliet", "And Juliet"),
        ("1+1", "1 and 1"),
        ("C♯ Minor", "C# minor"),
        ("100%", "100 %"),
        ("I ❤ Radio", "I ❤\ufe0f Radio"),
        ("Song | Live ~ ©", "song live"),
        ("a\x00b\tc", "a b c"),
    ],
)
def test_spellings_of_one_name_have_one_clean_form(one, other):
    assert clean(one) == clean(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Я", "R"),
        ("東京", "京都"),
        ("!!!", "???"),
        ("Part 1", "Part 2"),
        ("Мой", "Мои"),
        ("Їжа", "Іжа"),
        ("Ўзро", "Узро"),
        ("ばか", "はか"),
        ("C#", "C"),
        ("C++", "C"),
        ("50%", "50"),
        ("+", "And"),
        ("+", "&"),
        ("&", "And"),
        ("+44", "44"),
        ("Disney+", "Disney"),
        ("A+", "A and"),
        ("I ♥ Radio", "I Radio"),
        ("£5", "$5"),
        ("98=2", "98<2"),
    ],
)
def test_different_names_have_different_clean_forms(one, other):
    assert clean(one) != clean(other)


def test_letters_of_every_script_stay():
    for name in ("夜に駆ける", "مرحبا", "שלום", "हिन्दी", "한국어"):
        assert clean(name).replace(" ", "") == name


@given(st.text())
def test_cleaning_twice_is_cleaning_once_in_case_and_spaces(name):
    assert clean(name) == clean(name.strip()) == " ".join(clean(name).split())
    assert bool(clean(name)) == bool(name.split())


@given(st.text(st.sampled_from("aB1 -–()[]feat.LiveRmxo"), max_size=40))
def test_taking_off_is_done_once_and_for_all_and_leaves_something(title):
    left = plain_title(title)
    assert plain_title(left) == left
    assert bool(left) == bool(title)
    artist = plain_artist(title)
    assert title.startswith(artist)
    assert bool(artist) == bool(title)


@pytest.mark.parametrize(
    "title", ["(" * 4_000, "a (" * 4_000, " - Live" * 4_000, "x (Live)" * 4_000, ". " * 8_000]
)
def test_long_names_take_no_longer_than_their_length_asks(title):
    start = time.process_time()
    plain_title(title), plain_artist(title), clean(title)
    assert time.process_time() - start < 5
