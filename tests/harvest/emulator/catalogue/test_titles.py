import numpy as np
import pytest

from harvest.emulator.catalogue import titles
from harvest.emulator.catalogue.genres import GENRES


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.mark.parametrize("genre", GENRES, ids=lambda genre: genre.name)
def test_every_genre_s_artists_have_whole_names(genre, rng):
    names = [titles.artist_name(rng, genre.name) for _ in range(200)]
    assert len(set(names)) > 50
    assert all(name.strip() and "{" not in name for name in names)


def test_some_titles_bear_a_suffix_that_can_be_told(rng):
    artist_of = np.repeat(np.arange(300), 10)
    made, is_decorated = titles.track_titles(rng, artist_of)
    assert len(made) == len(is_decorated) == 3000
    stripped = [title for title in made if titles.base_title(title) != title]
    assert 0.05 < len(stripped) / len(made) < 0.25
    assert all(titles.base_title(title) for title in made)


def test_a_title_without_a_suffix_stays(rng):
    for _ in range(200):
        title = titles.plain_title(rng)
        assert titles.base_title(title) == title


def test_playlists_are_named_after_their_genre_or_a_mood_or_oddly(rng):
    names = [titles.playlist_name(rng, ("Rock", "Classic Rock"), "Chill") for _ in range(2000)]
    assert all(isinstance(name, str) for name in names)
    assert sum("Rock" in name for name in names) > 200
    assert len(set(names)) < len(names)
