import numpy as np

from model.ragged import Ragged
from model.recommenders.base import Room
from model.recommenders.walk_kernels import extend_lists, walk_lists

SIMILAR = Ragged.of([[1, 2], [0, 3], [4], [], []])
NONE = Ragged.of([[], []])


def walk(starts: Ragged, lengths: list[int], k: int) -> Ragged:
    room = Room.make(5, np.array(lengths))
    walk_lists(
        starts.indptr,
        starts.values,
        NONE.indptr,
        NONE.values,
        SIMILAR.indptr,
        SIMILAR.values,
        k,
        np.array(lengths),
        *room,
    )
    return room.lists


def test_each_list_is_walked_with_marks_of_its_own() -> None:
    found = walk(Ragged.of([[0], [0]]), [2, 9], 10)
    assert [found[0].tolist(), found[1].tolist()] == [[1, 2], [1, 2, 3, 4]]


def test_no_more_is_looked_up_of_each_song_than_asked_for() -> None:
    found = walk(Ragged.of([[0], [2]]), [9, 9], 1)
    # Of 0 song 1 alone, of 1 song 0 alone, which is known; of 2 song 4.
    assert [found[0].tolist(), found[1].tolist()] == [[1], [4]]


def test_extended_lists_begin_with_what_they_were() -> None:
    lists, room = Ragged.of([[1], [3, 2]]), Room.make(5, np.array([50, 50]))
    extend_lists(
        lists.indptr, lists.values, SIMILAR.indptr, SIMILAR.values, np.array([1, 9]), *room
    )
    # 0 and 3 follow 1, which makes more than 1 song; nothing follows 3, and 4 follows 2.
    assert [room.lists[0].tolist(), room.lists[1].tolist()] == [[1, 0, 3], [3, 2, 4]]
