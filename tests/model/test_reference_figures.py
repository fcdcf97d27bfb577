from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from tests.model import reference_figures as figures

songs = st.lists(st.integers(0, 40), unique=True, max_size=30)
truths = st.lists(st.integers(0, 40), unique=True, min_size=1, max_size=30)
NONE = np.empty(0, dtype=np.int64)


@given(songs, truths)
def test_every_figure_stays_within_its_bounds(listed: list[int], hidden: list[int]) -> None:
    recommended, truth = np.array(listed, dtype=np.int64), np.array(hidden)
    artists = np.arange(41) // 3
    assert 0 <= figures.match(recommended, truth) <= min(len(recommended), len(truth))
    assert 0 <= figures.recall(recommended, truth) <= 1
    assert 0 <= figures.r_precision(recommended, truth, artists) <= 1
    assert 0 <= figures.ndcg(recommended, truth) <= 1
    assert 0 <= figures.clicks(recommended, truth) <= 51


@given(truths, st.randoms(use_true_random=False))
def test_the_truth_itself_is_perfect_in_any_order(hidden: list[int], random: Random) -> None:
    truth = np.array(hidden)
    recommended = np.array(random.sample(hidden, len(hidden)))
    assert figures.r_precision(recommended, truth, np.arange(41)) == 1
    assert figures.ndcg(recommended, truth) == pytest.approx(1)
    assert figures.clicks(recommended, truth) == 0


def test_an_empty_truth_gives_nan() -> None:
    recommended = np.array([1, 2])
    assert np.isnan(figures.recall(recommended, NONE))
    assert np.isnan(figures.r_precision(recommended, NONE, np.arange(3)))
    assert np.isnan(figures.ndcg(recommended, NONE))
    assert np.isnan(figures.clicks(recommended, NONE))


def test_an_empty_list_finds_nothing() -> None:
    truth = np.array([1])
    assert figures.match(NONE, truth) == 0
    assert np.isnan(figures.precision(NONE, truth))
    assert figures.ndcg(NONE, truth) == 0
    assert figures.clicks(NONE, truth) == 51


def test_a_song_recommended_twice_matches_once() -> None:
    assert figures.match(np.array([4, 4, 5]), np.array([4])) == 1


def test_r_precision_looks_at_as_many_songs_as_are_hidden() -> None:
    # Two hidden songs: of the first two recommended, one is hidden: 1 / 2; song 9 comes too late.
    artists = np.arange(10)
    assert figures.r_precision(np.array([1, 2, 9]), np.array([1, 9]), artists) == 0.5


def test_an_artist_is_credited_once_and_not_beside_a_hit() -> None:
    artists = np.array([0, 0, 0, 1, 1, 1, 2])
    # Hidden 0, 3, 6, 2. Recommended 1, 4, 5, 0: song 0 is a hit, so its artist 0 earns nothing
    # for song 1; artist 1 earns 0.25 once for songs 4 and 5. (1 + 0.25) / 4 = 0.3125.
    found = figures.r_precision(np.array([1, 4, 5, 0]), np.array([0, 3, 6, 2]), artists)
    assert found == pytest.approx(0.3125)


def test_ndcg_agrees_with_another_library() -> None:
    rng = np.random.default_rng(0)
    recommended, truth = rng.permutation(60), rng.choice(60, 12, replace=False)
    relevance = np.isin(recommended, truth).astype(float)
    expected = ndcg_score([relevance], [np.arange(60, 0, -1)])
    assert figures.ndcg(recommended, truth) == pytest.approx(expected)


def test_ndcg_of_more_hidden_songs_than_places_can_be_perfect() -> None:
    truth = np.arange(20)
    assert figures.ndcg(np.arange(10), truth, length=10) == pytest.approx(1)


@pytest.mark.parametrize(("place", "expected"), [(1, 0), (10, 0), (11, 1), (500, 49), (501, 51)])
def test_clicks_count_pages_of_ten_up_to_five_hundred(place: int, expected: int) -> None:
    assert figures.clicks(np.arange(600), np.array([place - 1])) == expected
