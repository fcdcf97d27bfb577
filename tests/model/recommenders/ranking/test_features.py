import numpy as np
import pytest

from model.ragged import Ragged
from model.recommenders.ranking.candidates import Query
from model.recommenders.ranking.facts import feature_names
from model.recommenders.ranking.features import Describer
from model.recommenders.spreading import Weighted


@pytest.fixture(scope="module")
def described(handful):
    """Candidates 3, 1 and 7 of a playlist "rock" that begins with songs 0 and 2."""
    found = Weighted.of(Ragged.of([[3, 1]]), np.array([8.0, 2.0]), 8)
    query = Query(Ragged.of([[0, 2]]), ["rock"], [found], Ragged.of([[3, 1, 7]]))
    facts = Describer().fit(handful).describe(query)
    return dict(zip(feature_names(["own"]), facts.T, strict=True))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("own: score", [8, 2, 0]),
        ("own: relative score", [1, 1 / 4, 0]),
        ("own: place", [1, 2, 2001]),
        ("seeds of the artist: count", [1, 1, 0]),
        ("seeds of the artist: share", [1 / 2, 1 / 2, 0]),
        ("seeds of the artist: steps back", [0, 1, 2]),
        ("seeds of the album: count", [1, 0, 0]),
        ("votes", [1 / 61, 1 / 62, 0]),
        ("artist's votes", [1 / 61, 1 / 62, 0]),
        ("place by artist", [0, 0, 0]),
    ],
)
def test_a_candidate_is_described_by_what_found_it_and_by_its_seeds(described, name, values):
    assert described[name] == pytest.approx(values, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("popularity", np.log([2, 3, 1])),
        ("artist's entries", np.log([3, 6, 2])),
        ("album's entries", np.log([3, 3, 2])),
        ("share of artist", [1 / 2, 2 / 5, 0]),
        ("mean place", [1, 1 / 2, np.nan]),
    ],
)
def test_a_song_is_described_by_its_entries(described, name, values):
    # Song 3 ends a playlist; 1 is in the midst of two; 7 is in none, but its artist's 6 in one.
    assert described[name] == pytest.approx(values, rel=1e-6, nan_ok=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seeds", 2),
        ("known seeds", 2),
        ("artists", 1),
        ("largest artist", 1 / 2),
        ("albums", 1),
        ("popularity of seeds", (np.log(4) + np.log(2)) / 2),
        ("has title", 1),
        ("closeness of titles", 1),
        ("audio distance", 0),
        ("tag similarity", np.nan),
    ],
)
def test_each_candidate_carries_the_facts_of_its_playlist(described, name, value):
    # Without tags, how alike they are is unknown.
    assert described[name] == pytest.approx([value] * 3, rel=1e-6, nan_ok=True)
