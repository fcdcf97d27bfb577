import time
import tracemalloc

import pytest

from harvest.sources.lists.entries import made_up_uri
from harvest.sources.lists.m3u import is_m3u, read_m3u

ID = "4uLU6hMCjMI75M1A2tKUQC"


def only(text):
    (playlist,) = read_m3u(text, name="file").playlists
    return playlist


def names(text):
    return [(track.artist_name, track.track_name) for track in only(text).tracks]


def test_an_extended_list_is_read():
    playlist = only(
        "#EXTM3U\r\n#PLAYLIST:Summer\r\n"
        "#EXTINF:255,Radiohead - Nude\r\nRadiohead/In Rainbows/03 Nude.mp3\r\n"
        f"#EXTINF:213,Rick Astley - Never Gonna\r\nhttps://open.spotify.com/track/{ID}?si=9\r\n"
    )
    assert playlist.name == "Summer"
    assert [track.track_uri for track in playlist.tracks] == [
        made_up_uri("track", "Radiohead", "Nude"),
        f"spotify:track:{ID}",
    ]
    assert [track.duration_ms for track in playlist.tracks] == [255_000, 213_000]


def test_a_plain_list_is_named_by_its_file():
    assert only(f"spotify:track:{ID}\n").name == "file"


@pytest.mark.parametrize(
    ("directives", "expected"),
    [
        ("#EXTINF:1,A - B", ("A", "B")),
        ('#extinf:-1 tvg-id="x,y" group=z,A - B', ("A", "B")),
        ("#EXTINF:1.5,A — B - C", ("A", "B - C")),
        ("#EXTART:A\n#EXTINF:1,B - Live", ("A", "B - Live")),
        ("#EXTART:A\n#EXTINF:1,A - B", ("A", "B")),
        ("#EXTART:A – B\n#EXTINF:1,A – B \u2013 C", ("A – B", "C")),
        ("#EXTART:A\n#EXTINF:1,Ab - B", ("A", "Ab - B")),
        ("#EXTINF:,A - B", ("A", "B")),
        ("#EXTINF: a=b , A - B", ("A", "B")),
        ('#EXTINF:1 id="x"y n="z,A - B', ("A", "B")),
    ],
)
def test_directives_name_the_next_entry(directives, expected):
    assert names(f"#EXTM3U\n{directives}\nx.mp3\n") == [expected]


def test_an_entry_without_an_artist_may_have_one_in_its_file_name():
    assert names("#EXTM3U\n#EXTINF:9,Sinnerman\n03 - Nina Simone - Sinnerman.mp3") == [
        ("Nina Simone", "Sinnerman")
    ]


def test_an_entry_without_any_artist_is_counted():
    reading = read_m3u("#EXTM3U\n#EXTINF:9,Intro\nIntro.mp3\n", name="file")
    assert reading.tallies == {"nameless": 1}


def test_a_directive_counts_for_one_entry():
    assert names("#EXTM3U\n#EXTINF:1,A - B\nx.mp3\nC - D.mp3") == [("A", "B"), ("C", "D")]


def test_an_album_is_kept_and_other_remarks_are_passed_over():
    (track,) = only("#EXTM3U\n#EXTALB:LP\n#EXTGENRE:x\n# x\n#EXTINF:1,A - B\nx.mp3").tracks
    assert track.album_name == "LP"


def test_a_track_that_stands_twice_stays_twice():
    assert names("A - B.mp3\nA - B.mp3") == [("A", "B"), ("A", "B")]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("#EXTM3U", True),
        ("  #extm3u url-tvg=x\n", True),
        (f"# mine\nspotify:track:{ID}\n", True),
        ("a/b.mp3\r\nc.flac\r\n", True),
        ("a/b.mp3\nand some prose\n", False),
        ("# only a remark", False),
        ("#EXTINF:1,A - B\nfile:///a/b\n", True),
        ("# made by x\n#EXTM3U\nhttp://radio.example/a\n", True),
        (f"My favourite songs\nspotify:track:{ID}\n", False),
        (f"spotify:track:{ID}?si=9\nspotify:track:{ID}\n", True),
        (f"spotify:album:{ID}\nspotify:track:{ID}\n", True),
        (f"https://open.spotify.com/playlist/{ID}?si=9\n", True),
        (f"spotify:track:{ID}\nfor Ann\nspotify:track:{ID}\n", True),
        (f"spotify:track:{ID}\nfor Ann\nand for Bob\n", False),
        (f"uri\nspotify:track:{ID}\nspotify:track:{ID}\n", False),
        (f"spotify:track:{ID},Nude,Radiohead\n", False),
        (f"spotify:track:{ID}\tNude\tRadiohead\n", False),
        ("title,artist\na,b.mp3 x", False),
    ],
)
def test_lists_are_told_from_other_texts(text, is_one):
    assert is_m3u(text) is is_one


