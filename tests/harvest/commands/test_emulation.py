import json

import pytest

from harvest import cli


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    return ended.value.code or 0, shown.out, shown.err


def test_a_made_up_catalogue_is_a_dataset_that_can_be_read(tmp_path, capsys):
    path = tmp_path / "c.zip"
    assert run(capsys, "catalogue", path, "--playlists", 3)[0] == 0
    code, out, _ = run(capsys, "mpd", path, "--state", tmp_path / "state", "--workers", 1)
    assert code == 0
    assert "3 playlists" in out


@pytest.mark.parametrize("playlists", [0, -1, "many"])
def test_a_catalogue_of_no_playlists_is_refused(playlists, tmp_path, capsys):
    code, _, err = run(capsys, "catalogue", tmp_path / "c.zip", "--playlists", playlists)
    assert code == 2
    assert len(err.splitlines()) == 1


def test_a_fault_that_does_not_exist_is_named_with_those_that_do(capsys):
    code, out, err = run(capsys, "emulate", "--faults", "earthquake")
    assert code == 2
    assert not out
    assert "earthquake" in err
    assert "rate-limit" in err


def test_a_ca_file_without_https_is_refused(capsys, tmp_path):
    code, _, err = run(capsys, "emulate", "--ca-file", tmp_path / "ca.pem")
    assert code == 2
    assert "--https" in err


def test_the_status_of_a_state_without_anything_is_empty(tmp_path, capsys):
    _, out, _ = run(capsys, "status", "--json", "--state", tmp_path)
    assert json.loads(out)["jobs"]["spotify"]["total"] == 0
