import pytest
from typer.main import get_command

from model.cli import app
from model.commands import options


def test_there_is_a_worker_a_processor() -> None:
    assert options.DEFAULT_WORKERS >= 1


def test_a_seed_of_chance_has_the_same_names_everywhere() -> None:
    commands = vars(get_command(app))["commands"].values()
    options = [each for command in commands for each in command.params]
    seeds = [each.opts for each in options if each.name == "random_state"]
    assert len(seeds) > 9
    assert all(names == ["--random-state", "--seed"] for names in seeds)


def test_progress_goes_to_stderr_with_the_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    options.progress()("half way")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "model:    0.0 s  half way\n"
