import json

import pytest


def test_a_made_up_catalogue_is_a_dataset_that_can_be_read(tmp_path, harvest):
    path = tmp_path / "c.zip"
    assert harvest("catalogue", path, "--playlists", 3)[0] == 0
    code, out, _ = harvest("mpd", path, "--state", tmp_path / "state", "--workers", 1)
    assert code == 0
    assert "3 playlists" in out


@pytest.mark.parametrize("playlists", [0, -1, "many"])
def test_a_catalogue_of_no_playlists_is_refused(playlists, tmp_path, harvest):
    code, _, err = harvest("catalogue", tmp_path / "c.zip", "--playlists", playlists)
    assert code == 2
    assert len(err.splitlines()) == 1


def test_a_fault_that_does_not_exist_is_named_with_those_that_do(harvest):
    code, out, err = harvest("emulate", "--faults", "earthquake")
    assert code == 2
    assert not out
    assert "earthquake" in err
    assert "rate-limit" in err


def test_a_ca_file_without_https_is_refused(harvest, tmp_path):
    code, _, err = harvest("emulate", "--ca-file", tmp_path / "ca.pem")
    assert code == 2
    assert "--https" in err


def test_the_status_of_a_state_without_anything_is_empty(tmp_path, harvest):
    _, out, _ = harvest("status", "--json", "--state", tmp_path)
    assert json.loads(out)["jobs"]["spotify"]["total"] == 0
