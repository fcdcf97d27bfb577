import pytest

from harvest.sources.lists.formats import read_list
from harvest.sources.lists.readings import BrokenFileError

ID = "4uLU6hMCjMI75M1A2tKUQC"
SONGS = (
    '<TRACK TrackID="7" Name="Nude" Artist="Radiohead" Album="In Rainbows" TotalTime="255"'
    ' Location="file://localhost/C:/Music/03%20Nude.mp3"><TEMPO Inizio="0.1" Bpm="128.00"/></TRACK>'
    '<TRACK TrackID="8" Name="" Artist=""'
    ' Location="file://localhost/C:/Bj%C3%B6rk%20-%20J%C3%B3ga.mp3"/>'
    f'<TRACK TrackID="9" Name="T" Artist="A" Location="file://localhostspotify:track:{ID}"/>'
)


def collection(nodes, *, before=""):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{before}<DJ_PLAYLISTS Version="1.0.0">'
        '<PRODUCT Name="rekordbox" Version="6.8.5" Company="AlphaTheta"/>'
        f'<COLLECTION Entries="3">{SONGS}</COLLECTION>'
        f'<PLAYLISTS><NODE Type="0" Name="ROOT" Count="1">{nodes}</NODE></PLAYLISTS></DJ_PLAYLISTS>'
    ).encode()


def read(nodes, **rest):
    return read_list(collection(nodes, **rest), name="file")


def test_playlists_are_read_in_folders_too():
    reading = read(
        '<NODE Name="Summer" Type="1" KeyType="0"><TRACK Key="8"/><TRACK Key="7"/></NODE>'
        '<NODE Name="Folder" Type="0" Count="1">'
        '<NODE Name="Night" Type="1" KeyType="0" Entries="1"><TRACK Key="9"/></NODE></NODE>'
    )
    assert [(p.name, [t.track_name for t in p.tracks]) for p in reading.playlists] == [
        ("Summer", ["Jóga", "Nude"]),
        ("Night", ["T"]),
    ]
    joga, nude = reading.playlists[0].tracks
    assert (joga.artist_name, nude.album_name, nude.duration_ms) == (
        "Björk",
        "In Rainbows",
        255_000,
    )
    assert reading.playlists[1].tracks[0].track_uri == f"spotify:track:{ID}"


def test_songs_may_be_named_by_where_they_lie():
    place = "file://localhost/C:/Music/03%20Nude.mp3"
    reading = read(f'<NODE Name="L" Type="1" KeyType="1"><TRACK Key="{place}"/></NODE>')
    assert [track.track_name for track in reading.playlists[0].tracks] == ["Nude"]


def test_songs_that_are_not_in_the_collection_are_counted():
    reading = read('<NODE Name="L" Type="1" KeyType="0"><TRACK Key="1"/><TRACK/></NODE>')
    assert reading.tallies == {"removed": 2}


def test_a_collection_without_a_playlist_is_told_of():
    reading = read("")
    assert not reading.playlists
    assert reading.notes == ["it is a collection of rekordbox without a playlist"]


def test_a_document_type_is_refused():
    bomb = '<!-- x --><!DOCTYPE DJ_PLAYLISTS [<!ENTITY a "b">]>'
    with pytest.raises(BrokenFileError, match="declares a document type"):
        read("", before=bomb)


def test_what_it_writes_as_text_is_a_table():
    text = (
        "#\tArtwork\tTrack Title\tArtist\tAlbum\tGenre\tBPM\tRating\tTime\tKey\tDate Added\r\n"
        "1\t\tNude\tRadiohead\tIn Rainbows\tRock\t128.00\t     \t04:15\tDm\t2020-01-02\r\n"
    )
    (playlist,) = read_list(text.encode("utf-16"), name="Summer").playlists
    (track,) = playlist.tracks
    assert (playlist.name, track.artist_name, track.track_name) == ("Summer", "Radiohead", "Nude")
    assert track.duration_ms == 255_000
