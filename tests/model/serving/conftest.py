"""A page that is served, and Chromium to look at it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from selenium.webdriver import Chrome


@pytest.fixture(scope="module")
def address(small_state: Path, library: object) -> Iterator[str]:
    """Where `model serve`, started as a user does, serves the small state."""
    with _served(small_state) as served:
        yield served


@pytest.fixture
def address_of_playlists(small_state: Path, library: object) -> Iterator[str]:
    """Where `model serve` answers by a method that reads neither titles nor a share."""
    with _served(small_state, "--recommender", "playlists") as served:
        yield served


@contextmanager
def _served(state: Path, *options: str) -> Iterator[str]:
    command = [sys.executable, "-m", "model", "serve", "--port", "0", "--state", str(state)]
    command += options
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        yield line.split(" at ")[1].split()[0]
        server.terminate()


@pytest.fixture
def browser(
    start_chromium: Callable[[Path], AbstractContextManager[Chrome]], tmp_path: Path
) -> Iterator[Chrome]:
    with start_chromium(tmp_path) as driver:
        yield driver
