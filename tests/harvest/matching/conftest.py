from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from harvest.matching.forms import Forms, make_forms
from harvest.matching.reading import read_inputs
from tests.harvest.named_state import Names
from tests.harvest.named_state import write_state as write

WriteState = Callable[[Names, Names], Path]


@pytest.fixture(name="write_state")
def _write_state(tmp_path: Path) -> WriteState:
    """Write a state of these (artist, title): songs, then tracks."""
    return partial(write, tmp_path / "state")


@pytest.fixture
def form(write_state: WriteState, tmp_path: Path) -> Callable[[Names, Names], Forms]:
    """Bring the names of songs and tracks into their forms."""

    def of(songs: Names, tracks: Names) -> Forms:
        return make_forms(read_inputs(write_state(songs, tracks)), tmp_path / "forms", workers=1)

    return of
