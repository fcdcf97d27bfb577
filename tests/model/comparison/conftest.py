"""A made-up state that recommenders are compared on."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def compared_catalogue(made_up: Any) -> tuple[list[Any], list[Any]]:
    """300 playlists of 900 songs, all of which have audio features."""
    playlists, songs = made_up.make_catalogue(n_playlists=300, n_songs=900)
    for song in songs:
        song.features = song.features or {}
    return playlists, songs


@pytest.fixture(scope="session")
def compared_state(
    tmp_path_factory: pytest.TempPathFactory,
    made_up: Any,
    compared_catalogue: tuple[list[Any], list[Any]],
) -> Path:
    return Path(made_up.write_state(tmp_path_factory.mktemp("state"), *compared_catalogue))
