"""Runs the console scripts as a person would: real processes, a real server on loopback."""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests import forking

BIN = Path(sys.executable).parent
N_PLAYLISTS = 30
BY_RAW_NAMES = ("--plain-share", "0")  # one request a track and part, whatever its title
CREDENTIALS = {
    "SPOTIFY_CLIENT_ID": "made-up",
    "SPOTIFY_CLIENT_SECRET": "s3cret-made-up",
    "LASTFM_API_KEY": "k3y-made-up",
}


class Programs:
    """The two programs, run in a folder of their own with nothing of ours in the environment.

    Nor with certificates of a machine behind a proxy, since who trusts others than the system's
    cannot be forked, see `run`: each start would take half a second more.
    """

    def __init__(self, folder, settings=None):
        self.folder = folder
        self.state = folder / "state"
        ours = ("SPOTIFY_", "LASTFM_", "RECCOBEATS_", "HARVEST_", "SSL_CERT_")
        plain = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        self.settings = {**plain, "COLUMNS": "120", **(settings or {})}

    def with_settings(self, **settings):
        other = Programs(self.folder)
        other.settings = {**self.settings, **settings}
        return other

    def argv(self, program, *arguments):
        return [str(BIN / program), *map(str, arguments)]

    def run(self, program, *arguments, timeout=300):
        """Run to the end; returns exit code, stdout and stderr."""
        if "SSL_CERT_FILE" in self.settings:  # The HTTP client reads it when it is imported.
            return self.run_script(program, *arguments)
        argv = [*map(str, arguments)]
        return forking.run(program, *argv, cwd=self.folder, env=self.settings, timeout=timeout)

    def run_script(self, program, *arguments):
        """Run the console script itself."""
        return subprocess.run(
            self.argv(program, *arguments),
            cwd=self.folder,
            env=self.settings,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def start(self, program, *arguments):
        return subprocess.Popen(
            self.argv(program, *arguments),
            cwd=self.folder,
            env=self.settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def counts(self, job):
        """What `harvest status --json` says of a job."""
        return json.loads(self.run("harvest", "status", "--json").stdout)["jobs"][job]


@contextmanager
def running_emulator(folder, *arguments):
    """The emulator in a process of its own; gives its addresses as settings."""
    settings, argv = Programs(folder).settings, ["harvest", "emulate", *map(str, arguments)]
    reader, writer = os.pipe()
    with (
        (folder / "emulator.log").open("w+", encoding="utf-8") as log,
        os.fdopen(reader, encoding="utf-8") as said,
        forking.Started(*argv, cwd=folder, env=settings, output=[writer, log.fileno()]) as process,
    ):
        os.close(writer)
        line = said.readline()
        assert line, (folder / "emulator.log").read_text()
        yield {name.upper(): url for name, url in json.loads(line).items()}
        process.send_signal(signal.SIGTERM)
        assert process.wait(300) is not None


def stats(urls, path="/_stats"):
    """What the emulator counted."""
    with urlopen(f"http://{urlsplit(urls['SPOTIFY_API_URL']).netloc}{path}", timeout=300) as reply:
        return json.load(reply)


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory):
    """A small made-up dataset, by the command that makes it."""
    folder = tmp_path_factory.mktemp("catalogue")
    path = folder / "catalogue.zip"
    done = Programs(folder).run("harvest", "catalogue", path, "--playlists", N_PLAYLISTS)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="session")
def read_state(tmp_path_factory, catalogue):
    """A state folder with the catalogue's tables in it."""
    programs = Programs(tmp_path_factory.mktemp("tables"))
    done = programs.run("harvest", "mpd", catalogue)
    assert done.returncode == 0, done.stderr
    return programs.state


@pytest.fixture
def programs(tmp_path):
    return Programs(tmp_path)


@pytest.fixture
def emulated(tmp_path, read_state):
    """Call with the emulator's options: gives the programs, set up against it, and its urls."""

    @contextmanager
    def start(*arguments):
        shutil.copytree(read_state, tmp_path / "state", dirs_exist_ok=True)
        tables = tmp_path / "state/tables"
        with running_emulator(tmp_path, "--tables", tables, *BY_RAW_NAMES, *arguments) as urls:
            yield Programs(tmp_path, {**CREDENTIALS, **urls}), urls

    return start


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory, read_state):
    """What each job stores when nothing disturbs it."""
    from tests.end_to_end import killing

    found = {}
    tables = read_state / "tables"
    with running_emulator(read_state.parent, "--tables", tables, *BY_RAW_NAMES) as urls:
        for job in killing.TABLES:
            folder = tmp_path_factory.mktemp("undisturbed")
            shutil.copytree(read_state, folder / "state")
            killing.prepare(folder / "state", job)
            programs = Programs(folder, {**CREDENTIALS, **urls})
            done = programs.run("harvest", job, *killing.FAST)
            assert done.returncode == 0, done.stderr
            found[job] = killing.rows(programs.state, job)
    return found
