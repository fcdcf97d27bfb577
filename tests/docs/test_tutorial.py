"""The tutorial's commands run in their order, and print what it shows.

Only its port is another one here, its first block (the installation) is this environment, and its
last command, which runs until Ctrl-C, is looked at from outside.
"""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|text)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
COMMANDS = [block for kind, block in BLOCKS if kind == "sh"]
SHOWN = [line for kind, block in BLOCKS if kind == "text" for line in block.splitlines()]
PORT = "8765"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    """Environment of a person who has just installed, in a terminal of 100 columns."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ours = re.compile("SPOTIFY_|LASTFM_|RECCOBEATS_|HARVEST_")
    kept = {name: value for name, value in os.environ.items() if not ours.match(name)}
    return {**kept, "PATH": path, "COLUMNS": "100", "HARVEST_STATE": "state/first"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("tutorial")
    (made / "state").mkdir()
    return made


@pytest.fixture(scope="module")
def told(folder, settings) -> str:
    """What all commands between the first block and the last print."""
    script = "".join(COMMANDS[1:-1]).replace(PORT, str(_free_port()))
    done = subprocess.run(
        [
            "bash",
            "-e",
            "-c",
            re.sub(r"&$", "> services.json & " + _WAIT, script, flags=re.MULTILINE),
        ],
        cwd=folder,
        env=settings,
        check=False,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    return _plain(done.stdout)


_WAIT = "until [ -s services.json ]; do sleep .1; done"


def test_the_first_block_installs_and_names_the_state_that_the_others_use():
    assert "make install" in COMMANDS[0]
    assert "HARVEST_STATE=state/first" in COMMANDS[0]


@pytest.mark.parametrize("line", SHOWN)
def test_the_commands_print_what_is_shown(told, line):
    assert _plain(line) in told


def test_they_leave_the_files_that_are_spoken_of(told, folder):
    assert (folder / "list.m3u8").read_text(encoding="utf-8").startswith("#EXTM3U")
    assert (folder / "state" / "first" / "report.html").stat().st_size > 0


def test_the_last_command_serves_the_page_until_ctrl_c(told, folder, settings):
    assert COMMANDS[-1] == "model serve\n"
    command = ["model", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=folder, env=settings, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        (address,) = re.findall(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())
        with urlopen(address, timeout=300) as page:
            assert page.status == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=300) in {0, 128 + signal.SIGINT}


def test_every_file_of_the_artifacts_is_described(told, folder):
    described = _described_artifacts()
    lacking = [
        f"{stage}/{name}"
        for stage, name in _artifact_files(folder / "state" / "first" / "model")
        if not any(re.fullmatch(pattern, name) for pattern in described.get(stage, []))
    ]
    assert not lacking


def test_every_file_of_the_results_is_described(told, folder):
    rows = _section("## `state/results/PROTOCOL").splitlines()
    patterns = [_pattern(name) for row in rows for name in _names(row.split("|")[1:2])]
    files = (folder / "state" / "first" / "results" / "holdout-k10").iterdir()
    names = [path.name for path in files]
    assert names
    assert not [name for name in names if not any(re.fullmatch(each, name) for each in patterns)]


def _artifact_files(model: Path) -> set[tuple[str, str]]:
    found = {
        (path.parts[-3], path.name.removesuffix(".npy"))
        for path in model.glob("*/*/*")
        if path.name != "fitted_on.npy"
    }
    assert found
    return found


def _described_artifacts() -> dict[str, list[str]]:
    """Return patterns of the files of each stage, as data.md describes them."""
    stages, described = ["all"], {"all": [""]}
    for row in _section("## `state/model/").splitlines():
        cells = row.split("|")[1:-1]
        if len(cells) == 4:
            stages = _names(cells[:1]) or stages
            for stage in stages:
                described.setdefault(stage, [*described["all"]]).extend(
                    _pattern(name) for name in _names(cells[1:2])
                )
    return described


def _section(title: str) -> str:
    """Return the part of data.md from the heading that begins so to the next."""
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    start = page.index(title)
    return page[start : page.index("\n## ", start)]


def _names(cells: list[str]) -> list[str]:
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def _pattern(name: str) -> str:
    """Return a pattern of a file's name, in which `…` and words of capitals stand for any."""
    return re.sub(r"…|[A-Z]{4,}", ".+", name.replace(".", r"\."))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
