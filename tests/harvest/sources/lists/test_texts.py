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
        ("Sum 41 - Still Waiting.mp3", ("Sum 41", "Still Waiting")),
        ("Sinnerman.mp3", ("", "")),
        ("http://[broken/a - b.mp3", ("", "")),
    ],
)
def test_a_file_is_named_by_artist_and_title_or_not(location, names):
    assert names_in(location) == names


def test_the_first_dash_parts_artist_and_title():
    assert artist_and_title("A-ha – Take On Me - Live") == ("A-ha", "Take On Me - Live")


@pytest.mark.parametrize("text", [None, 5, "", "yesterday", "9999-01-01", "0001-01-01"])
def test_what_is_no_time_is_unknown(text):
    assert unix_seconds(text) == 0


def test_a_zone_is_heeded():
    assert unix_seconds("1970-01-01T02:00:00+01:00") == 3600
