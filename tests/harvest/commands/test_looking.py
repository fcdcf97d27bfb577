import json

import pytest

from harvest.jobs.running import add_tasks
from harvest.own_playlists.collecting import collect
from harvest.store import Store
from tests.harvest.sources.lists.conftest import Lists

COMMANDS = {
    "status": ["--state", "--json"],
    "verify": ["--state", "--json"],
    "export": ["--state", "--format", "--output", "-o", "--out"],
    "doctor": ["--state", "--rate", "--daily-budget", "--json", "SPOTIFY_API_KEY"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_begins_with_a_sentence_and_names_every_option(command, harvest):
    code, out, _ = harvest(command, "--help")
    assert code == 0
    text = " ".join(out.split())
    assert "." in text.partition(f"harvest {command} [OPTIONS] ")[2]
    for word in COMMANDS[command]:
        assert word in out


def test_status_tells_of_tracks_that_the_tables_have_got_since(tmp_path, harvest):
    lists, state = Lists(tmp_path / "lists"), tmp_path / "state"
    collect(state, [lists.uris("a.txt", 1)], workers=1)
    with Store.open(state) as store:
        add_tasks(store, "spotify", state)
    collect(state, [lists.uris("b.txt", 2, 3)], workers=1)
    job = json.loads(harvest("status", "--state", state, "--json")[1])["jobs"]["spotify"]
    assert (job["pending"], job["new"], job["outdated"]) == (3, 2, True)
    said = " ".join(harvest("status", "--state", state)[1].split())
    assert said.endswith(
        "spotify: the tables have got 2 tracks since it was last started, counted as pending"
    )


def test_verify_prints_a_table_and_its_conclusion(gathered, harvest):
    code, out, err = harvest("verify", "--state", gathered)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == f"{gathered}/harvest.db is whole: 20 tasks, 38 rows"
    assert "\x1b" not in out  # plain, as stdout is no terminal


def test_verify_prints_json_and_nothing_else(gathered, harvest):
    code, out, _ = harvest("verify", "--state", gathered, "--json")
    assert code == 0
    assert json.loads(out)["is_whole"]


def test_export_prints_a_line_for_each_file(gathered, harvest):
    code, out, _ = harvest("export", "--state", gathered, "--format", "csv")
    assert code == 0
    assert out.splitlines()[0] == f"{gathered}/export/audio_features.csv: 6 rows"
    assert len(out.splitlines()) == 6


@pytest.mark.parametrize("option", ["--output", "-o", "--out"])
def test_export_writes_where_it_is_told_to(gathered, harvest, tmp_path, option):
    code, _, _ = harvest(
        "export", "--state", gathered, "--format", "csv", option, tmp_path / "files"
    )
    assert code == 0
    assert len([*(tmp_path / "files").iterdir()]) == 6


@pytest.mark.parametrize("form", [[], ["--format", "xlsx"]])
def test_export_needs_a_format_that_it_knows(form, gathered, harvest):
    code, out, err = harvest("export", "--state", gathered, *form)
    assert (code, out) == (2, "")
    assert "--format" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("option", ["--rate", "--daily-budget"])
def test_doctor_refuses_to_reckon_with_nothing(option, tmp_path, harvest):
    code, _, err = harvest("doctor", "--state", tmp_path, option, "0")
    assert code == 2
    assert option in err


def test_an_unset_variable_is_no_folder_to_export_to(harvest, gathered, tmp_path, monkeypatch):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    code, _, err = harvest("export", "--format", "csv", "--state", gathered, "-o", "")
    assert code == 2
    assert "'' names no folder; leave the option out for the default" in err
    assert list(here.iterdir()) == []
