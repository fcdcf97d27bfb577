import os
import shlex
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

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


def test_a_command_that_fails_ends_the_demo_with_its_name_and_exit_code():
    with pytest.raises(HarvestError, match=r"`harvest mpd /nowhere` ended with exit code 2") as why:
        demo._do("harvest mpd /nowhere")
    assert why.value.exit_code == 2


def test_a_command_that_a_signal_ends_has_the_exit_code_that_shells_know():
    assert demo._failed("harvest mpd", -signal.SIGTERM).exit_code == 143


def test_a_job_that_fails_before_it_can_be_killed_ends_the_demo_with_its_exit_code(tmp_path):
    with pytest.raises(HarvestError, match="ended with exit code 2") as why:
        demo._kill_half_way("harvest spotify --rate none", dict(os.environ), tmp_path / "state")
    assert why.value.exit_code == 2


def test_no_key_of_the_user_s_own_reaches_the_demo_s_services(tmp_path):
    (tmp_path / ".env").write_text("SPOTIFY_API_KEY=precious\n")
    read = (
        "from pathlib import Path; from harvest import config; "
        "config.load_env_file(Path('.env')); print(config.spotify_settings().api_key)"
    )
    settings = {**os.environ, "SPOTIFY_API_KEY": "precious", **demo._credentials()}
    done = subprocess.run(
        [sys.executable, "-c", read], env=settings, cwd=tmp_path, capture_output=True, check=True
    )
    assert done.stdout == b"None\n"


def test_it_ends_with_how_to_open_the_page(monkeypatch):
    programs = Path(sys.executable).parent
    monkeypatch.chdir(programs.parent)
    said = demo._invitation(Path("state/demo"))
    assert said.startswith(f"Next: {programs.name}/model serve --state state/demo ")
    monkeypatch.chdir("/")
    assert "model serve --state state/demo" in demo._invitation(Path("state/demo"))


@pytest.mark.parametrize("state", ["my demo", "it's", "$HOME;x"])
def test_a_folder_of_any_name_stays_one_word_in_every_command(state):
    catalogue, _, *others = [demo._argv(command) for command in demo.commands(Path(state))]
    assert catalogue[1:] == ["catalogue", f"{state}/catalogue.zip"]
    for argv in others:
        assert argv[argv.index("--state") + 1] == state
    said = demo._invitation(Path(state)).partition("   #")[0].removeprefix("Next: ")
    assert shlex.split(said)[1:] == ["serve", "--state", state]


class Counting(BaseHTTPRequestHandler):
    """Answers as the emulator does that is asked what it counted."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"spotify": {}}')

    def log_message(self, *_):
        pass


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_no_proxy_of_the_environment_stands_before_the_emulator(name, monkeypatch):
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    with ThreadingHTTPServer(("127.0.0.1", 0), Counting) as server:
        Thread(target=server.serve_forever).start()
        url = f"http://127.0.0.1:{server.server_port}/v1"
        try:
            assert demo._get({"SPOTIFY_API_URL": url}, "/_stats/again") == {"spotify": {}}
        finally:
            server.shutdown()
