"""A training part that all recommenders are tried on."""

import numpy as np
import pytest

from model.ragged import Ragged
from model.recommenders.base import Training


@pytest.fixture(scope="session")
def training() -> Training:
    """60 playlists of 5 ... 20 of 80 songs; a catalogue of 90, of which 10 are unknown."""
    rng = np.random.default_rng(5)
    lists = [
        (rng.choice(40, rng.integers(5, 20), replace=False) + 40 * (row % 2)).tolist()
        for row in range(60)
    ]
    songs = rng.random((90, 12))
    songs[:40, 7] += 100
    return Training(
        playlist_ids=np.arange(60) * 3,
        names=["name"] * 60,
        num_followers=rng.integers(2, 100, 60),
        playlists=Ragged.of(lists),
        songs=songs,
    )
