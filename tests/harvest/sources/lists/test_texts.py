import pytest

from harvest.sources.lists.texts import artist_and_title, names_in, unix_seconds


@pytest.mark.parametrize(
    ("location", "names"),
    [
        ("/music/Nina Simone - Sinnerman.flac", ("Nina Simone", "Sinnerman")),
        (r"D:\Music\01. Nina Simone – Sinnerman.mp3", ("Nina Simone", "Sinnerman")),
        ("01 Nina Simone - Sinnerman.mp3", ("Nina Simone", "Sinnerman")),
        ("10 cc - I'm Not in Love.mp3", ("10 cc", "I'm Not in Love")),
        ("file:///a/Bj%C3%B6rk%20-%20J%C3%B3ga.ogg", ("Björk", "Jóga")),
        ("a/Bj%C3%B6rk%20-%20J%C3%B3ga.ogg", ("Björk", "Jóga")),
        ("X - 100%20.mp3", ("X", "100%20")),
        ("Sum 41 - Still Waiting.mp3", ("Sum 41", "Still Waiting")),
        ("Sinnerman.mp3", ("", "")),
        ("311 - Down.mp3", ("311", "Down")),
        ("112 - Cupid.flac", ("112", "Cupid")),
        ("112 - Nina Simone - Sinnerman.mp3", ("Nina Simone", "Sinnerman")),
        ("07 - Intro.mp3", ("", "")),
        ("12 - Intro.mp3", ("", "")),
        ("1-04 Intro.mp3", ("", "")),
        ("007 - Intro.mp3", ("", "")),
        ("1975 - Song.mp3", ("1975", "Song")),
        ("Pink Floyd - 02 - The Thin Ice.flac", ("Pink Floyd", "The Thin Ice")),
        ("Pink Floyd - The Wall - 01 - In the Flesh.mp3", ("Pink Floyd", "In the Flesh")),
        ("1-04 Pink Floyd - Goodbye.mp3", ("Pink Floyd", "Goodbye")),
        ("1-04 - Pink Floyd - Goodbye.mp3", ("Pink Floyd", "Goodbye")),
        ("A1. Pink Floyd - Hey You.mp3", ("Pink Floyd", "Hey You")),
        ("A1 - Like a Rose.mp3", ("A1", "Like a Rose")),
        ("Adele - 21 - 03 - Turning Tables.mp3", ("Adele", "Turning Tables")),
        ("Toto - 99.mp3", ("Toto", "99")),
        ("http://[broken/a - b.mp3", ("", "")),
    ],
)
def test_a_file_is_named_by_artist_and_title_or_not(location, names):
    assert names_in(location) == names


def test_the_first_dash_parts_artist_and_title():
    assert artist_and_title("A-ha – Take On Me - Live") == ("A-ha", "Take On Me - Live")


@pytest.mark.parametrize("dash", "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d")
@pytest.mark.parametrize("space", [" ", "\u00a0", "\u3000", "  "])
def test_any_dash_between_any_white_space_parts_artist_and_title(dash, space):
    assert artist_and_title(f"A-ha{space}{dash}{space}Take On Me") == ("A-ha", "Take On Me")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Nina Simone\u2014Sinnerman", ("Nina Simone", "Sinnerman")),
        ("Wait\u2014What\u2014Who", ("", "Wait\u2014What\u2014Who")),
        ("Nina\u2014Simone - Sinnerman", ("Nina\u2014Simone", "Sinnerman")),
        ("Sinnerman\u2014", ("", "Sinnerman\u2014")),
        ("A-ha", ("", "A-ha")),
        ("1999\u20132004", ("", "1999\u20132004")),
    ],
)
def test_without_white_space_one_em_dash_alone_parts(text, names):
    assert artist_and_title(text) == names


@pytest.mark.parametrize("text", [None, 5, "", "yesterday", "9999-01-01", "0001-01-01"])
def test_what_is_no_time_is_unknown(text):
    assert unix_seconds(text) == 0


def test_a_zone_is_heeded():
    assert unix_seconds("1970-01-01T02:00:00+01:00") == 3600
