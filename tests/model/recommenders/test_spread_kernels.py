import numpy as np
import pytest

from model.recommenders.spread_kernels import (
    pack,
    sum_best,
    unpack_best,
)


def ints(*numbers):
    return np.array(numbers, dtype=np.int64)


def songs(*numbers):
    return np.array(numbers, dtype=np.int32)


def weights(*numbers):
    return np.array(numbers, dtype=np.float32)


def test_keys_ascend_with_the_score_and_then_with_lower_numbers():
    keys = [pack(score, number) for score, number in [(0.5, 0), (1.5, 7), (1.5, 3), (2.0, 9)]]
    assert keys == sorted(keys)


def test_the_highest_keys_are_unpacked_behind_what_is_there():
    keys = ints(*(pack(score, number) for score, number in [(1.5, 3), (2.0, 7), (1.5, 1)]))
    found, scores = songs(5, 0, 0, 0), weights(9, 0, 0, 0)
    assert unpack_best(keys, 2, 1, found, scores) == 3
    assert found.tolist() == [5, 7, 1, 0]
    assert scores.tolist() == [9, 2, 1.5, 0]


@pytest.mark.parametrize("n_keys", [1, 2, 300, 5_000])
@pytest.mark.parametrize("limit", [1, 100, 4_000])
def test_the_best_of_many_keys_come_in_order(n_keys, limit):
    rng = np.random.default_rng(n_keys)
    # Few different scores, so that many ties go to the lower number; numbers up to the highest.
    values = rng.choice(weights(1e-30, 0.5, 0.5000001, 3, 1e30), n_keys)
    numbers = rng.choice(2**31 - 1, n_keys, replace=False)
    keys = ints(*(pack(score, number) for score, number in zip(values, numbers, strict=True)))
    found, scores = songs(*[0] * limit), weights(*[0] * limit)
    size = unpack_best(keys, limit, 0, found, scores)
    best = np.lexsort((numbers, -values))[:limit]
    assert size == len(best)
    assert found[:size].tolist() == numbers[best].tolist()
    assert scores[:size].tolist() == values[best].tolist()


def test_a_limit_of_none_or_below_unpacks_nothing():
    found, scores = songs(5), weights(9)
    for limit in (0, -1):
        assert unpack_best(ints(pack(1.0, 2)), limit, 1, found, scores) == 1
    assert found.tolist() == [5]


def test_sums_of_the_lists_that_a_row_names_are_kept_from_the_best():
    indptr, found, scores = ints(0, 0, 0), songs(*[-1] * 4), weights(*[0] * 4)
    marks, sums = songs(*[0] * 5), np.zeros(5)
    sum_best(
        ints(0, 2, 4),
        songs(0, 1, 0, 1),
        weights(2, 1, 1, -1),
        ints(0, 2, 4),
        songs(1, 2, 1, 3),
        weights(0.5, 1, 1, 4),
        ints(0, 0, 1),
        songs(2),
        ints(2, 2),
        marks,
        songs(*[0] * 5),
        sums,
        ints(*[0] * 5),
        indptr,
        found,
        scores,
    )
    # First row: 1 has 2 / 2 + 1, 2 has 2, 3 has 4. Second: 2 is taken, what is below 0 left out.
    assert indptr.tolist() == [0, 2, 3]
    assert found[:3].tolist() == [3, 1, 1]
    assert scores[:3].tolist() == [4, 2, 0.5]
    assert not marks.any()
    assert not sums.any()
