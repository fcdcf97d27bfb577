import numpy as np
import pytest

from model.ragged import Ragged
from model.scoring import Truth, count_matches, finish_rows, score_features, score_songs


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
