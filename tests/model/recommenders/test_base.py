import numpy as np
import pytest

from model.errors import InputError
from model.ragged import Ragged
from model.recommenders.base import (
    LONGEST_LIST,
    Room,
    Training,
    check_asked,
    rank_by_popularity,
    rank_scores,
    wanted,
)


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


@pytest.mark.parametrize("n", [2**40, np.uint64(2**63 + 5)])
def test_more_than_any_list_can_hold_is_as_good_as_all(n) -> None:
    assert wanted(Ragged.of([[0]]), n).tolist() == [LONGEST_LIST]


@pytest.mark.parametrize("n", [[1, 2, 3], [[1], [2]], [], 1.0, -1, [1, -1], "7"])
def test_lengths_that_are_not_one_for_each_playlist_are_refused(n) -> None:
    with pytest.raises(InputError, match="expected"):
        wanted(Ragged.of([[0], [1]]), n if isinstance(n, str) else np.array(n))


@pytest.mark.parametrize("kind", [np.float64, np.uint32, np.bool_])
def test_seeds_that_are_no_signed_whole_numbers_are_refused(kind) -> None:
    seeds = Ragged(np.array([0, 1]), np.array([1], dtype=kind))
    with pytest.raises(InputError, match="expected numbers of songs as int32 or int64"):
        check_asked(seeds, None, 2)


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
