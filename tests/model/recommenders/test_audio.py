import numpy as np
import pytest

from model.ragged import Ragged
from model.recommenders.audio import AudioNeighbours, scaled_features
from model.recommenders.base import Training


def made_up(values, *more_lists):
    lists = [list(range(len(values) - 1)), *more_lists]
    return Training(
        playlist_ids=np.arange(len(lists)),
        names=["a"] * len(lists),
        num_followers=np.ones(len(lists), dtype=np.int64),
        playlists=Ragged.of(lists),
        songs=np.array(values, dtype=np.float64)[:, None],
    )


def test_the_nearest_come_first():
    audio = AudioNeighbours().fit(made_up([0.0, 0.1, 0.9, np.nan, 0.0]))
    songs, scores = audio.recommend(Ragged.of([[1], [3]]), n=3)
    assert songs[0].tolist() == [0, 2, 3]
    assert scores[2] == 0
    # Nothing is known of the only seed: the back-off answers.
    assert songs[1].tolist() == [0, 1, 2]


def test_a_score_falls_with_the_distance_and_grows_with_the_playlists():
    # Mean and deviation of 0 and 2 are 1 and 1: the two are 2 deviations apart.
    train = made_up([0.0, 2.0, 9.0], [1])
    _, scores = (
        AudioNeighbours(width=1.5, popularity=0.5).fit(train).recommend(Ragged.of([[0]]), n=1)
    )
    assert scores.tolist() == pytest.approx([np.exp(-(2**2) / (2 * 1.5**2)) * 2**0.5], rel=1e-6)


def test_songs_outside_the_training_playlists_set_no_scale():
    # Mean and deviation of 0 and 2 are 1 and 1; the third is in no playlist.
    assert scaled_features(made_up([0.0, 2.0, 100.0])).ravel().tolist() == [-1, 1, 99]
