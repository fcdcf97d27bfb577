import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from model.errors import InputError, StorageError
from model.library.songs import Library
from model.making.files import (
    FORMATS,
    check_outputs,
    left_out,
    playlist_content,
    write_playlist,
    write_playlists,
)
from model.making.playlist import Playlist, make_playlist
from model.making.wish import Wish


@pytest.fixture
def playlist(library: Library) -> Playlist:
    return make_playlist(library, Wish(seeds=(0,), n=2, title="A\nb"))


URIS = [f"spotify:track:{number:022d}" for number in (1, 2)]


def test_m3u8_names_lengths_and_addresses(playlist: Playlist) -> None:
    assert playlist_content("m3u8", playlist).decode().splitlines() == [
        *("#EXTM3U", "#PLAYLIST:A b"),
        *("#EXTINF:200,Radiohead - Karma Police", URIS[0]),
        *("#EXTINF:200,Radiohead - No Surprises", URIS[1]),
    ]


def test_jspf_is_as_xspf_org_defines_it(playlist: Playlist) -> None:
    content = json.loads(playlist_content("jspf", playlist))
    assert list(content) == ["playlist"]
    assert content["playlist"]["title"] == "A\nb"
    first = content["playlist"]["track"][0]
    why = first.pop("annotation")
    assert first == {
        "location": [URIS[0]],
        "title": "Karma Police",
        "creator": "Radiohead",
        "album": "OK Computer",
        "duration": 200_000,
    }
    assert "plays together with Creep in 3 playlists" in why


def test_csv_has_a_header_and_comes_back(playlist: Playlist) -> None:
    rows = list(csv.DictReader(io.StringIO(playlist_content("csv", playlist).decode())))
    assert [row["uri"] for row in rows] == URIS
    assert rows[0]["place"] == "1"
    assert rows[0]["duration_ms"] == "200000"


def test_csv_holds_no_character_that_makes_it_no_text(playlist: Playlist) -> None:
    first, second = playlist.picks
    named = first.song._replace(title="Nul\0here", artist="Bell\a", album="A\nb")
    odd = replace(playlist, picks=[replace(first, song=named), second])
    rows = list(csv.DictReader(io.StringIO(playlist_content("csv", odd).decode())))
    assert [rows[0][name] for name in ("title", "artist", "album")] == ["Nulhere", "Bell", "A b"]
    nameless = replace(playlist, picks=[replace(first, song=named._replace(album=""))])
    assert ",Bell,," in playlist_content("csv", nameless).decode()


def test_txt_is_an_address_a_line_and_seeds_may_come_first(playlist: Playlist) -> None:
    assert playlist_content("txt", playlist).decode().split() == URIS
    with_seed = playlist_content("txt", playlist, with_seeds=True).decode().split()
    assert with_seed == [f"spotify:track:{0:022d}", *URIS]


@pytest.fixture
def own(playlist: Playlist) -> Playlist:
    """A list of which the first song has no Spotify id, and an artist that is hard to read back."""
    first, second = playlist.picks
    names = {"artist": "#1 - Dads", "uri": "name:track:fjOrbmxeakeo8Wy7fQ5M46"}
    return replace(playlist, picks=[replace(first, song=first.song._replace(**names)), second])


def test_songs_without_a_spotify_id_are_left_out_of_addresses(own: Playlist) -> None:
    assert playlist_content("txt", own).decode().split() == URIS[1:]
    assert left_out("txt", own) == "1 song has no Spotify id and is left out"
    seed = own.seeds[0]._replace(uri="name:track:x")
    two = replace(own, seeds=[seed])
    assert left_out("txt", two, with_seeds=True) == "2 songs have no Spotify id and are left out"
    assert not any(left_out(suffix, own) for suffix in FORMATS if suffix != "txt")


def test_songs_without_a_spotify_id_are_named_and_given_no_address(own: Playlist) -> None:
    assert playlist_content("m3u8", own).decode().splitlines()[2:] == [
        *("#EXTINF:200,#1 - Dads - Karma Police", "#EXTART:#1 - Dads"),
        "./#1 - Dads - Karma Police",
        *("#EXTINF:200,Radiohead - No Surprises", URIS[1]),
    ]
    tracks = json.loads(playlist_content("jspf", own))["playlist"]["track"]
    assert [track["location"] for track in tracks] == [[], URIS[1:]]
    rows = csv.DictReader(io.StringIO(playlist_content("csv", own).decode()))
    assert [row["uri"] for row in rows] == ["", URIS[1]]


@pytest.mark.parametrize("suffix", list(FORMATS))
def test_no_name_breaks_a_line(library: Library, suffix: str, tmp_path: Path) -> None:
    playlist = make_playlist(library, Wish(seeds=(0,), n=8))
    (tmp_path / "x").mkdir()
    path = tmp_path / f"x/list.{suffix.upper()}"
    write_playlist(path, playlist)
    text = path.read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert text.count("spotify:track:") == len(playlist.picks)


def test_a_name_without_a_format_is_refused(playlist: Playlist) -> None:
    with pytest.raises(InputError, match=r"expected \.m3u8, \.jspf, \.csv, \.txt"):
        write_playlist(Path("list.mp3"), playlist)


def test_a_folder_that_is_not_there_is_said(playlist: Playlist, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot write"):
        write_playlist(tmp_path / "no" / "list.csv", playlist)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["a.csv", "list.mp3"], r"expected \.m3u8"),
        (["a.csv", "nodir/b.csv"], r"there is no directory nodir; make it"),
        (["a.csv", "state/model/b.csv"], r"over what the state keeps in state/model"),
        (["a.csv", "b.csv", "./a.csv"], r"--output a\.csv is the same file as a\.csv: name it on"),
    ],
)
def test_of_several_files_all_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=words):
        check_outputs([Path(name) for name in names], Path("state"))
    check_outputs([Path("a.csv"), Path("a.txt")], Path("state"))


def test_a_file_of_addresses_alone_is_refused_where_no_song_has_one(
    own: Playlist, tmp_path: Path
) -> None:
    nobody = replace(own, picks=own.picks[:1])
    path = tmp_path / "list.txt"
    path.write_text("before\n")
    with pytest.raises(InputError) as why:
        write_playlist(path, nobody)
    assert str(why.value) == (
        "a .txt holds Spotify addresses alone, and none of the songs has one: choose .m3u8, .jspf "
        "or .csv, which keep names"
    )
    assert path.read_text() == "before\n"
    # The song given has an address, and leads the file where that is wished for.
    write_playlist(path, nobody, with_seeds=True)
    assert path.read_text() == f"spotify:track:{0:022d}\n"
    assert playlist_content("csv", nobody)


def test_where_one_of_several_files_would_be_empty_none_is_written(
    own: Playlist, tmp_path: Path
) -> None:
    nobody = replace(own, picks=own.picks[:1])
    with pytest.raises(InputError, match=r"a \.txt holds"):
        write_playlists([tmp_path / "a.csv", tmp_path / "b.txt"], nobody)
    assert list(tmp_path.iterdir()) == []
