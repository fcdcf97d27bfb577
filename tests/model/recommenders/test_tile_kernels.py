import numpy as np
import pytest

from model.ragged import Ragged
from model.recommenders.spreading import Weighted
from model.recommenders.tile_kernels import (
    SAMPLED,
    WIDTH,
    dot_lists,
    keep_best,
    share_out,
)


def tile(*columns):
    """Put a number of each of some rows side by side, and nothing for the others of a tile."""
    made = np.zeros((len(columns), WIDTH), dtype=np.float32)
    if columns:
        made[:, : len(columns[0])] = columns
    return made


def test_a_tile_is_multiplied_with_lists_of_its_columns():
    # Lists: columns 0 and 2; none; column 1.
    lists = Weighted.of(Ragged.of([[0, 2], [], [1]]), np.array([10, 0.5, 3]), 3)
    products = np.full((3, WIDTH), -1, dtype=np.float32)
    dot_lists(lists.indptr, lists.numbers, lists.weights, tile([1, 0], [2, 1], [4, 0]), products)
    assert products.tolist() == tile([12, 0], [0, 0], [6, 3]).tolist()


def test_every_row_of_a_tile_is_multiplied_alike():
    rng = np.random.default_rng(0)
    wide = rng.random((50, WIDTH), np.float32)
    lists = Weighted.of(
        Ragged.of([rng.permutation(50)[:n].tolist() for n in range(9)]), [1] * 36, 50
    )
    products = np.empty((9, WIDTH), dtype=np.float32)
    dot_lists(lists.indptr, lists.numbers, lists.weights, wide, products)
    assert products == pytest.approx(lists.matrix @ wide, rel=1e-6)


def test_groups_share_out_their_values():
    scores = np.empty((3, WIDTH), dtype=np.float32)
    shares = np.array([0.5, 1, 0.25], dtype=np.float32)
    share_out(tile([1, 4], [2, 8]), np.array([1, 0, 1]), shares, scores)
    assert scores.tolist() == tile([1, 4], [1, 4], [0.5, 2]).tolist()


def kept(values, numbers, *, limit, taken=None):
    """Keep the best of each row of a tile; check that what was borrowed is left as it was."""
    values, marks = np.asarray(values, dtype=np.float32), np.zeros(10_000, dtype=np.int32)
    taken = taken or Ragged.of([[]] * len(values))
    limits = np.full(len(values), limit)
    room = Weighted.with_room(limits, 10_000)
    size = keep_best(
        tile(*values.T),
        np.asarray(numbers, dtype=np.int64),
        taken.indptr,
        taken.values,
        limits,
        marks,
        np.empty((WIDTH, len(numbers)), dtype=np.int64),
        0,
        room.indptr,
        room.numbers,
        room.weights,
    )
    assert not marks.any()
    assert size == room.indptr[-1]
    return room.trimmed()


@pytest.mark.parametrize("n_rows", [1, 3, WIDTH])
def test_each_row_keeps_its_best_but_what_is_taken(n_rows):
    values = [[0.5, 0, 2 + row] if row % 2 == 0 else [1, 1, -1] for row in range(n_rows)]
    taken = Ragged.of([[0] if row % 2 == 0 else [] for row in range(n_rows)])
    found = kept(values, [4, 2, 0], limit=1, taken=taken)
    # Of even rows 0 is taken; of odd ones 4 and 2 tie, and 0 has less than nothing.
    assert found.numbers.tolist() == [4 if row % 2 == 0 else 2 for row in range(n_rows)]
    assert found.weights.tolist() == [0.5 if row % 2 == 0 else 1 for row in range(n_rows)]


def test_what_is_taken_of_one_row_is_kept_of_the_others():
    found = kept(np.ones((3, 2)), [7, 5], limit=9, taken=Ragged.of([[5], [7], []]))
    assert [found.lists[row].tolist() for row in range(3)] == [[7], [5], [5, 7]]


@pytest.mark.parametrize("high", [slice(0, None, SAMPLED), slice(1, None, SAMPLED), slice(0, 40)])
@pytest.mark.parametrize("limit", [0, 1, 30, 500])
def test_high_values_that_a_sample_meets_alone_or_never_are_all_kept(high, limit):
    values = np.linspace(1, 2, 50 * SAMPLED, dtype=np.float32)
    values[high] += 10
    best = np.argsort(-values)
    taken = Ragged.of([[], [int(best[0])]])
    found = kept([values[::-1], values], np.arange(len(values)), limit=limit, taken=taken)
    assert found.lists[0].tolist() == (len(values) - 1 - best[:limit]).tolist()
    assert found.lists[1].tolist() == best[1 : limit + 1].tolist()


def test_the_highest_float_there_is_is_kept():
    highest = np.finfo(np.float32).max
    found = kept([[highest, 1, highest]], [1, 2, 3], limit=2)
    assert found.numbers.tolist() == [1, 3]


def test_where_there_are_no_numbers_nothing_is_kept():
    assert len(kept(np.empty((2, 0)), [], limit=4).numbers) == 0
