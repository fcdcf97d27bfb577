"""A made-up state whose playlists are long enough for every category, and what is cut from it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.challenge.catalogue import Catalogue
from model.challenge.cutting import Challenge, cut_challenge
from model.ragged import Ragged

N_PLAYLISTS, N_SONGS = 40, 900


@pytest.fixture(scope="session")
def long_lists() -> Ragged:
    """40 playlists of 10 to 400 songs of 900, some of them repeated."""
    rng = np.random.default_rng(3)
    return Ragged.of(rng.integers(N_SONGS, size=size) for size in range(10, 410, 10))


@pytest.fixture(scope="session")
def long_state(tmp_path_factory: pytest.TempPathFactory, made_up: Any, long_lists: Ragged) -> Path:
    """Their tables; four songs an artist, playlist 7 without a name."""
    songs = [made_up.Song(f"Song {row}", f"Artist {row // 4}") for row in range(N_SONGS)]
    playlists = [
        made_up.Listed("" if row == 7 else f"Mix {row}", 2, long_lists[row].tolist())
        for row in range(N_PLAYLISTS)
    ]
    state: Path = tmp_path_factory.mktemp("long")
    made_up.write_tables(state, playlists, songs)
    return state


@pytest.fixture(scope="session")
def catalogue(long_state: Path) -> Catalogue:
    return Catalogue.read(long_state, np.arange(N_SONGS))


@pytest.fixture(scope="session")
def cut(long_lists: Ragged, catalogue: Catalogue) -> Challenge:
    """Two playlists of each category."""
    titles = catalogue.titles.tolist()
    return cut_challenge(long_lists, titles, np.arange(N_PLAYLISTS), 0, n_playlists=20)
