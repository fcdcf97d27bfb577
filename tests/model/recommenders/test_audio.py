import numpy as np

from model.ragged import Ragged
from model.recommenders.audio import AudioNeighbours, scaled_features
from model.recommenders.base import Training


def made_up(values):
    return Training(
        playlist_ids=np.arange(1),
        names=["a"],
        num_followers=np.ones(1, dtype=np.int64),
        playlists=Ragged.of([list(range(len(values) - 1))]),
        songs=np.array(values, dtype=np.float64)[:, None],
    )


def test_the_nearest_come_first():
    audio = AudioNeighbours().fit(made_up([0.0, 0.1, 0.9, np.nan, 0.0]))
    songs, scores = audio.recommend(Ragged.of([[1], [3]]), n=3)
    assert songs[0].tolist() == [0, 2, 3]
    assert scores[2] == 0
    # Nothing is known of the only seed: the back-off answers.
    assert songs[1].tolist() == [0, 1, 2]


def test_songs_outside_the_training_playlists_set_no_scale():
    # Mean and deviation of 0 and 2 are 1 and 1; the third is in no playlist.
    assert scaled_features(made_up([0.0, 2.0, 100.0])).ravel().tolist() == [-1, 1, 99]
