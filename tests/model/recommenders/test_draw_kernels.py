import numpy as np

from model.ragged import IntArray, Ragged
from model.recommenders.base import Room
from model.recommenders.draw_kernels import (
    STEP,
    draw_from_pools,
    draw_known,
    mix,
    rank_places,
    take_ranked,
)

SEEDS = Ragged.of([[0], [1]])
POOLS = Ragged.of([[0, 2, 4, 6, 8], [1]])


def test_numbers_are_those_of_splitmix64() -> None:
    # The first numbers for seed 1234567, as the authors' program in C prints them.
    with np.errstate(over="ignore"):
        counters = [np.uint64(1234567) + np.uint64(place) * STEP for place in range(1, 4)]
    assert [int(mix(counter)) for counter in counters] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


def draw(numbers: list[int], lengths: list[int]) -> list[list[int]]:
    room = Room.make(9, np.array(lengths))
    draw_from_pools(
        SEEDS.indptr,
        SEEDS.values,
        SEEDS.indptr,
        SEEDS.values,
        POOLS.indptr,
        POOLS.values,
        np.array(numbers),
        np.array(lengths),
        0,
        room.marks,
        np.empty(5, dtype=np.int32),
        room.indptr,
        room.songs,
    )
    return [room.lists[row].tolist() for row in range(2)]


def draw_for_many(known: IntArray, n: int, length: int) -> IntArray:
    """Draw for seeds of their own that are not known: as many rows."""
    lowest = int(known.max()) + 1
    seeds, lengths = Ragged.of([[lowest + row] for row in range(n)]), np.full(n, length)
    room = Room.make(lowest + n, lengths)
    draw_known(seeds.indptr, seeds.values, known, lengths, 0, *room)
    assert room.lists.lengths.tolist() == lengths.tolist()
    return room.songs.reshape(n, length)


def test_all_that_is_left_of_a_pool_is_drawn_where_it_is_too_small() -> None:
    first, second = draw([0, 1], [9, 9])
    assert sorted(first) == [2, 4, 6, 8]
    assert second == []


def test_no_more_is_drawn_than_asked_for() -> None:
    first, second = draw([0, 0], [2, -1])
    assert len(set(first)) == 2
    assert set(first) <= {2, 4, 6, 8}
    assert second == []


def test_a_longer_draw_goes_on_where_a_shorter_one_ends() -> None:
    assert draw([0, 0], [4, 5])[0][:2] == draw([0, 0], [2, 5])[0]


def test_every_order_of_a_pool_comes_up_as_often() -> None:
    orders = draw_for_many(np.arange(3), 6000, 3) @ np.array([9, 3, 1])
    counts = np.unique(orders, return_counts=True)[1]
    # Six orders, 1,000 times each, with a standard deviation of sqrt(6,000 * 1/6 * 5/6) = 28.9.
    assert len(counts) == 6
    assert abs(counts - 1000).max() < 4.5 * 28.9


def test_few_songs_of_many_are_each_as_likely_as_any_other() -> None:
    drawn = draw_for_many(np.arange(0, 40, 2), 5000, 4)
    assert all(len(set(row)) == 4 for row in drawn.tolist())
    counts = np.bincount(drawn.ravel())[::2]
    # 5,000 * 4 / 20 = 1,000 each, with sqrt(5,000 * 1/5 * 4/5) = 28.3.
    assert abs(counts - 1000).max() < 4.5 * 28.3


def test_ranked_songs_are_taken_in_order_until_there_are_no_more() -> None:
    taken, lengths = Ragged.of([[3], [], [3, 1]]), np.array([2, 0, 9])
    room = Room.make(4, lengths)
    take_ranked(taken.indptr, taken.values, np.array([3, 1, 2]), lengths, *room)
    assert [room.lists[row].tolist() for row in range(3)] == [[1, 2], [], [2]]


def test_places_are_scored_evenly_down_to_one_in_length() -> None:
    scores = np.empty(3)
    rank_places(np.array([0, 2, 2, 3]), scores)
    assert scores.tolist() == [1, 0.5, 1]
