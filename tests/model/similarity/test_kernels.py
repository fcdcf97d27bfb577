import numpy as np
import pytest

from model.ragged import Ragged
from model.similarity.interactions import Interactions
from model.similarity.kernels import Slots, close_gaps, find_symmetric
from model.similarity.weighting import COUNT


@pytest.fixture
def slots() -> Slots:
    """Room for two partners of each of three songs."""
    return Slots(
        np.array([0, 2, 4, 6]),
        np.zeros(3, dtype=np.int64),
        np.full(6, -1, dtype=np.int32),
        np.full(6, -1, dtype=np.int32),
        np.full(6, -1, dtype=np.float32),
    )


def test_only_the_slots_of_the_ranks_asked_for_are_filled(slots: Slots) -> None:
    held = Interactions.of(Ragged.of([[0, 1], [0, 1], [0, 2]]), 3)
    # Ranks are song numbers here: song 0 stands in three playlists, 1 in two, 2 in one.
    find_symmetric(0, 1, held.lists, COUNT.weights(held), slots, 2, 1)
    assert slots.lengths.tolist() == [2, 0, 0]
    assert slots.songs.tolist() == [1, 2, -1, -1, -1, -1]
    assert slots.counts.tolist() == [2, 1, -1, -1, -1, -1]
    find_symmetric(2, 3, held.lists, COUNT.weights(held), slots, 2, 1)
    assert slots.songs.tolist() == [1, 2, -1, -1, 0, -1]


def test_gaps_are_closed_in_order(slots: Slots) -> None:
    slots.lengths[:] = [1, 0, 2]
    slots.songs[:] = [5, -1, -1, -1, 6, 7]
    slots.counts[:] = [1, -1, -1, -1, 2, 3]
    slots.scores[:] = [0.5, -1, -1, -1, 0.25, 0.125]
    assert close_gaps(slots) == 3
    assert slots.songs[:3].tolist() == [5, 6, 7]
    assert slots.counts[:3].tolist() == [1, 2, 3]
    assert slots.scores[:3].tolist() == [0.5, 0.25, 0.125]
