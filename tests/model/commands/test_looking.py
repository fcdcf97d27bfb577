import json
from pathlib import Path
from typing import Any

import pytest
from typer.exceptions import TyperException

from model.cli import app
from model.errors import InputError


def explore(state: Path, *options: str) -> None:
    app(["explore", "--state", str(state), *options], standalone_mode=False)


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--clusters", "0", "greater than or equal to 1"),
        ("--min-tag-weight", "100.5", "less than or equal to 100"),
        ("--workers", "0", "greater than or equal to 1"),
    ],
)
def test_a_number_out_of_range_is_refused(
    option: str, value: str, expected: str, tmp_path: Path
) -> None:
    with pytest.raises(TyperException) as caught:
        explore(tmp_path, option, value)
    assert option in caught.value.format_message()
    assert expected in caught.value.format_message()


def test_an_empty_state_is_answered_with_the_command_that_fills_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="harvest mpd PATH"):
        explore(tmp_path)
    assert not (tmp_path / "explore").exists()


def test_options_become_the_settings_of_what_is_saved(
    made_up: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = made_up.write_state(tmp_path, *made_up.make_catalogue(n_playlists=60, n_songs=60))
    explore(state, "--clusters", "2", "--min-tag-weight", "60", "--random-state", "5")
    settings = json.loads((state / "explore" / "explore.json").read_text())["settings"]
    names = ("n_clusters", "min_tag_weight", "random_state")
    assert [settings[name] for name in names] == [2, 60.0, 5]
    # A line of heads and one a cluster.
    assert len((state / "explore" / "clusters.csv").read_text().splitlines()) == 3
    assert "Clusters of playlists" in capsys.readouterr().out
