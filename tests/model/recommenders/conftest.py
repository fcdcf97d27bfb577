"""Training parts that recommenders are tried on: a random one, and one to reckon with by hand."""

from collections.abc import Callable

import numpy as np
import pytest

from model.ragged import Ragged
from model.recommenders.base import Recommender, Training

Best = Callable[..., tuple[list[int], list[float]]]


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


@pytest.fixture(scope="session")
def handful() -> Training:
    """Four playlists of 7 of 8 songs; two songs an artist, and names to look for."""
    return Training(
        playlist_ids=np.arange(4),
        names=["rock", "rock", "sleep", "party"],
        num_followers=np.ones(4, dtype=np.int64),
        playlists=Ragged.of([[0, 1, 2], [0, 1, 3], [4, 5], [5, 6, 0]]),
        songs=np.zeros((8, 12)),
        artists=np.array([0, 0, 1, 1, 2, 2, 3, 3]),
        albums=np.array([0, 1, 2, 2, 3, 3, 4, 4]),
        titles=["Rock!!", "ROCK", "Sleep 💤", "Party"],
        artist_names=["Abba", "Blur", "Moby", "Dido"],
        album_names=["Gold", "Waterloo", "Parklife", "Play", "No Angel"],
    )


@pytest.fixture(scope="session")
def best(handful: Training) -> Best:
    """Fit a recommender on the handful, and give its songs and scores for one playlist."""

    def ask(
        recommender: Recommender, seeds: list[int], *, n: int, title: str | None = None
    ) -> tuple[list[int], list[float]]:
        titles = None if title is None else [title]
        songs, scores = recommender.fit(handful).recommend(Ragged.of([seeds]), n=n, title=titles)
        return songs[0].tolist(), scores.tolist()

    return ask


@pytest.fixture(
    params=["", "!!", "q", "x" * 400, "🦄"],
    ids=["no name", "marks", "one letter", "one long word", "a sign"],
)
def unlike(request: pytest.FixtureRequest) -> str:
    """A name that is like none of the handful's."""
    return str(request.param)
