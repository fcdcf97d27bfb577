import re

import pytest

from harvest.sources.lists.formats import MOST_LINES, read_list
from harvest.sources.lists.readings import BrokenFileError, NoPlaylistError

ID = "4uLU6hMCjMI75M1A2tKUQC"
BOM = b"\xef\xbb\xbf"
CONTENTS = {
    "csv": f"Track URI,Track Name\nspotify:track:{ID},T\n",
    "m3u": f"#EXTM3U\nspotify:track:{ID}\n",
    "uris": f"spotify:track:{ID}\n",
    "jspf": f'{{"playlist": {{"track": [{{"location": ["spotify:track:{ID}"]}}]}}}}',
    "pls": f"[playlist]\nFile1=spotify:track:{ID}\n",
    "account": (
        f'{{"playlists": [{{"items": [{{"track": {{"trackUri": "spotify:track:{ID}"}}}}]}}]}}'
    ),
    "xspf": (
        "<playlist><trackList><track>"
        f"<location>spotify:track:{ID}</location></track></trackList></playlist>"
    ),
}


@pytest.mark.parametrize("kind", CONTENTS)
@pytest.mark.parametrize(
    "wrap",
    [bytes, lambda b: BOM + b, lambda b: b"\r\n " + b, lambda b: b.decode().encode("utf-16")],
    ids=["plain", "mark", "space", "utf-16"],
)
def test_the_content_tells_the_format(kind, wrap):
    reading = read_list(wrap(CONTENTS[kind].encode()), name="x")
    assert [t.track_uri for p in reading.playlists for t in p.tracks] == [f"spotify:track:{ID}"]


@pytest.mark.parametrize(
    "content",
    [
        b"ID3\x04\x10",
        b"%PDF-1.7\n%x",
        b"PAR1\x15",
        b"\x89PNG\r\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\0\0WAVE",
        b"Track URI,Track Name\n\0",
    ],
)
def test_what_is_no_text_is_no_playlist(content):
    with pytest.raises(NoPlaylistError, match="no text"):
        read_list(content, name="x")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x1f\x8b\x08", "packed by gzip; unpack it"),
        (b"Rar!\x1a\x07", "packed by RAR; unpack it"),
        (b"PK\x03\x04\x14\0\0\0list.csv", "a zip within a zip; unpack it"),
        (b"PK\x03\x04\x14\0\0\0[Content_Types].xml", "an Excel file; save it as CSV"),
        (b"PK\x03\x04\x14\0\0\0docProps/app.xml\0\0xl/theme", "an Excel file; save it as CSV"),
        (
            b"PK\x03\x04\x14\0mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK",
            "a table of LibreOffice; save it as CSV",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "an old Excel file"),
        ("#EXTM3U\nA - B.mp3\n".encode("utf-16-le"), "UTF-16 without its mark; save it as UTF-8"),
        ("#EXTM3U\n夜 - Jóga.mp3\n".encode("utf-16-be"), "UTF-16 without its mark"),
    ],
)
def test_what_has_to_be_saved_otherwise_is_called_by_its_name(content, reason):
    with pytest.raises(NoPlaylistError, match=f"^it is .*{re.escape(reason)}"):
        read_list(content, name="x")


def test_xml_that_says_its_encoding_is_not_told_of():
    content = (
        '<?xml version="1.0" encoding="windows-1251"?><playlist><trackList><track>'
        "<title>Группа крови</title><creator>Кино</creator></track></trackList></playlist>"
    )
    reading = read_list(content.encode("cp1251"), name="x")
    assert [track.artist_name for track in reading.playlists[0].tracks] == ["Кино"]
    assert not reading.notes


@pytest.mark.parametrize("control", [chr(code) for code in range(1, 32)])
def test_a_control_character_in_a_name_makes_no_file_binary(control):
    content = f'Track URI,Track Name\nspotify:track:{ID},"A{control}B"\n'
    (playlist,) = read_list(content.encode(), name="x").playlists
    assert [track.track_name for track in playlist.tracks] == [f"A{control}B"]


@pytest.mark.parametrize("content", [b"", b" \n", BOM])
def test_an_empty_file_is_said(content):
    with pytest.raises(BrokenFileError, match="empty"):
        read_list(content, name="x")


@pytest.mark.parametrize("text", ["[tracks]\nFile1=a.mp3\n", "[00:12.00]La la\n", "[x\ny,z\n"])
def test_a_bracket_alone_makes_no_json(text):
    with pytest.raises(NoPlaylistError, match="neither a playlist nor a table"):
        read_list(text.encode(), name="x")


@pytest.mark.parametrize(
    "head", ["<!doctype html>", "\n<!DOCTYPE HTML PUBLIC 'x'>", '<?xml version="1.0"?>\n', ""]
)
def test_a_web_page_is_no_playlist(head):
    with pytest.raises(NoPlaylistError, match="it is a web page"):
        read_list(f"{head}<html><br></html>".encode(), name="x")


def test_a_list_may_begin_with_a_file_in_brackets():
    (playlist,) = read_list(b"[Live] A - B.mp3\nC - D.mp3\n", name="x").playlists
    assert [track.track_name for track in playlist.tracks] == ["B", "D"]


def test_a_heading_above_a_bare_list_is_left_out_unless_it_is_a_tables():
    songs = f"spotify:track:{ID}\nA - B.mp3\n"
    reading = read_list(f"My favourite songs\n{songs}".encode(), name="x")
    assert (len(reading.playlists[0].tracks), reading.tallies) == (2, {"nameless": 1})
    assert not read_list(f"URI\nspotify:track:{ID}\n".encode(), name="x").tallies


@pytest.mark.parametrize("text", ["[]", '[{"a": 1}]', '["a"]', "[\n  [1]]"])
def test_a_list_in_json_is_no_playlist(text):
    with pytest.raises(NoPlaylistError, match="JSON without playlists"):
        read_list(text.encode(), name="x")


@pytest.mark.parametrize("line", [b"A,B\r\n", b"#\n", b"x\r"])
def test_a_text_of_more_lines_than_memory_could_hold_is_refused_before_it_is_read(line):
    with pytest.raises(BrokenFileError, match=r"2,000,001 lines.*split it"):
        read_list(line * (MOST_LINES + 1), name="bomb")
