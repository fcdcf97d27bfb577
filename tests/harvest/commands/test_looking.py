import json

import pytest

from harvest import cli

COMMANDS = {
    "status": ["--state", "--json"],
    "verify": ["--state", "--json"],
    "export": ["--state", "--format", "--out"],
    "doctor": ["--state", "--rate", "--daily-budget", "--json", "SPOTIFY_API_KEY"],
}


def run(capsys, *arguments):
    """Run the program in this process; return its exit code, stdout and stderr."""
    with pytest.raises(SystemExit) as ended:
        cli.main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    return ended.value.code or 0, shown.out, shown.err


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_begins_with_a_sentence_and_names_every_option(command, capsys):
    code, out, _ = run(capsys, command, "--help")
    assert code == 0
    text = " ".join(out.split())
    assert "." in text.partition(f"harvest {command} [OPTIONS] ")[2]
    for word in COMMANDS[command]:
        assert word in out


def test_verify_prints_a_table_and_its_conclusion(gathered, capsys):
    code, out, err = run(capsys, "verify", "--state", gathered)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == f"{gathered}/harvest.db is whole: 20 tasks, 38 rows"
    assert "\x1b" not in out  # plain, as stdout is no terminal


def test_verify_prints_json_and_nothing_else(gathered, capsys):
    code, out, _ = run(capsys, "verify", "--state", gathered, "--json")
    assert code == 0
    assert json.loads(out)["is_whole"]


def test_export_prints_a_line_for_each_file(gathered, capsys):
    code, out, _ = run(capsys, "export", "--state", gathered, "--format", "csv")
    assert code == 0
    assert out.splitlines()[0] == f"{gathered}/export/audio_features.csv: 6 rows"
    assert len(out.splitlines()) == 6


@pytest.mark.parametrize("form", [[], ["--format", "xlsx"]])
def test_export_needs_a_format_that_it_knows(form, gathered, capsys):
    code, out, err = run(capsys, "export", "--state", gathered, *form)
    assert (code, out) == (2, "")
    assert "--format" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("option", ["--rate", "--daily-budget"])
def test_doctor_refuses_to_reckon_with_nothing(option, tmp_path, capsys):
    code, _, err = run(capsys, "doctor", "--state", tmp_path, option, "0")
    assert code == 2
    assert option in err