def test_lines_of_a_bare_list_that_are_no_tracks_are_left_out_and_counted():
    text = f"spotify:track:{ID}?si=9\nhttps://open.spotify.com/album/{ID}\nfor Ann\nA - B.mp3\n"
    reading = read_m3u(text, name="file")
    (playlist,) = reading.playlists
    uris = [track.track_uri for track in playlist.tracks]
    assert uris == [f"spotify:track:{ID}", made_up_uri("track", "A", "B")]
    assert reading.tallies == {"nameless": 2}


def test_a_file_whose_name_begins_with_a_hash_is_a_place_behind_its_extinf():
    text = (
        "#EXTM3U\n#EXTINF:183,The Chainsmokers - #SELFIE\n#SELFIE.mp3\n"
        "#EXTINF:200,Garbage - #1 Crush\n#EXTALB:LP\n#1 Crush.mp3\n#EXTINF:100,A - B\nb.mp3\n"
    )
    assert names(text) == [("The Chainsmokers", "#SELFIE"), ("Garbage", "#1 Crush"), ("A", "B")]
    assert not read_m3u(text, name="file").tallies


@pytest.mark.parametrize(
    "remark", ["# from x.mp3", "#EXTIMG:x.mp3", "#EXTVLCOPT:a=x.mp3", "#KODIPROP:a=x.mp3", "#x"]
)
def test_a_remark_behind_an_extinf_is_no_place(remark):
    assert names(f"#EXTM3U\n#EXTINF:1,A - B\n{remark}\nb.mp3\n") == [("A", "B")]


def test_what_is_named_and_has_no_place_is_counted():
    text = "#EXTM3U\n#EXTINF:1,A - B\n#EXTINF:1,C - D.mp3\nd.mp3\n#EXTINF:1,E - F\n"
    assert names(text) == [("C", "D.mp3")]
    assert read_m3u(text, name="file").tallies == {"unplaced": 2}


@pytest.mark.parametrize("suffix", ["webm", "dsf", "dff", "tta", "tak", "mpga", "MP3", "mp2"])
def test_music_in_any_usual_format_makes_a_list(suffix):
    assert is_m3u(f"Artist 1 - Song 1.{suffix}\nArtist 2 - Song 2.{suffix}\n")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (f"My favourite songs\nspotify:track:{ID}\n", True),
        ("http://radio.example/a\nA - B.mp3\nC - D.mp3\n", True),
        ("A - B.mp3\n", True),
        ("My favourite songs\n", False),
        ("My favourite songs\nA - B\nC - D.mp3\nE - F\n", False),
        ("[playlist]\nFile1=a.mp3\n", False),
    ],
)
def test_a_heading_may_stand_above_a_bare_list(text, is_one):
    assert is_m3u(text, may_have_heading=True) is is_one


def test_a_title_with_an_odd_line_separator_is_one_line():
    assert names("#EXTM3U\n#EXTINF:1,A - B\u2028C\x85D\nx.mp3\n") == [("A", "B\u2028C\x85D")]


def test_a_long_text_is_told_without_being_cut_into_lines():
    text = "a,b\n" * 500_000
    tracemalloc.start()
    assert not is_m3u(text)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_bytes < 100_000


@pytest.mark.parametrize("rest", ['tvg-id="x" ' * 40, " " * 100_000 + "x", "a= " * 50_000])
def test_a_line_without_its_comma_takes_no_time(rest):
    started = time.process_time()
    assert names(f"#EXTM3U\n#EXTINF:-1 {rest}\nA - B.mp3") == [("A", "B")]
    assert time.process_time() - started < 5
