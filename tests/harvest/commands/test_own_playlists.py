import pytest


def test_what_was_read_and_what_is_lacking_are_told(harvest, tmp_path):
    path = tmp_path / "mine.m3u"
    path.write_text("#EXTM3U\n#EXTINF:200,Artist - Song\nsong.mp3\n")
    code, out, _ = harvest("playlists", path, "--state", tmp_path / "state")
    assert code == 0
    assert "1 playlist, 1 entry, 1 track; 1 of the playlists your own" in out
    assert "`harvest resolve` asks Spotify" in out
    assert "is up to date" in harvest("playlists", path, "--state", tmp_path / "state")[1]


@pytest.mark.parametrize("options", [["--batch", 51], ["--rate", "inf"], ["--limit", "0"]])
def test_an_option_of_resolve_out_of_range_is_one_line_and_exit_code_2(options, harvest):
    code, out, err = harvest("resolve", *options)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert repr(str(options[1])) in err
