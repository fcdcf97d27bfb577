import pytest

from tests.harvest.sources.lists.conftest import Lists


def test_what_was_read_and_what_is_lacking_are_told(harvest, tmp_path):
    path = tmp_path / "mine.m3u"
    path.write_text("#EXTM3U\n#EXTINF:200,Artist - Song\nsong.mp3\n")
    code, out, _ = harvest("playlists", path, "--state", tmp_path / "state")
    assert code == 0
    assert "1 playlist, 1 entry, 1 track; 1 of the playlists your own" in out
    assert "`harvest resolve` asks Spotify" in out
    assert "is up to date" in harvest("playlists", path, "--state", tmp_path / "state")[1]


def test_a_file_without_a_playlist_is_named_and_not_told_of_as_read(harvest, tmp_path):
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "mine.m3u").write_text("#EXTM3U\nArtist - Song.mp3\n")
    (folder / "song.mp3").write_bytes(b"ID3\x04\0")
    code, out, err = harvest("playlists", folder, "--state", tmp_path / "state")
    assert (code, "1 of 2 files read" in out) == (0, True)
    assert f"note: 1 other file without a playlist: {folder / 'song.mp3'}\n" in err


def test_a_zip_that_holds_fewer_is_not_called_up_to_date(harvest, tmp_path):
    lists, state = Lists(tmp_path), tmp_path / "state"
    members = {name: f"#EXTM3U\nArtist - {name}.mp3\n" for name in ("a.m3u", "b.m3u")}
    harvest("playlists", lists.zip("all.zip", members), "--state", state)
    fewer = lists.zip("all.zip", {"a.m3u": members["a.m3u"]})
    out = harvest("playlists", fewer, "--state", state)[1]
    assert "1 of the playlists your own, 0 of 1 file read, 1 file no longer in zips" in out
    assert "is up to date" in harvest("playlists", fewer, "--state", state)[1]


@pytest.mark.parametrize("options", [["--batch", 51], ["--rate", "inf"], ["--limit", "0"]])
def test_an_option_of_resolve_out_of_range_is_one_line_and_exit_code_2(options, harvest):
    code, out, err = harvest("resolve", *options)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert repr(str(options[1])) in err
