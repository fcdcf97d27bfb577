import time

import pytest

from harvest.sources.lists.entries import made_up_uri
from harvest.sources.lists.readings import BrokenFileError, NoPlaylistError
from harvest.sources.lists.xspf import read_xspf

ID = "4uLU6hMCjMI75M1A2tKUQC"
NS = 'version="1" xmlns="http://xspf.org/ns/0/"'
TRACK = "<creator>A</creator><title>B</title>"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE playlist [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    b"<playlist><title>&b;</title></playlist>"
)


def document(tracks, head="", attributes=NS):
    body = f"<playlist {attributes}>{head}<trackList>{tracks}</trackList></playlist>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode()


def only(content):
    (playlist,) = read_xspf(content, name="file").playlists
    return playlist


def test_a_playlist_is_read():
    head = "<title>Sommer &amp; See</title><annotation>x</annotation><date>2020-01-01</date>"
    track = (
        f"<location>file:///a.mp3</location><identifier>spotify:track:{ID}</identifier>"
        "<title>B</title><creator>A</creator><album>C</album><duration>271066</duration>"
    )
    playlist = only(document(f"<track>{track}</track>", head))
    assert (playlist.name, playlist.description) == ("Sommer & See", "x")
    assert playlist.modified_at == 1_577_836_800
    (found,) = playlist.tracks
    assert found.track_uri == f"spotify:track:{ID}"
    assert (found.artist_name, found.track_name, found.album_name) == ("A", "B", "C")
    assert found.duration_ms == 271_066


@pytest.mark.parametrize(
    "attributes", ["", 'version="0"', 'xmlns="http://xspf.org/ns/0/" xmlns:v="urn:vlc"']
)
def test_the_namespace_may_be_absent(attributes):
    assert len(only(document(f"<track>{TRACK}</track>", attributes=attributes)).tracks) == 1


def test_a_prefix_is_as_good():
    content = (
        f'<x:playlist xmlns:x="http://xspf.org/ns/0/"><x:trackList><x:track><x:location>'
        f"https://open.spotify.com/intl-fr/track/{ID}?si=1</x:location></x:track></x:trackList>"
        "</x:playlist>"
    )
    assert only(content.encode()).tracks[0].track_uri == f"spotify:track:{ID}"


def test_what_others_put_in_is_passed_over():
    extension = (
        '<extension application="urn:vlc"><v:id xmlns:v="urn:vlc">0</v:id><title>no</title>'
        "</extension>"
    )
    (track,) = only(document(f"<track>{TRACK}{extension}</track>", extension)).tracks
    assert track.track_name == "B"


def test_names_may_stand_in_the_title_or_in_the_file():
    tracks = (
        "<track><title>A - B</title></track>"
        "<track><location>file:///C%20-%20D.mp3</location></track>"
        "<track><title>F</title><location>E%20-%20F.mp3</location></track>"
    )
    assert [t.track_uri for t in only(document(tracks)).tracks[:2]] == [
        made_up_uri("track", "A", "B"),
        made_up_uri("track", "C", "D"),
    ]


def test_an_empty_track_was_removed():
    assert read_xspf(document("<track/>"), name="x").tallies == {"removed": 1}


def test_the_declared_encoding_counts():
    content = document(f"<track>{TRACK}</track>", "<title>Jóga</title>").decode()
    latin = content.replace("UTF-8", "ISO-8859-1").encode("latin-1")
    assert only(latin).name == "Jóga"
    assert only(content.replace("UTF-8", "UTF-16").encode("utf-16")).name == "Jóga"


@pytest.mark.parametrize("encode", [bytes, lambda b: b.decode().encode("utf-16")])
def test_a_bomb_is_refused_before_it_is_expanded(encode):
    with pytest.raises(BrokenFileError, match="document type"):
        read_xspf(encode(BOMB), name="x")


def test_a_cut_file_is_broken():
    with pytest.raises(BrokenFileError, match="not well-formed"):
        read_xspf(document("<track>")[:-5], name="x")


def test_elements_a_million_deep_are_passed_over_in_no_time():
    # A copy of the path for each element would take 10^12 steps.
    deep = "<a>" * 10**6 + "</a>" * 10**6
    start = time.process_time()
    (track,) = only(document(f"<track>{TRACK}{deep}</track>")).tracks
    assert time.process_time() - start < 10
    assert track.track_name == "B"


@pytest.mark.parametrize("content", [b"<html/>", b'<playlist xmlns="urn:other"/>'])
def test_other_xml_is_no_playlist(content):
    with pytest.raises(NoPlaylistError, match="XML of another kind"):
        read_xspf(content, name="x")


@pytest.mark.parametrize("encoding", ["Shift_JIS", "GB18030", "UTF-9", "rot13", "idna"])
def test_an_encoding_that_cannot_be_read_is_said(encoding):
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    with pytest.raises(BrokenFileError, match="encoding"):
        read_xspf(f"{head}<playlist><title>\xe9</title></playlist>".encode("latin-1"), name="x")
