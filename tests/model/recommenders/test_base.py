import numpy as np

from model.ragged import Ragged
from model.recommenders.base import Room, Training, rank_by_popularity, rank_scores, wanted


def test_popularity_counts_playlists_not_entries() -> None:
    train = Training(
        playlist_ids=np.arange(2),
        names=["a", "b"],
        num_followers=np.ones(2, dtype=np.int64),
        playlists=Ragged.of([[0, 0, 1], [1]]),
        songs=np.zeros((3, 12)),
    )
    assert train.popularity().tolist() == [1, 2, 0]


def test_one_length_is_spread_over_all_playlists() -> None:
    assert wanted(Ragged.of([[0], [1]]), 7).tolist() == [7, 7]


def test_rank_scores_fall_evenly_within_each_list() -> None:
    assert rank_scores(Ragged.of([[9, 8, 7, 6], [], [5]])).tolist() == [1, 0.75, 0.5, 0.25, 1]


def test_songs_by_popularity_are_those_that_some_playlist_holds() -> None:
    # Three playlists hold song 2, one each 0 and 3: by their numbers.
    assert rank_by_popularity(np.array([1, 0, 3, 1])).tolist() == [2, 0, 3]


def test_room_left_is_no_part_of_the_lists() -> None:
    room = Room.make(3, np.array([2, -1, 4]))
    assert len(room.songs) == 6
    room.songs[:3], room.indptr[:] = [7, 8, 9], [0, 1, 1, 3]
    assert [room.lists[row].tolist() for row in range(3)] == [[7], [], [8, 9]]
