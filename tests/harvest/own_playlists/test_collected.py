"""What people are told of the files that they gave."""

import re

import pytest

from harvest.errors import InputError
from harvest.own_playlists.collecting import collect
from tests.harvest.sources.lists.conftest import HEADER, SOUND, track_id


def test_playlists_that_are_gone_from_a_zip_are_told_of(lists, state):
    lists.root.mkdir()
    members = {f"{name}.m3u": f"spotify:track:{track_id(n)}\n" for n, name in enumerate("abc")}
    collect(state, [lists.zip("export.zip", members)])
    assert collect(state, [lists.zip("export.zip", members)]).is_unchanged
    fewer = lists.zip("export.zip", {"a.m3u": members["a.m3u"]})
    report = collect(state, [fewer])
    assert (report.n_new, report.n_gone, report.is_unchanged) == (0, 2, False)
    assert collect(state, [fewer]).is_unchanged


@pytest.mark.parametrize("left", [{}, {"folder/": ""}, {"__MACOSX/a.m3u": "x"}])
def test_a_zip_that_was_emptied_is_told_of_and_takes_nothing_back(lists, state, left):
    lists.root.mkdir()
    song = f"spotify:track:{track_id(1)}\n"
    collect(state, [lists.zip("export.zip", {"a.m3u": song})])
    emptied, other = lists.zip("export.zip", left), lists.uris("other.m3u", 2)
    report = collect(state, [emptied, other])
    note = f"{emptied}: it is a zip that holds no file"
    assert report.notes == [f"{note}; what was read from it before stays"]
    assert (report.n_playlists, report.n_gone) == (2, 0)
    assert collect(state, [emptied, other], replaces=True).notes == [note]
    with pytest.raises(InputError, match=rf"in no file \({note}\); give playlists as"):
        collect(state, [emptied])


def test_an_empty_zip_beside_the_dataset_is_told_of(mpd, lists, state):
    lists.root.mkdir()
    empty = lists.zip("export.zip", {})
    report = collect(state, [mpd.zip(mpd.slices(1)), empty])
    assert report.notes == [f"{empty}: it is a zip that holds no file"]


def test_audio_features_that_cannot_be_used_are_told_of(lists, state):
    odd = f"{HEADER}spotify:track:{track_id(1)},T,A,{SOUND.replace('0.7', '7')}\n"
    assert collect(state, [lists.write("odd.csv", odd)]).notes == [
        "1 track's audio features left out: unreadable or impossible"
    ]


def test_of_many_files_without_a_playlist_the_first_three_are_named(lists, state):
    lists.uris("good.m3u", 1)
    songs = [lists.write(f"{n}.mp3", b"ID3\x04\0\0") for n in range(5)]
    named = ", ".join(map(str, songs[:3]))
    report = collect(state, [lists.root])
    assert report.notes == [f"5 other files without a playlist: {named} …"]
    assert collect(state, [lists.root]).notes == report.notes


def test_where_nothing_is_a_playlist_the_files_are_named(lists, state):
    song = lists.write("song.mp3", b"ID3\x04\0\0")
    with pytest.raises(InputError, match=rf"in 1 file \(1 other file .*: {song}\); give "):
        collect(state, [lists.root])


def test_a_file_that_the_user_names_is_named_whatever_it_is(lists, state):
    song = lists.write("song.mp3", b"ID3\x04\0\0")
    report = collect(state, [lists.uris("good.m3u", 1), song])
    assert report.problems == [(str(song), "it is no text")]


def test_where_nothing_is_usable_it_is_said_what_was_left_out_and_why(lists, state):
    episode = f"spotify:episode:{track_id(1)}"
    odd = lists.write("odd.m3u", f"#EXTM3U\n{episode}\nIntro.mp3\nOutro.mp3\n")
    expected = (
        "no playlist with a song in 1 file (1 episode or audiobook left out; 2 entries left out: "
        "without a Spotify track, and without artist and title); give playlists as"
    )
    with pytest.raises(InputError, match=f"^{re.escape(expected)}"):
        collect(state, [odd])


def test_one_thing_left_out_is_told_of_in_the_singular(lists, state):
    song = f"spotify:track:{track_id(1)}"
    mixed = lists.write("a.m3u", f"#EXTM3U\n{song}\nIntro.mp3\n")
    empty = lists.write("b.m3u", "#EXTM3U\n")
    assert collect(state, [mixed, empty]).notes == [
        "1 entry left out: without a Spotify track, and without artist and title",
        "1 playlist left out: without a song",
    ]


def test_the_lines_of_a_file_that_are_no_utf_8_are_named_each_time(lists, state):
    head = "#EXTM3U\n#EXTINF:321,Björk - Jóga\na.mp3\n".encode()
    mixed = lists.write("mixed.m3u8", head + b"#EXTINF:200,Mot\xf6rhead - Overkill\nb.mp3\n")
    told = f"{mixed}: line 4 is not UTF-8; its odd bytes are read as Windows-1252"
    assert collect(state, [mixed]).notes == [told]
    assert collect(state, [mixed]).notes == [told]


def test_songs_of_an_m3u_that_have_no_place_are_told_of(lists, state):
    path = lists.write("a.m3u", "#EXTM3U\n#EXTINF:1,A - B\nb.mp3\n#EXTINF:1,C - D\n")
    told = ["1 `#EXTINF` left out: no file or address follows"]
    assert collect(state, [path]).notes == told


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("Track URI,Track Name\n", "it has a header, and no row below it"),
        ("Titre;Interpr\n", "its columns are 'Titre', 'Interpr'; wanted are one of titles"),
        ("#EXTM3U\n", "1 playlist left out: without a song"),
    ],
)
def test_where_a_file_holds_no_song_the_reason_is_given(lists, state, content, reason):
    path = lists.write("a.csv", content)
    with pytest.raises(InputError, match="another with titles and artists") as caught:
        collect(state, [path])
    assert reason in str(caught.value)
