import numpy as np

from model.ragged import Ragged
from model.recommenders.base import Training
from model.recommenders.sequels import Sequels

TRAIN = Training(
    playlist_ids=np.arange(2),
    names=["a", "b"],
    num_followers=np.ones(2, dtype=np.int64),
    playlists=Ragged.of([[0, 1, 2], [1, 3]]),
    songs=np.zeros((5, 12)),
)


def test_what_follows_counts_by_its_distance_and_what_precedes_less():
    sequels = Sequels(reach=2, behind=0.5, damping=0.0).fit(TRAIN)
    near = sequels.near_.matrix.toarray()
    assert near[0].tolist() == [0, 1, 0.5, 0, 0]
    # Of song 1: 0 stands before it, 2 and 3 behind it.
    assert near[1].tolist() == [0.5, 0, 1, 1, 0]
    assert near[2].tolist() == [0.25, 0.5, 0, 0, 0]


def test_the_last_seed_counts_most():
    sequels = Sequels(fade=0.5, damping=0.0, behind=0.0, reach=1).fit(TRAIN)
    songs, scores = sequels.recommend(Ragged.of([[1, 0], [0, 1]]), n=2)
    # Seeds 1, 0: what follows 1 has 0.5; what follows 0 is a seed. Seeds 0, 1: 1 each.
    assert songs[0].tolist() == [2, 3]
    assert scores.tolist() == [0.5, 0.5, 1, 1]
