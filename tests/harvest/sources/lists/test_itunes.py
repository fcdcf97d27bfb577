import plistlib

import pytest

from harvest.sources.lists.entries import made_up_uri
from harvest.sources.lists.formats import read_list
from harvest.sources.lists.itunes import read_itunes
from harvest.sources.lists.readings import BrokenFileError, NoPlaylistError

SONGS = {
    "1": {"Track ID": 1, "Name": "Jóga", "Artist": "Björk", "Album": "LP", "Total Time": 305_000},
    "2": {"Track ID": 2, "Name": "Intro"},
    "3": {"Track ID": 3, "Name": "E", "Artist": "P", "Podcast": True},
}
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'
DOCTYPE = (
    b'<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" '
    b'"http://www.apple.com/DTDs/PropertyList-1.0.dtd"'
)


def playlist(name, *numbers, **changes):
    return {"Name": name, "Playlist Items": [{"Track ID": n} for n in numbers]} | changes


def library(*playlists):
    return plistlib.dumps({"Tracks": SONGS, "Playlists": list(playlists)})


def test_a_library_is_told_by_its_content_and_its_playlists_are_read():
    reading = read_list(library(playlist("Road", 1, 1), playlist("Rain", 1)), name="Library")
    assert [(each.name, len(each.tracks)) for each in reading.playlists] == [
        ("Road", 2),
        ("Rain", 1),
    ]
    track = reading.playlists[0].tracks[0]
    assert track.track_uri == made_up_uri("track", "Björk", "Jóga")
    assert (track.album_name, track.duration_ms) == ("LP", 305_000)


def test_what_is_no_song_is_counted():
    reading = read_itunes(library(playlist("Road", 1, 2, 3, 4)))
    assert len(reading.playlists[0].tracks) == 1
    assert reading.tallies == {"nameless": 1, "episodes": 1, "removed": 1}


def test_the_whole_library_folders_and_what_itunes_makes_are_no_playlists():
    made = ({"Master": True}, {"Folder": True}, {"Distinguished Kind": 2})
    reading = read_itunes(library(*(playlist("X", 1, **each) for each in made)))
    assert reading.playlists == []
    assert reading.notes == ["it is a library of iTunes without a playlist of your own"]


def test_the_document_type_that_apple_declares_is_no_reason_to_refuse():
    content = library(playlist("Road", 1))
    assert DOCTYPE.split(b'"')[0].strip() in content
    assert read_itunes(content).playlists


@pytest.mark.parametrize("kind", [b'<!ENTITY a "b">', b'<!ENTITY a SYSTEM "file:///etc/passwd">'])
def test_a_declared_entity_is_refused(kind):
    content = HEAD + DOCTYPE + b" [" + kind + b"]><plist><dict><key>&a;</key></dict></plist>"
    with pytest.raises(BrokenFileError, match="entity declarations are not supported"):
        read_list(content, name="x")


@pytest.mark.parametrize(
    "inside",
    [
        b"<dict>",
        b"<dict><integer>1</integer></dict>",
        b"<dict><key>a</key><date>soon</date></dict>",
        b"<dict><key>a</key><integer>x</integer></dict>",
        b"<dict><key>a</key><data>x</data></dict>",
        b"<key>a</key>",
        b"<array><key>a</key></array>",
        b"",
    ],
)
def test_a_property_list_that_is_amiss_is_broken_or_another(inside):
    with pytest.raises((BrokenFileError, NoPlaylistError), match="property list"):
        read_itunes(HEAD + b"<plist>" + inside + b"</plist>")


@pytest.mark.parametrize("root", [[], {}, {"Tracks": []}, "x"])
def test_another_property_list_is_no_library(root):
    with pytest.raises(NoPlaylistError, match="no library of iTunes"):
        read_itunes(plistlib.dumps(root))


@pytest.mark.parametrize(
    "odd", [{"Playlists": 5}, {"Playlists": [5]}, {"Playlists": [{"Playlist Items": 5, "Name": 1}]}]
)
def test_odd_values_are_as_if_absent(odd):
    reading = read_itunes(plistlib.dumps({"Tracks": SONGS} | odd))
    assert all(not each.tracks for each in reading.playlists)


def test_elements_nested_without_end_are_no_danger():
    n = 200_000
    content = HEAD + b"<plist>" + b"<array>" * n + b"</array>" * n + b"</plist>"
    with pytest.raises(NoPlaylistError):
        read_itunes(content)
