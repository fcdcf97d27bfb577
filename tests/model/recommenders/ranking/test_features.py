from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from model.ragged import Ragged
from model.recommenders.ranking.candidates import Query
from model.recommenders.ranking.facts import feature_names
from model.recommenders.ranking.features import Describer
from model.recommenders.spreading import Weighted
from model.recommenders.title_matcher import TitleMatcher


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


@pytest.fixture(scope="module")
def describer(handful):
    """Fitted on playlists of songs of which everything is known."""
    songs = np.zeros((8, 12))
    songs[:, 0] = [1, -1, 1, -1, 1, -1, 0, 3]
    tags = np.zeros((8, 3))
    tags[[0, 0, 2, 3, 4, 7, 7], [0, 1, 2, 0, 1, 1, 2]] = [3, 4, 2, 1, 5, 1, 1]
    albums = np.array([0, 1, 2, 2, 3, 4, 5, 5])
    train = replace(handful, songs=songs, tags=csr_array(tags), albums=albums)
    similar = Ragged.of([[3], [], [4, 3], [], [], [], [], [3]])
    return Describer().fit(train, Weighted.of(similar, np.array([0.5, 0.25, 0.2, 0.1]), 8))


@pytest.fixture(scope="module")
def all_known(describer):
    """Candidates 3, 6, 4 and 5 of a nameless playlist of songs 0, 1, 2 and 7."""
    one = Weighted.of(Ragged.of([[5, 3]]), np.array([8.0, 2.0]), 8)
    other = Weighted.of(Ragged.of([[4, 5]]), np.array([3.0, 1.0]), 8)
    candidates, seeds = Ragged.of([[3, 6, 4, 5]]), Ragged.of([[0, 1, 2, 7]])
    facts = describer.describe(Query(seeds, [" "], [one, other], candidates))
    return dict(zip(feature_names(["one", "other"]), facts.T, strict=True))


BOTH = 2 / 61 + 1 / 62  # votes for songs 4 and 5, of one artist and two albums
SEEN = np.log([4, 3, 2])  # Song 7 is in no playlist.


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("one: place", [2, 2001, 2001, 1]),
        ("other: relative score", [0, 0, 1, 1 / 3]),
        ("votes", [1 / 62, 0, 1 / 61, 1 / 61 + 1 / 62]),
        ("artist's votes", [1 / 62, 0, BOTH, BOTH]),
        ("album's votes", [1 / 62, 0, 1 / 61, 1 / 61 + 1 / 62]),
        ("share of artist's votes", [1, 0, 1 / 61 / BOTH, (1 / 61 + 1 / 62) / BOTH]),
        ("place by artist", [0, 0, 1, 0]),
        ("seeds of the album: count", [1, 1, 0, 0]),
        ("seeds of the album: share", [1 / 4, 1 / 4, 0, 0]),
        ("seeds of the album: steps back", [1, 0, 4, 4]),
        ("similarity to seeds: best", [0.5, 0, 0.25, 0]),
        ("similarity to seeds: share", [3 / 4, 0, 1 / 4, 0]),
        ("similarity to seeds: last", [0.1, 0, 0, 0]),
        ("popularity beside seeds'", np.log([2, 2, 2, 3]) - SEEN.mean()),
        # The seven songs of playlists have mean 0 and variance 6 / 7; the seeds' mean is 1.
        ("audio distance", np.array([2, 1, 0, 2]) / np.sqrt(6 / 7 * 12)),
        # Lengths are 1: seeds (.6 .8 0), (0 0 1), (0 1 1) / root 2; candidates (1 0 0), (0 1 0).
        ("tag similarity", [0.6 / 4, np.nan, (0.8 + np.sqrt(0.5)) / 4, np.nan]),
    ],
)
def test_candidates_differ_by_all_that_is_known_of_songs(all_known, name, values):
    assert all_known[name] == pytest.approx(np.array(values), rel=1e-5, abs=1e-7, nan_ok=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seeds", 4),
        ("known seeds", 3),
        ("artists", 3 / 4),
        ("largest artist", 2 / 4),
        ("albums", 4 / 4),
        ("popularity of seeds", SEEN.mean()),
        ("deviation of popularity", SEEN.std()),
        # 1, -1, 1 and 3 in one of twelve features, before they are scaled.
        ("audio variance", 2 / (6 / 7) / 12),
        ("has title", 0),
        ("closeness of titles", 0),
    ],
)
def test_a_playlist_is_described_by_its_seeds_those_of_no_playlist_too(all_known, name, value):
    assert all_known[name] == pytest.approx(np.full(4, value), rel=1e-5)


def described_alone(describer, seeds, candidates, title=""):
    """The facts of a few candidates that no retriever found."""
    found = [Weighted.nothing(1, 8)]
    facts = describer.describe(Query(Ragged.of([seeds]), [title], found, Ragged.of([candidates])))
    return dict(zip(feature_names(["own"]), facts.T.tolist(), strict=True))


def test_a_single_seed_is_all_of_its_artist_and_album(describer):
    facts = described_alone(describer, [2], [3, 0])
    for name in ("artists", "largest artist", "albums", "known seeds"):
        assert facts[name] == [1, 1]
    assert facts["seeds of the artist: share"] == [1, 0]
    # Song 2 has the tag (0 0 1), which neither candidate has.
    assert facts["tag similarity"] == [0, 0]
    assert described_alone(describer, [7], [4])["tag similarity"] == pytest.approx([np.sqrt(0.5)])


def test_a_seed_that_stands_twice_meets_a_candidate_once(describer):
    facts = described_alone(describer, [0, 0, 1], [3])
    assert facts["similarity to seeds: share"] == [1 / 2]
    assert facts["seeds"] == [3]


def test_without_seeds_and_title_there_is_nothing_to_be_like(describer):
    facts = described_alone(describer, [], [3])
    for name in ("seeds", "artists", "largest artist", "has title", "closeness of titles"):
        assert facts[name] == [0]
    assert np.isnan(facts["audio distance"]).all()
    assert np.isnan(facts["popularity beside seeds'"]).all()


def test_a_title_is_as_close_as_the_closest(describer, handful):
    titles = TitleMatcher().fit(handful.titles).match(["sleep rock"], n=4)
    assert len(set(titles.weights.tolist())) > 1
    facts = described_alone(describer, [0], [3], title="sleep rock")
    assert facts["closeness of titles"] == pytest.approx([titles.weights.max()])
