import numpy as np

from model.ragged import Ragged
from model.recommenders.backoff import Backoff
from model.recommenders.base import Training
from model.recommenders.groups import Groups
from model.recommenders.holdings import counted, inverse_frequency, songs_of_groups
from model.recommenders.spreading import Weighted
from model.recommenders.threads import in_threads, one_blas_thread

TRAIN = Training(
    playlist_ids=np.arange(3),
    names=["a", "b", "c"],
    num_followers=np.ones(3, dtype=np.int64),
    playlists=Ragged.of([[0, 1], [1, 2], [1]]),
    songs=np.zeros((5, 12)),
)


def test_what_is_missing_is_filled_by_popularity_without_seeds_and_what_was_found():
    backoff = Backoff.of(TRAIN)
    found = Weighted.of(Ragged.of([[2], []]), np.array([0.5]), 5)
    songs, scores = backoff.fill(found, Ragged.of([[1], [4]]), 9)
    assert [songs[row].tolist() for row in range(2)] == [[2, 0], [1, 0, 2]]
    assert scores.tolist() == [0.5, 0, 0, 0, 0]


def test_songs_of_a_group_are_shares_of_its_entries():
    # Of artist 0's four entries song 1 has three, song 0 one; the larger artist weighs 1.
    songs = songs_of_groups(TRAIN, Groups.of(np.array([0, 0, 1, 1, -1])), power=1.0)
    assert songs.matrix.toarray().tolist() == [[0.25, 0.75, 0, 0, 0], [0, 0, 0.25, 0, 0]]


def test_unknown_groups_are_not_counted():
    counts = counted(Ragged.of([[0, 4], [4]]), Groups.of(np.array([0, 0, 1, 1, -1])))
    assert counts.lists.lengths.tolist() == [1, 0]


def test_the_rarer_the_more_it_weighs():
    weights = inverse_frequency(np.array([0, 1, 3]), 3)
    assert weights[0] == 0
    assert weights[1] > weights[2] > 0


def test_threads_take_each_row_once_in_order():
    with one_blas_thread():
        parts = in_threads(lambda first, stop: list(range(first, stop)), 100)
    assert [row for part in parts for row in part] == list(range(100))
    assert in_threads(lambda first, stop: stop - first, 0) == [0]
