import sys
from pathlib import Path

import pytest

from harvest import demo
from harvest.demo import Accounts
from harvest.errors import HarvestError, InputError


def test_a_folder_that_no_demo_made_is_refused(tmp_path):
    (tmp_path / "precious").touch()
    with pytest.raises(InputError, match="was not made by a demo"):
        demo.run(tmp_path, n_playlists=30)
    assert (tmp_path / "precious").exists()


def test_the_demo_goes_through_the_whole_main_job():
    programs = [command.split()[:2] for command in demo.commands(Path("state/demo"))]
    assert programs == [
        ["harvest", "catalogue"],
        ["harvest", "emulate"],
        ["harvest", "mpd"],
        ["harvest", "spotify"],
        ["harvest", "lastfm"],
        ["harvest", "status"],
        ["model", "evaluate"],
        ["model", "explore"],
        ["model", "report"],
    ]


def test_the_accounts_of_the_kill_are_shown(capsys):
    demo._show(Accounts(total=10, stored_before=5, lost=0, fetched_twice=0, in_flight=2))
    assert "0 lost, 0 stored and fetched twice (2 fetched again" in capsys.readouterr().out


@pytest.mark.parametrize(("lost", "twice"), [(1, 0), (0, 1)])
def test_a_loss_fails_the_demo(lost, twice):
    with pytest.raises(HarvestError, match="a fault of harvest"):
        demo._show(Accounts(10, 5, lost, twice, 0))


def test_a_command_that_fails_ends_the_demo_with_its_name():
    with pytest.raises(HarvestError, match=r"`harvest mpd /nowhere` ended with exit code 2"):
        demo._do("harvest mpd /nowhere")


def test_it_ends_with_how_to_open_the_page(monkeypatch):
    programs = Path(sys.executable).parent
    monkeypatch.chdir(programs.parent)
    said = demo._invitation(Path("state/demo"))
    assert said.startswith(f"Next: {programs.name}/model serve --state state/demo ")
    monkeypatch.chdir("/")
    assert "model serve --state state/demo" in demo._invitation(Path("state/demo"))
