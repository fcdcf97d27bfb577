from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from model import metrics

songs = st.lists(st.integers(0, 40), unique=True, max_size=30)
truths = st.lists(st.integers(0, 40), unique=True, min_size=1, max_size=30)
NONE = np.empty(0, dtype=np.int64)


@given(songs, truths)
def test_every_figure_stays_within_its_bounds(listed: list[int], hidden: list[int]) -> None:
    recommended, truth = np.array(listed, dtype=np.int64), np.array(hidden)
    artists = np.arange(41) // 3
    assert 0 <= metrics.match(recommended, truth) <= min(len(recommended), len(truth))
    assert 0 <= metrics.recall(recommended, truth) <= 1
    assert 0 <= metrics.r_precision(recommended, truth, artists) <= 1
    assert 0 <= metrics.ndcg(recommended, truth) <= 1
    assert 0 <= metrics.clicks(recommended, truth) <= 51


@given(truths, st.randoms(use_true_random=False))
def test_the_truth_itself_is_perfect_in_any_order(hidden: list[int], random: Random) -> None:
    truth = np.array(hidden)
    recommended = np.array(random.sample(hidden, len(hidden)))
    assert metrics.r_precision(recommended, truth, np.arange(41)) == 1
    assert metrics.ndcg(recommended, truth) == pytest.approx(1)
    assert metrics.clicks(recommended, truth) == 0


def test_an_empty_truth_gives_nan() -> None:
    recommended = np.array([1, 2])
    assert np.isnan(metrics.recall(recommended, NONE))
    assert np.isnan(metrics.r_precision(recommended, NONE, np.arange(3)))
    assert np.isnan(metrics.ndcg(recommended, NONE))
    assert np.isnan(metrics.clicks(recommended, NONE))


def test_an_empty_list_finds_nothing() -> None:
    truth = np.array([1])
    assert metrics.match(NONE, truth) == 0
    assert np.isnan(metrics.precision(NONE, truth))
    assert metrics.ndcg(NONE, truth) == 0
    assert metrics.clicks(NONE, truth) == 51


def test_a_song_recommended_twice_matches_once() -> None:
    assert metrics.match(np.array([4, 4, 5]), np.array([4])) == 1


def test_r_precision_looks_at_as_many_songs_as_are_hidden() -> None:
    # Two hidden songs: of the first two recommended, one is hidden: 1 / 2; song 9 comes too late.
    artists = np.arange(10)
    assert metrics.r_precision(np.array([1, 2, 9]), np.array([1, 9]), artists) == 0.5


def test_an_artist_is_credited_once_and_not_beside_a_hit() -> None:
    artists = np.array([0, 0, 0, 1, 1, 1, 2])
    # Hidden 0, 3, 6, 2. Recommended 1, 4, 5, 0: song 0 is a hit, so its artist 0 earns nothing
    # for song 1; artist 1 earns 0.25 once for songs 4 and 5. (1 + 0.25) / 4 = 0.3125.
    found = metrics.r_precision(np.array([1, 4, 5, 0]), np.array([0, 3, 6, 2]), artists)
    assert found == pytest.approx(0.3125)


def test_ndcg_agrees_with_another_library() -> None:
    rng = np.random.default_rng(0)
    recommended, truth = rng.permutation(60), rng.choice(60, 12, replace=False)
    relevance = np.isin(recommended, truth).astype(float)
    expected = ndcg_score([relevance], [np.arange(60, 0, -1)])
    assert metrics.ndcg(recommended, truth) == pytest.approx(expected)


def test_ndcg_of_more_hidden_songs_than_places_can_be_perfect() -> None:
    truth = np.arange(20)
    assert metrics.ndcg(np.arange(10), truth, length=10) == pytest.approx(1)


@pytest.mark.parametrize(("place", "expected"), [(1, 0), (10, 0), (11, 1), (500, 49), (501, 51)])
def test_clicks_count_pages_of_ten_up_to_five_hundred(place: int, expected: int) -> None:
    assert metrics.clicks(np.arange(600), np.array([place - 1])) == expected


def test_the_studys_metrics_add_up() -> None:
    # 1/5 + 20 = 20.2; 20.2 + 3 = 23.2.
    matches, distances, differences = np.array([5.0]), np.array([20.0]), np.array([3.0])
    assert metrics.metric2(matches, distances).tolist() == pytest.approx([20.2])
    assert metrics.metric(matches, distances, differences).tolist() == pytest.approx([23.2])


def test_a_negative_prediction_counts_as_no_followers_in_the_log_ratio() -> None:
    # |log((1 + 0) / (1 + 1))| = log 2
    ratio = metrics.followers_log_ratio(np.array([1.0]), np.array([-5.0]))
    assert ratio.tolist() == pytest.approx([np.log(2)])
