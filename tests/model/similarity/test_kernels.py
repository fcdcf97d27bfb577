import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.ragged import Ragged
from model.similarity.interactions import Interactions
from model.similarity.kernels import SPARE, Room, _throw_out, find_directional, find_symmetric
from model.similarity.weighting import COUNT


@pytest.fixture
def room() -> Room:
    """Room for six partners of two songs."""
    return Room(
        np.full(3, 0, dtype=np.int64),
        np.full(6, -1, dtype=np.int32),
        np.full(6, -1, dtype=np.int32),
        np.full(6, -1, dtype=np.float32),
    )


def test_a_run_of_songs_is_found_end_to_end(room: Room) -> None:
    held = Interactions.of(Ragged.of([[0, 1], [0, 1], [0, 2]]), 3)
    find_symmetric(0, 2, held.lists, COUNT.weights(held), room, 2, 1)
    # Song 0 meets 1 twice and 2 once; song 1 meets 0 twice.
    assert room.indptr.tolist() == [0, 2, 3]
    assert room.songs.tolist() == [1, 2, 0, -1, -1, -1]
    assert room.counts.tolist() == [2, 1, 2, -1, -1, -1]
    assert room.scores.tolist() == [2, 1, 2, -1, -1, -1]


def test_rows_of_a_run_of_songs_are_found_end_to_end(room: Room) -> None:
    held = Interactions.of(Ragged.of([[0, 1], [0, 1], [1, 0]]), 2, repeats=True)
    find_directional(0, 2, held.lists, room, 2, 1)
    # (0, 1) twice, (1, 0) once, for either song.
    assert room.indptr.tolist() == [0, 2, 4]
    assert room.songs.tolist() == [1, 1, 0, 0, -1, -1]
    assert room.counts.tolist() == [2, 1, 2, 1, -1, -1]


def test_more_candidates_than_are_held_at_once_lose_none_of_the_best() -> None:
    # Song 0 meets song i in as many playlists as i % 50 has ones in binary, plus one.
    n_songs = 4 * SPARE
    shared = [(i % 50).bit_count() + 1 for i in range(1, n_songs)]
    lists = [[0, song + 1] for song, count in enumerate(shared) for _ in range(count)]
    held = Interactions.of(Ragged.of(lists), n_songs)
    room = Room(np.zeros(2, np.int64), *(np.zeros(9, t) for t in (np.int32, np.int32, np.float32)))
    find_symmetric(0, 1, held.lists, COUNT.weights(held), room, 9, 1)
    best = sorted(range(1, n_songs), key=lambda song: (-shared[song - 1], song))[:9]
    assert room.songs.tolist() == best


@given(st.lists(st.integers(0, 2**62), min_size=1, max_size=60, unique=True), st.data())
def test_the_highest_keys_are_kept_the_lowest_of_them_first(
    values: list[int], data: st.DataObject
) -> None:
    k = data.draw(st.integers(1, len(values)))
    keys = np.array(values, dtype=np.int64)
    assert _throw_out(keys, len(values), k) == k
    expected = sorted(values)[-k:]
    assert sorted(keys[:k].tolist()) == expected
    assert keys[0] == expected[0]
