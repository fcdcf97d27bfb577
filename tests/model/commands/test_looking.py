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
        ("--clusters", "0", "'0' is not a whole number from 1 to 1,000,000,000"),
        ("--clusters", "many", "'many' is not a whole number"),
        ("--min-tag-weight", "100.5", "'100.5' is not a number from 0 to 100"),
        ("--workers", "0", "'0' is not a whole number from 1 to 1,024"),
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


def report(state: Path, *options: object) -> None:
    app(["report", "--state", str(state), *map(str, options)], standalone_mode=False)


def test_the_report_goes_to_the_state_or_where_it_is_wanted_and_its_path_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state, elsewhere = tmp_path / "state", tmp_path / "page.html"
    state.mkdir()
    report(state)
    assert capsys.readouterr().out.strip() == str(state / "report.html")
    report(state, "-o", elsewhere)
    assert capsys.readouterr().out.strip() == str(elsewhere)
    assert elsewhere.read_bytes() == (state / "report.html").read_bytes()


def test_two_states_are_reported_against_each_other(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    (there / "tables").mkdir(parents=True)
    report(here, "--against", there)
    page = (here / "report.html").read_text()
    assert "What changed" in page
    assert str(there) in page
    assert [path.name for path in there.iterdir()] == ["tables"]


def test_a_page_that_would_be_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a directory: name a file"):
        report(tmp_path, "-o", tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_report_of_no_state_or_against_none_says_which_and_writes_nothing(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    with pytest.raises(InputError, match="absent"):
        report(absent)
    with pytest.raises(InputError, match="absent"):
        report(tmp_path, "--against", absent)
    assert not list(tmp_path.iterdir())
