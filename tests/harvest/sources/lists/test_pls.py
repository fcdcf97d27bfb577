import time

import pytest

from harvest.sources.lists.formats import read_list
from harvest.sources.lists.pls import is_pls, read_pls

ID = "4uLU6hMCjMI75M1A2tKUQC"


def only(text):
    (playlist,) = read_pls(text, name="file").playlists
    return playlist


def names(text):
    return [(track.artist_name, track.track_name) for track in only(text).tracks]


def test_what_winamp_writes_is_read():
    content = (
        "[playlist]\r\n"
        "File1=C:\\Music\\Radiohead\\03 Nude.mp3\r\nTitle1=Radiohead - Nude\r\nLength1=255\r\n"
        "File2=http://radio.example/stream\r\nTitle2=Björk - Jóga\r\nLength2=-1\r\n"
        "NumberOfEntries=2\r\nVersion=2\r\n"
    )
    (playlist,) = read_list(content.encode(), name="Summer").playlists
    assert playlist.name == "Summer"
    assert [(t.artist_name, t.track_name, t.duration_ms) for t in playlist.tracks] == [
        ("Radiohead", "Nude", 255_000),
        ("Björk", "Jóga", 0),
    ]


def test_what_rhythmbox_writes_has_its_name():
    playlist = only(
        "[playlist]\nX-GNOME-Title=Rain\nNumberOfEntries=1\n"
        "File1=file:///music/03%20-%20Nina%20Simone%20-%20Sinnerman.mp3\nTitle1=Sinnerman\n"
    )
    assert playlist.name == "Rain"
    (track,) = playlist.tracks
    assert (track.artist_name, track.track_name) == ("Nina Simone", "Sinnerman")


def test_numbers_give_the_order_and_may_be_missing():
    text = "[Playlist]\nTitle10=A - J\nfile2=A - B.mp3\nTITLE10 = C - D\nFile10=x.mp3\n"
    assert names(text) == [("A", "B"), ("A", "J")]


def test_an_address_of_spotify_is_read():
    (track,) = only(f"[playlist]\nFile1=spotify:track:{ID}\nTitle1=Nude\nLength1=x").tracks
    assert (track.track_uri, track.track_name, track.duration_ms) == (
        f"spotify:track:{ID}",
        "Nude",
        0,
    )


def test_entries_without_artist_and_title_are_counted():
    reading = read_pls("[playlist]\nFile1=http://radio.example\nTitle2=Intro\n", name="x")
    assert reading.tallies == {"nameless": 2}


@pytest.mark.parametrize("text", ["", "[playlist] A - B.mp3\n", "x\n[playlist]\n", "[playlists]\n"])
def test_other_texts_are_none(text):
    assert not is_pls(text)


def test_a_long_line_takes_no_time():
    started = time.process_time()
    assert names(f"[playlist]\n{' ' * 10**6}x\nTitle1=A - {'b' * 10**6}\n") == [("A", "b" * 10**6)]
    assert time.process_time() - started < 2
