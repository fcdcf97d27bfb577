import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.figures.scoring import Truth, count_matches, finish_rows, score_features, score_songs
from model.ragged import IntArray, Ragged
from tests.model import reference_figures as figures


@pytest.fixture
def truth() -> Truth:
    return Truth(
        playlist_ids=np.array([7, 9]),
        songs=Ragged.of([[1, 2], [3]]),
        features=np.zeros((2, 12)),
        num_followers=np.array([10.0, 20.0]),
        artists=np.arange(9),
    )


def test_song_metrics_are_taken_row_by_row(truth: Truth) -> None:
    scores = score_songs(Ragged.of([[1, 5], [4]]), Ragged.of([[5, 1, 2], [4]]), truth)
    # Of 1 and 5 one is hidden; of 5, 1, 2 both hidden ones are there.
    assert scores.loc[0, ["precision", "r_precision", "recall", "clicks"]].tolist() == [
        0.5,
        0.5,
        1.0,
        0.0,
    ]
    assert scores.loc[1, ["precision", "r_precision", "recall", "clicks"]].tolist() == [0, 0, 0, 51]


def test_feature_metrics_follow_the_study(truth: Truth) -> None:
    features = np.zeros((2, 12))
    features[1, 0], features[1, 7] = 3.0, 4.0
    scores = score_features(features, np.array([2.0, 4.0]), truth, predicted=np.array([13.0, 15.0]))
    # Distances 0 and 5; differences 3 and 5; 1/2 + 0 + 3 and 1/4 + 5 + 5.
    assert scores["distance"].tolist() == [0.0, 5.0]
    assert scores["diff"].tolist() == [3.0, 5.0]
    assert scores["metric2"].tolist() == [0.5, 5.25]
    assert scores["metric"].tolist() == [3.5, 10.25]


def test_matches_are_counted_row_by_row() -> None:
    assert count_matches(Ragged.of([[1, 1, 2], []]), Ragged.of([[1], [4]])).tolist() == [1, 0]


def test_a_failed_playlist_keeps_its_row_without_figures(truth: Truth) -> None:
    scores = score_songs(truth.songs, truth.songs, truth)
    rows = finish_rows(scores, truth, failures=["", "why"], n_clusters=3, start_num=0)
    assert rows["playlist_id"].tolist() == [7, 9]
    assert rows["failure"].tolist() == ["", "why"]
    assert rows["ndcg"].notna().tolist() == [True, False]


named = st.lists(st.integers(0, 29), max_size=12)
hidden = st.lists(st.integers(0, 29), max_size=6, unique=True)
singers = st.lists(st.integers(0, 5), min_size=30, max_size=30)


def make_truth(truths: list[list[int]], artists: IntArray) -> Truth:
    n = len(truths)
    songs = Ragged.of(truths)
    return Truth(np.arange(n), songs, np.zeros((n, 12)), np.zeros(n), artists)


def score_plainly(songs: list[int], ranked: list[int], truth: list[int], artists: IntArray) -> list:
    """Score one playlist by the definitions."""
    found, best = (np.array(list(dict.fromkeys(one)), dtype=np.int64) for one in (songs, ranked))
    wanted = np.array(truth, dtype=np.int64)
    return [
        figures.precision(found, wanted),
        figures.recall(best, wanted),
        figures.r_precision(found, wanted, artists),
        figures.ndcg(best, wanted),
        figures.clicks(best, wanted),
    ]


@given(st.lists(st.tuples(named, named, hidden), max_size=8), singers)
def test_figures_of_many_lists_are_those_that_the_definitions_give_one_by_one(
    rows: list[tuple[list[int], list[int], list[int]]], artists: list[int]
) -> None:
    songs, ranked, truths = ([row[part] for row in rows] for part in range(3))
    by = np.array(artists)
    scores = score_songs(Ragged.of(songs), Ragged.of(ranked), make_truth(truths, by))
    expected = [score_plainly(*row, by) for row in rows]
    assert scores.to_numpy() == pytest.approx(
        np.array(expected).reshape(-1, 5), rel=1e-12, nan_ok=True
    )


def test_figures_of_lists_longer_than_five_hundred_are_those_of_the_definitions() -> None:
    rng = np.random.default_rng(1)
    artists = rng.integers(300, size=2000)
    rows = [
        (
            rng.choice(2000, 40, replace=False).tolist(),
            # The first hit comes late, or not within the first 500.
            (rng.permutation(1900) + 100).tolist()[: 450 + 30 * row],
            [*range(5 * row), *rng.choice(np.arange(100, 2000), 3 * row, replace=False).tolist()],
        )
        for row in range(12)
    ]
    songs, ranked = (Ragged.of([row[part] for row in rows]) for part in range(2))
    truth = make_truth([row[2] for row in rows], artists)
    expected = np.array([score_plainly(*row, artists) for row in rows])
    assert score_songs(songs, ranked, truth).to_numpy() == pytest.approx(
        expected, rel=1e-12, nan_ok=True
    )


@given(st.lists(st.tuples(named, named), max_size=8))
def test_matches_are_those_of_the_definition(rows: list[tuple[list[int], list[int]]]) -> None:
    matches = count_matches(
        Ragged.of([one for one, _ in rows]), Ragged.of([two for _, two in rows])
    )
    assert matches.tolist() == [
        figures.match(np.array(one, dtype=np.int64), np.array(two, dtype=np.int64))
        for one, two in rows
    ]


def test_no_playlists_give_no_figures() -> None:
    nothing = Ragged.of([])
    truth = make_truth([], np.empty(0, dtype=np.int64))
    assert score_songs(nothing, nothing, truth).shape == (0, 5)
    assert count_matches(nothing, nothing).shape == (0,)
